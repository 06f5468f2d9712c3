"""Faults of a service's text in the reader's words, each with its line."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.bpmn import DiagramError
from diwan.catalogue.queries.texts import Wrong

SHOWN: Final = 100
_SNIPPET: Final = 120
_FSI, _PDI = "\u2068", "\u2069"


def fault_lines(faults: Sequence[Wrong], text: str) -> list[dict[str, Any]]:
    """What a page and the editor show of each fault. `line` is 0 where nothing of the text is meant, and the last one
    for what is missing behind it; a message that is known in English only says so (`lang`)."""
    lines = text.splitlines()
    return [_line(fault, lines) for fault in faults[:SHOWN]]


def diagram_faults(error: DiagramError) -> list[dict[str, Any]]:
    """What stands in the way of a diagram, each with the line of its file (0: of none). Names and ids of elements are
    set apart from the words around them, whose direction may be another one."""
    return [
        {
            "line": fault.line or 0,
            "words": _(fault.message).format(
                **{name: f"{_FSI}{value}{_PDI}" for name, value in fault.params.items()}
            ),
        }
        for fault in error.faults[:SHOWN]
    ]


def _line(fault: Wrong, lines: list[str]) -> dict[str, Any]:
    own, at = not fault.file and fault.line > 0 and bool(lines), min(fault.line, len(lines))
    words, lang = fault.message, "en"
    if fault.said is not None:
        message, params = fault.said
        words, lang = _(message).format(**params), ""
    return {
        "line": at if own else 0, "words": words, "lang": lang,
        "path": ".".join(str(part) for part in fault.path), "file": fault.file,
        "snippet": lines[at - 1].strip()[:_SNIPPET] if own else "",
    }  # fmt: skip
