"""What lies at and around a point: the land use of its zone, and the nearest landmark of some kinds.

Zones are few and change by the year: each process keeps them in an index in memory, like the districts.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
from django.db.models import Count, Max
from pyproj import Geod
from shapely.strtree import STRtree

from diwan.places.models import Landmark, LandUse

_KEEP_SECONDS: Final = 60.0
_GEOD: Final = Geod(ellps="WGS84")
_METRES_A_DEGREE: Final = 111_320.0
"""Of latitude, and of longitude at the equator; only the box in which landmarks are looked for comes of it."""


@dataclass(slots=True)
class _Zones:
    until: float
    stamp: tuple[Any, ...]
    tree: STRtree
    rows: list[LandUse]


@dataclass(frozen=True, slots=True)
class Near:
    """A landmark with its distance in whole metres along the ground."""

    kind: str
    name_ar: str
    name_en: str
    metres: int


_zones: _Zones | None = None


def land_use_at(*, lat: float, lng: float, on: date) -> str | None:
    """The land use of the zone in which a WGS84 point lies on a date; None where none is recorded.

    Where zones overlap, the one recorded last counts.
    """
    zones = _current()
    found = [
        zones.rows[number] for number in zones.tree.query(shapely.Point(lng, lat), predicate="intersects")
    ]
    valid = [row for row in found if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)]
    return max(valid, key=lambda row: (row.valid_from, row.pk)).use if valid else None


def nearest(kinds: Iterable[str], *, lat: float, lng: float, within: int) -> Near | None:
    """The nearest landmark of these kinds within so many metres, or None."""
    north = within / _METRES_A_DEGREE
    east = north / max(0.01, math.cos(math.radians(lat)))
    rows = Landmark.objects.filter(
        kind__in=sorted(kinds), lat__range=(lat - north, lat + north), lng__range=(lng - east, lng + east)
    )
    found = [
        Near(row.kind, row.name_ar, row.name_en, round(_GEOD.inv(lng, lat, row.lng, row.lat)[2]))
        for row in rows
    ]
    return min((near for near in found if near.metres <= within), key=lambda near: near.metres, default=None)


def forget() -> None:
    """Drop the index in memory (after a load; in tests)."""
    global _zones
    _zones = None


def _current() -> _Zones:
    global _zones
    now = time.monotonic()
    if _zones is not None and _zones.until > now:
        return _zones
    facts = LandUse.objects.aggregate(count=Count("id"), last=Max("id"), ended=Count("valid_to"))
    stamp = tuple(facts.values())
    if _zones is not None and _zones.stamp == stamp:
        _zones.until = now + _KEEP_SECONDS
        return _zones
    rows = list(LandUse.objects.order_by("id"))
    tree = STRtree([shapely.from_wkb(bytes(row.shape)) for row in rows])
    _zones = _Zones(until=now + _KEEP_SECONDS, stamp=stamp, tree=tree, rows=rows)
    return _zones
