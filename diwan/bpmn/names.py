"""Names of the BPMN 2.0 file format and of our own elements inside `extensionElements`."""

from __future__ import annotations

from typing import Final

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS: Final = "http://www.omg.org/spec/DD/20100524/DC"
EDGE: Final = "http://www.omg.org/spec/DD/20100524/DI"
OURS: Final = "urn:diwan:workflow:1"
CEL: Final = "https://cel.dev"
"""Language of the conditions."""

PREFIXES: Final = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": EDGE, "diwan": OURS}


def bpmn(name: str) -> str:
    """The full name of an element of the model."""
    return f"{{{MODEL}}}{name}"


def ours(name: str) -> str:
    """The full name of an element of ours."""
    return f"{{{OURS}}}{name}"
