"""BPMN 2.0 in and out. Pure: no Django, database or network; imports only `diwan.flow`, `diwan.rules` and `diwan.kit`.

::

    content = to_bpmn(table)                    # bytes of a file with its diagram; the same table, the same bytes
    definition = from_bpmn(content)             # plain data for `diwan.flow.compile_workflow`; DiagramError(faults)

For every table ``compile_workflow(from_bpmn(to_bpmn(table))) == table``, and writing it again gives the same bytes.
Files of other tools are taken in as far as they draw what a workflow can say; the rest is refused by the name and id of
the element. What stands for what, and what is left out, is listed in `docs/bpmn.md`.
"""

from __future__ import annotations

from typing import Any

from diwan.bpmn.drawing import draw
from diwan.bpmn.errors import DiagramError, DiagramFault
from diwan.bpmn.parsing import MOST_BYTES, parse
from diwan.bpmn.reading import Reading
from diwan.bpmn.writing import write
from diwan.flow import Table
from diwan.flow.definition import definition_of

UNNAMED_ROLE = "ROLE-TO-BE-NAMED"
"""Role of a human step whose lane names none; the catalogue refuses it until somebody is named."""


def to_bpmn(table: Table, *, language: str = "ar", titles: dict[str, str] | None = None) -> bytes:
    """The BPMN file of a workflow. ``language``: of the names in it; ``titles``: names of lanes by role code."""
    known = titles or {}
    return write(draw(definition_of(table), language=language, titles=lambda lane: known.get(lane, lane)))


def from_bpmn(content: bytes, *, role: str = UNNAMED_ROLE) -> dict[str, Any]:
    """The definition that a BPMN file draws. ``role``: of human steps whose lane is no role. Raises `DiagramError`."""
    return Reading(parse(content), role).definition()


__all__ = ["MOST_BYTES", "UNNAMED_ROLE", "DiagramError", "DiagramFault", "from_bpmn", "to_bpmn"]
