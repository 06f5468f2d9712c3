"""Where a point lies, what lies around it, and streets and landmarks by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import shapely
from django.db.models import Q

from diwan.kit.arabic import normalise
from diwan.places import surroundings
from diwan.places.models import District, DistrictShape, Landmark, Street
from diwan.places.shape_index import ShapeIndex
from diwan.places.surroundings import Near, land_use_at, nearest

__all__ = [
    "Named", "Near", "Place", "district_place", "districts", "districts_geojson", "districts_on", "find_named",
    "forget", "land_use_at", "locate", "nearest", "streets_geojson",
]  # fmt: skip


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


_shapes: Final = ShapeIndex(lambda: DistrictShape.objects.select_related("district", "municipality"))


def locate(*, lat: float, lng: float, on: date) -> Place | None:
    """The district a WGS84 point lies in on a date, or None outside the city. On a shared edge the first code wins."""
    valid = _shapes.at(lat=lat, lng=lng, on=on)
    if not valid:
        return None
    return _place(min(valid, key=lambda shape: shape.district.code))


def district_place(code: str, *, on: date) -> Place | None:
    """A district by its code with the municipality that it belongs to on a date, or None."""
    row = next((shape for shape in _shapes.on(on) if shape.district.code == code), None)
    return None if row is None else _place(row)


def districts_on(on: date) -> Sequence[Place]:
    """Every district that is on the map on a date, with its municipality of then, by code."""
    found = {row.district.code: _place(row) for row in _shapes.on(on)}
    return [found[code] for code in sorted(found)]


def _place(row: DistrictShape) -> Place:
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
        for row in _shapes.on(on)
    ]
    return {"type": "FeatureCollection", "features": features}


def points_inside(on: date, *, limit: int) -> list[tuple[float, float]]:
    """(lat, lng) of a point inside each of the first districts of a day."""
    points = (shapely.from_wkb(bytes(row.shape)).representative_point() for row in _shapes.on(on)[:limit])
    return [(point.y, point.x) for point in points]


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
    """Drop what is held in memory of the map (after a load; in tests)."""
    _shapes.forget()
    surroundings.forget()
