"""Rows with a shape, held by the process in a tree in memory.

Shapes are few (hundreds) and change by the year: news is asked for once a minute, so what lies at a point costs no
statement. The shape is read from the column `shape`, validity from `valid_from` and `valid_to`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

import shapely
from django.db.models import Count, Max, QuerySet
from shapely.strtree import STRtree

from diwan.places.models import DistrictShape, LandUse

_KEEP_SECONDS: Final = 60.0
_MOST_ASKED: Final = 256
RowT = TypeVar("RowT", DistrictShape, LandUse)


@dataclass(slots=True)
class _Held(Generic[RowT]):
    until: float
    stamp: tuple[Any, ...]
    tree: STRtree
    rows: list[RowT]
    asked: dict[tuple[float, float], list[RowT]] = field(default_factory=dict)
    """Answers to the last questions: the pin of one application is looked up several times."""


class ShapeIndex(Generic[RowT]):
    """What lies where, among the rows of one table."""

    def __init__(self, rows: Callable[[], QuerySet[RowT]]) -> None:
        self._query: Callable[[], QuerySet[RowT]] = rows
        self._held: _Held[RowT] | None = None

    def at(self, *, lat: float, lng: float, on: date) -> list[RowT]:
        """The rows in whose shape a WGS84 point lies and that hold on a day, in the order of the table."""
        held = self._current()
        found = held.asked.get((lat, lng))
        if found is None:
            numbers = held.tree.query(shapely.Point(lng, lat), predicate="intersects")
            found = [held.rows[number] for number in sorted(numbers)]
            if len(held.asked) >= _MOST_ASKED:
                held.asked.clear()
            held.asked[lat, lng] = found
        return [row for row in found if _holds(row, on)]

    def on(self, day: date) -> Sequence[RowT]:
        """Every row that holds on a day."""
        return [row for row in self._current().rows if _holds(row, day)]

    def forget(self) -> None:
        """Drop what is held (after a load; in tests)."""
        self._held = None

    def _current(self) -> _Held[RowT]:
        now, held = time.monotonic(), self._held
        if held is not None and held.until > now:
            return held
        rows = self._query()
        facts = rows.aggregate(count=Count("id"), last=Max("id"), ended=Count("valid_to"))
        stamp = tuple(facts.values())
        if held is not None and held.stamp == stamp:
            held.until = now + _KEEP_SECONDS
            return held
        read = list(rows.order_by("id"))
        tree = STRtree([shapely.from_wkb(bytes(row.shape)) for row in read])
        self._held = _Held(until=now + _KEEP_SECONDS, stamp=stamp, tree=tree, rows=read)
        return self._held


def _holds(row: DistrictShape | LandUse, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
