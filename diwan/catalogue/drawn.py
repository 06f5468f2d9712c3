"""The workflow of a service taken from a BPMN diagram: the rest of its text stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.bpmn import from_bpmn
from diwan.catalogue.source import CatalogueError, Source, Wrong, read_text
from diwan.catalogue.writing import as_yaml
from diwan.kit.errors import N_


def take_diagram(text: str, content: bytes) -> str:
    """The text of a service with the workflow that a BPMN file draws in place of its own, or after everything else.

    Raises `DiagramError` for a diagram that cannot be taken in, and CatalogueError for a text that is not read.
    """
    drawn = from_bpmn(content)
    written = read_text(text) if text.strip() else Source({})
    if not isinstance(written.data, Mapping):
        raise CatalogueError([Wrong(N_("A service is a list of keys with values."), (), "", 1)])
    whole = {**written.data, "workflow": drawn}
    begins = {str(path[0]): line - 1 for path, (_, line) in written.places.items() if len(path) == 1}
    made = _in_place(text, begins, as_yaml({"workflow": drawn}))
    return made if _says(made, whole) else as_yaml(whole)


def _in_place(text: str, begins: Mapping[str, int], block: str) -> str:
    """The text with the lines of its workflow replaced by the block. ``begins``: on which line each key of the service
    stands, from 0. Where keys share a line, are set in, or lean on an anchor inside of the workflow, what comes out is
    not the service that is meant: `_says` tells."""
    lines = text.splitlines(keepends=True)
    if "workflow" not in begins:
        return (text if not text or text.endswith("\n") else text + "\n") + block
    first = begins["workflow"]
    after = min((line for line in begins.values() if line > first), default=len(lines))
    while after > first + 1 and after < len(lines) and not _belongs(lines[after - 1]):
        after -= 1
    return "".join(lines[:first]) + block + "".join(lines[after:])


def _says(text: str, data: Mapping[str, Any]) -> bool:
    try:
        return bool(read_text(text).data == data)
    except CatalogueError:
        return False


def _belongs(line: str) -> bool:
    """Whether a line is part of what stands above it: no empty line, and no note at the margin."""
    return bool(line.strip()) and not line.startswith("#")
