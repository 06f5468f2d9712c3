"""Municipalities, districts, land use, streets and landmarks."""

from datetime import date

import shapely

from diwan.audit.actions import audit_row
from diwan.demo.plan.city import AMANAH, FOUNDED, MOVED_ON, Ground, Quarter
from diwan.kit.arabic import normalise, sort_key
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.places.models import District, DistrictShape, Landmark, LandUse, Street

SOURCE = "Demo city: generated cells"


def load_municipalities(plan: Ground, *, by: Actor) -> dict[str, Municipality]:
    """The amanah itself (000) and its municipalities, by code."""
    wanted = [
        (*AMANAH, 1),
        *((town.code, town.name_ar, town.name_en, town.city_class) for town in plan.towns.values()),
    ]
    made = {}
    for code, name_ar, name_en, city_class in wanted:
        made[code], fresh = Municipality.objects.get_or_create(
            code=code,
            defaults={
                "name_ar": name_ar, "name_en": name_en, "sort_key": sort_key(name_ar), "city_class": city_class,
                "valid_from": FOUNDED,
            },
        )  # fmt: skip
        if fresh:
            audit_row(
                by=by, action="people.municipality.made", object_type="municipality", object_id=made[code].pk,
                municipality_id=made[code].pk, values={"code": code},
            )  # fmt: skip
    return made


def load_ground(plan: Ground, towns: dict[str, Municipality], *, by: Actor) -> int:
    """Districts with their dated shapes and land use, streets and landmarks; returns how many rows were new."""
    if District.objects.filter(code=plan.quarters[0].code).exists():
        return 0
    districts = District.objects.bulk_create(
        District(code=row.code, name_ar=row.name_ar, name_en=row.name_en, sort_key=sort_key(row.name_ar))
        for row in plan.quarters
    )
    shapes = [
        shape
        for row, district in zip(plan.quarters, districts, strict=True)
        for shape in _shapes(row, district, towns)
    ]
    DistrictShape.objects.bulk_create(shapes)
    LandUse.objects.bulk_create(
        LandUse(use=row.use, shape=shapely.to_wkb(row.shape), source=SOURCE, valid_from=FOUNDED)
        for row in plan.quarters
    )
    streets = [_street(way.name_ar, way.name_en, way.line) for way in plan.ways]
    Street.objects.bulk_create(streets)
    Landmark.objects.bulk_create(
        Landmark(
            kind=mark.kind, name_ar=mark.name_ar, name_en=mark.name_en, lat=mark.lat, lng=mark.lng,
            search_key=f"{normalise(mark.name_ar)} {normalise(mark.name_en)}",
        )
        for mark in plan.marks
    )  # fmt: skip
    audit_row(
        by=by, action="places.imported", object_type="municipality", object_id=towns[AMANAH[0]].pk,
        municipality_id=towns[AMANAH[0]].pk, values={"source": SOURCE, "districts": len(districts)},
    )  # fmt: skip
    return len(districts) + len(shapes) + len(streets) + len(plan.marks)


def _shapes(row: Quarter, district: District, towns: dict[str, Municipality]) -> list[DistrictShape]:
    """The shape of a district; two rows for the one that passed to its neighbour."""
    periods: list[tuple[str, date, date | None]] = [(row.town, FOUNDED, None)]
    if row.former:
        periods = [(row.former, FOUNDED, MOVED_ON), (row.town, MOVED_ON, None)]
    return [
        DistrictShape(
            district=district, municipality=towns[town], shape=shapely.to_wkb(row.shape), approximate=True,
            source=SOURCE, valid_from=valid_from, valid_to=valid_to,
        )
        for town, valid_from, valid_to in periods
    ]  # fmt: skip


def _street(name_ar: str, name_en: str, line: shapely.LineString) -> Street:
    middle = line.interpolate(0.5, normalized=True)
    return Street(
        name_ar=name_ar, name_en=name_en, search_key=f"{normalise(name_ar)} {normalise(name_en)}",
        line=shapely.to_wkb(line), lat=round(middle.y, 6), lng=round(middle.x, 6),
    )  # fmt: skip
