"""In which order a crew drives: the urgent first, then always the nearest next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from diwan.modules.reports.places import metres

URGENT: Final = 1
"""The priority that goes before every other, wherever it lies."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of work: `lat` and `lng` in WGS84 degrees, None where nobody knows them; `due` None: no deadline runs."""

    key: int
    priority: int
    due: datetime | None
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop and the metres to it from the one before; None where a place is not known."""

    stop: Stop
    metres: float | None


def ordered(stops: Sequence[Stop], *, start: tuple[float, float] | None) -> list[Leg]:
    """The stops in the order of the drive from `start` (lat, lng); without a start by due moment.

    The urgent come first. Stops without a place close the row of their urgency, by due moment.
    """
    if start is None:
        return [
            Leg(stop, None) for stop in sorted(stops, key=lambda stop: (stop.priority != URGENT, *_due(stop)))
        ]
    legs: list[Leg] = []
    at = start
    for urgent in (True, False):
        row = [stop for stop in stops if (stop.priority == URGENT) is urgent]
        placed, at = _nearest_next([stop for stop in row if stop.lat is not None], at)
        legs += placed
        legs += [Leg(stop, None) for stop in sorted(row, key=_due) if stop.lat is None]
    return legs


def _nearest_next(stops: Sequence[Stop], at: tuple[float, float]) -> tuple[list[Leg], tuple[float, float]]:
    """The stops, each the nearest to the one before, and where the drive ends."""
    left, legs = sorted(stops, key=_due), []
    while left:
        far, place = min(
            (metres(*at, stop.lat or 0.0, stop.lng or 0.0), place) for place, stop in enumerate(left)
        )
        stop = left.pop(place)
        legs.append(Leg(stop, far))
        at = (stop.lat or 0.0, stop.lng or 0.0)
    return legs, at


def _due(stop: Stop) -> tuple[bool, float, int]:
    return stop.due is None, stop.due.timestamp() if stop.due else 0.0, stop.key
