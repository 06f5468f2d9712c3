"""Where a point lies, what lies around it, and streets and landmarks by name.

District shapes are few (hundreds) and change by the year: each process keeps them in an index in memory and asks for
news once a minute, so locating a point costs no statement.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import shapely
from django.db.models import Count, Max, Q
from shapely.strtree import STRtree

from diwan.kit.arabic import normalise
from diwan.places.models import District, DistrictShape, Landmark, Street
from diwan.places.surroundings import Near, land_use_at, nearest

__all__ = [
    "Named", "Near", "Place", "districts", "districts_geojson", "find_named", "forget", "land_use_at", "locate",
    "nearest", "streets_geojson",
]  # fmt: skip

_KEEP_SECONDS: Final = 60.0
_MOST_ASKED: Final = 256


@dataclass(frozen=True, slots=True)
class Place:
    """District and municipality of a point on a date."""

    district_id: int
    district_code: str
    district_ar: str
    district_en: str
    municipality_id: int
    municipality_code: str
    municipality_ar: str
    municipality_en: str
    city_class: int
    approximate: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A street or landmark that answers to a name."""

    kind: str
    name_ar: str
    name_en: str
    lat: float
    lng: float


@dataclass(slots=True)
class _Index:
    until: float
    stamp: tuple[Any, ...]
    tree: STRtree
    shapes: list[DistrictShape]
    asked: dict[tuple[float, float, date], Place | None] = field(default_factory=dict)
    """Answers to the last questions: the pin of one application is looked up several times."""


_index: _Index | None = None


def locate(*, lat: float, lng: float, on: date) -> Place | None:
    """The district a WGS84 point lies in on a date, or None outside the city. On a shared edge the first code wins."""
    index = _current_index()
    question = (lat, lng, on)
    place = index.asked.get(question)
    if place is None:
        place = _located(index, lat=lat, lng=lng, on=on)
        if len(index.asked) >= _MOST_ASKED:
            index.asked.clear()
        index.asked[question] = place
    return place


def _located(index: _Index, *, lat: float, lng: float, on: date) -> Place | None:
    point = shapely.Point(lng, lat)
    found = [index.shapes[number] for number in index.tree.query(point, predicate="intersects")]
    valid = [row for row in found if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)]
    if not valid:
        return None
    row = min(valid, key=lambda shape: shape.district.code)
    district, municipality = row.district, row.municipality
    return Place(
        district_id=district.pk, district_code=district.code, district_ar=district.name_ar,
        district_en=district.name_en, municipality_id=municipality.pk, municipality_code=municipality.code,
        municipality_ar=municipality.name_ar, municipality_en=municipality.name_en,
        city_class=municipality.city_class, approximate=row.approximate,
    )  # fmt: skip


def find_named(text: str, *, limit: int = 8) -> Sequence[Named]:
    """Streets and landmarks whose name holds every word typed, in any spelling of hamza and ta; shortest first."""
    words = normalise(text).split()
    if not words:
        return ()
    matches = Q()
    for word in words:
        matches &= Q(search_key__contains=word)
    streets = [
        Named("street", row.name_ar, row.name_en, row.lat, row.lng)
        for row in Street.objects.filter(matches)[: limit * 3]
    ]
    marks = [
        Named(row.kind, row.name_ar, row.name_en, row.lat, row.lng)
        for row in Landmark.objects.filter(matches)[: limit * 3]
    ]
    return sorted([*streets, *marks], key=lambda found: (len(found.name_ar), found.name_ar))[:limit]


def districts_geojson(on: date) -> dict[str, Any]:
    """District shapes on a date as GeoJSON (names in both languages), for the map."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": row.district.code,
                "name_ar": row.district.name_ar,
                "name_en": row.district.name_en,
            },
            "geometry": shapely.geometry.mapping(shapely.from_wkb(bytes(row.shape))),
        }
        for row in _current_index().shapes
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    ]
    return {"type": "FeatureCollection", "features": features}


def streets_geojson() -> dict[str, Any]:
    """Named streets as GeoJSON lines, for the map."""
    features = [
        {
            "type": "Feature",
            "properties": {"name_ar": row.name_ar, "name_en": row.name_en},
            "geometry": shapely.geometry.mapping(shapely.from_wkb(bytes(row.line))),
        }
        for row in Street.objects.all()
    ]
    return {"type": "FeatureCollection", "features": features}


def districts() -> Sequence[District]:
    """Every district in Arabic order (sort key: hamza folded, article dropped)."""
    return list(District.objects.order_by("sort_key"))


def forget() -> None:
    """Drop the index in memory (after a load; in tests)."""
    global _index
    _index = None


def _current_index() -> _Index:
    global _index
    now = time.monotonic()
    if _index is not None and _index.until > now:
        return _index
    facts = DistrictShape.objects.aggregate(count=Count("id"), last=Max("id"), ended=Count("valid_to"))
    stamp = tuple(facts.values())
    if _index is not None and _index.stamp == stamp:
        _index.until = now + _KEEP_SECONDS
        return _index
    rows = list(DistrictShape.objects.select_related("district", "municipality").order_by("id"))
    tree = STRtree([shapely.from_wkb(bytes(row.shape)) for row in rows])
    _index = _Index(until=now + _KEEP_SECONDS, stamp=stamp, tree=tree, shapes=rows)
    return _index
