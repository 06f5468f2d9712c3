"""What lies at and around a point: the land use of its zone, and the nearest landmark of some kinds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyproj import Geod

from diwan.places.models import Landmark, LandUse
from diwan.places.shape_index import ShapeIndex

_GEOD: Final = Geod(ellps="WGS84")
_METRES_A_DEGREE: Final = 111_320.0
"""Of latitude, and of longitude at the equator; only the box in which landmarks are looked for comes of it."""


@dataclass(frozen=True, slots=True)
class Near:
    """A landmark with its distance in whole metres along the ground."""

    kind: str
    name_ar: str
    name_en: str
    metres: int


_zones: Final = ShapeIndex(LandUse.objects.all)


def land_use_at(*, lat: float, lng: float, on: date) -> str | None:
    """The land use of the zone in which a WGS84 point lies on a date; None where none is recorded.

    Where zones overlap, the one recorded last counts.
    """
    valid = _zones.at(lat=lat, lng=lng, on=on)
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
    """Drop the zones in memory (after a load; in tests)."""
    _zones.forget()
