"""The ways out of a step in its definition, as one list: each has a slot, a target, and what else is said about it.

A slot is ``(name,)`` or ``(name, key)``: ``("actions", "approve")``, ``("on_late",)``, ``("branches", 0)``. A diagram
draws a slot as a sequence flow; whatever a definition says besides stays with the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.flow.table import KINDS, ORIGIN

Plain = dict[str, Any]
Place = tuple[str, ...] | tuple[str, int]

LATE = ("on_late", "on_expired")
"""Slots that are taken when a deadline has passed."""
SINGLE = ("resume", "to", "no_quorum", "on_paid", "otherwise", "on_date", *LATE)
NAMED = ("actions", "outcomes")


@dataclass(frozen=True, slots=True)
class Slot:
    """One way out: where it stands, where it leads, what else it says (without ``to``)."""

    place: Place
    to: str
    own: Plain = field(default_factory=dict)


def fits(place: tuple[str, ...]) -> bool:
    """Whether a place read from a file is one of a slot."""
    return (
        (len(place) == 2)
        if place[0] in NAMED
        else (len(place) == 1 and place[0] in (*SINGLE, "branches", "start"))
    )


def is_own(own: Mapping[str, Any]) -> bool:
    """Whether what a file says of a step can be what `take` leaves: its kind, and no way out but that to the origin."""
    ways = {*SINGLE, *NAMED, "branches"} & set(own)
    silence = own.get("silence")
    return (
        own.get("kind") in KINDS
        and (not ways or (ways == {"resume"} and own["resume"] == ORIGIN))
        and (silence is None or (isinstance(silence, Mapping) and isinstance(silence.get("outcome"), str)))
    )


def take(step: Mapping[str, Any]) -> tuple[Plain, list[Slot]]:
    """Part a step's definition into what is its own and its ways out, in their order."""
    own = {key: value for key, value in step.items() if key not in (*SINGLE, *NAMED, "branches")}
    return own, list(_slots(step))


def _slots(step: Mapping[str, Any]) -> Iterator[Slot]:
    for name, value in step.items():
        if name in SINGLE:
            yield _slot((name,), value)
        elif name in NAMED:
            for key, item in value.items():
                yield _slot((name, key), item)
        elif name == "branches":
            for index, item in enumerate(value):
                yield _slot((name, index), item)


def _slot(place: Place, value: Any) -> Slot:
    if isinstance(value, str):
        return Slot(place, value)
    return Slot(place, str(value["to"]), {key: item for key, item in value.items() if key != "to"})


def put(step: Plain, slot: Slot) -> bool:
    """Write a way out into a step's definition; False when its slot is taken already."""
    name = str(slot.place[0])
    value: Any = {"to": slot.to, **slot.own} if slot.own or name in (*NAMED, "branches") else slot.to
    if name == "outcomes" and not slot.own:
        value = slot.to
    if name == "branches":
        step.setdefault(name, []).append(value)
        return True
    if name in NAMED:
        there = step.setdefault(name, {})
        if slot.place[1] in there:
            return False
        there[slot.place[1]] = value
        return True
    if name in step:
        return False
    step[name] = value
    return True
