"""Faults of a service's text in the reader's words, each with its line."""

from collections.abc import Sequence
from typing import Any, Final

from diwan.bpmn import DiagramError
from diwan.catalogue.queries.texts import Wrong
from diwan.kit.errors import Problem
from diwan.ui.saying import say

SHOWN: Final = 100
_SNIPPET: Final = 120
_FSI, _PDI = "\u2068", "\u2069"


def fault_lines(faults: Sequence[Wrong], text: str) -> list[dict[str, Any]]:
    """What a page and the editor show of each fault. `line` is 0 where nothing of the text is meant, and the last one
    for what is missing behind it."""
    lines = text.splitlines()
    return [_line(fault, lines) for fault in faults[:SHOWN]]


def diagram_faults(error: DiagramError) -> list[dict[str, Any]]:
    """What stands in the way of a diagram, each with the line of its file (0: of none)."""
    return [
        {"line": fault.line or 0, "words": say(_apart(Problem(fault.code, fault.message, fault.params)))}
        for fault in error.faults[:SHOWN]
    ]


def _line(fault: Wrong, lines: list[str]) -> dict[str, Any]:
    own, at = not fault.file and fault.line > 0 and bool(lines), min(fault.line, len(lines))
    return {
        "line": at if own else 0, "words": say(_apart(fault.problem)),
        "path": ".".join(str(part) for part in fault.path), "file": fault.file,
        "snippet": lines[at - 1].strip()[:_SNIPPET] if own else "",
    }  # fmt: skip


def _apart(problem: Problem) -> Problem:
    """Names from the text are set apart from the words around them, whose direction may be another one."""
    params = {
        name: _apart(value) if isinstance(value, Problem) else f"{_FSI}{value}{_PDI}"
        for name, value in problem.params.items()
    }
    return problem._replace(params=params)
