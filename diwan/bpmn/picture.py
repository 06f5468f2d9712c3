"""A workflow as nodes and flows, between its definition and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.bpmn.slots import Slot

Plain = dict[str, Any]

EVENTS = frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})


@dataclass(frozen=True, slots=True)
class Node:
    """One shape.

    ``step``: the key of the step that it stands for; ``own``: what the step says besides its ways out. ``drawn``: why
    we drew a shape that stands for no step (``outcomes``, ``origins``, ``merge``, ``late``, ``start``). ``host``:
    the node at whose edge it sits. ``timer``: when a deadline passes, as text. ``message``: what it waits for.
    ``calls``: the service of which it opens a case.
    """

    id: str
    element: str
    lane: str
    name: str = ""
    step: str | None = None
    own: Plain = field(default_factory=dict)
    drawn: str | None = None
    host: str | None = None
    timer: str | None = None
    message: str | None = None
    calls: str | None = None
    terminates: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow. ``slot`` is None for an arrow that follows from others and is drawn only."""

    id: str
    source: str
    target: str
    name: str = ""
    slot: Slot | None = None
    condition: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole: lanes by key with their names, in the order in which they are drawn."""

    key: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: Mapping[str, str]
    whole: Plain = field(default_factory=dict)
    """What the definition says of the whole case."""
