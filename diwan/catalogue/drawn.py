"""The workflow of a service taken from a BPMN diagram: the rest of its text stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from diwan.bpmn import from_bpmn
from diwan.catalogue.source import CatalogueError, Wrong, read_text
from diwan.catalogue.writing import as_yaml


def take_diagram(text: str, content: bytes) -> str:
    """The text of a service with the workflow that a BPMN file draws in place of its own, or after everything else.

    Raises `DiagramError` for a diagram that cannot be taken in, and CatalogueError for a text that is not read.
    """
    drawn = from_bpmn(content)
    data = read_text(text).data if text.strip() else {}
    if not isinstance(data, Mapping):
        raise CatalogueError([Wrong("a service is a list of keys with values", (), "", 1)])
    lines = text.splitlines(keepends=True)
    begins = _lines_of_keys(text)
    if begins is None:
        return as_yaml({**data, "workflow": drawn})
    block = as_yaml({"workflow": drawn})
    if "workflow" not in begins:
        whole = "".join(lines)
        return (whole if not whole or whole.endswith("\n") else whole + "\n") + block
    first = begins["workflow"]
    after = min((line for line in begins.values() if line > first), default=len(lines))
    while after > first + 1 and after < len(lines) and not _belongs(lines[after - 1]):
        after -= 1
    return "".join(lines[:first]) + block + "".join(lines[after:])


def _belongs(line: str) -> bool:
    """Whether a line is part of what stands above it: no empty line, and no note at the margin."""
    return bool(line.strip()) and not line.startswith("#")


def _lines_of_keys(text: str) -> dict[str, int] | None:
    """On which line each key of the service begins, from 0; None where several may stand on one line."""
    found: Any = YAML(typ="rt").load(text) if text.strip() else CommentedMap()
    if not isinstance(found, CommentedMap) or (found and found.fa.flow_style()):
        return None
    return {str(key): int(found.lc.key(key)[0]) for key in found}
