"""Municipalities, districts, and in which district a point lies."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from pydantic import Field

from diwan.api.resources.common import PLACES
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.people.models import Municipality as MunicipalityRow
from diwan.places.queries import districts_on, locate
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import Access, Answer, Operation, answers
from diwan.rest.paging import Paging, following, place_after
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Both, Given, Told, with_example

HEAD_OFFICE: Final = "000"


class Municipality(Told):
    """A municipality."""

    code: str = Field(description="Three digits")
    name: Both
    city_class: int = Field(description="Class in the price table, 1 to 5")


class MunicipalityPage(Told):
    """A page of municipalities."""

    model_config = with_example(
        {
            "items": [{"code": "101", "name": {"ar": "بلدية", "en": "Municipality"}, "city_class": 1}],
            "next": None,
        }
    )
    items: list[Municipality]
    next: str | None


class District(Told):
    """A district and the municipality to which it belongs today."""

    code: str
    name: Both
    municipality: str = Field(description="Code of the municipality")


_DISTRICT: Final = {"code": "D01", "name": {"ar": "حي", "en": "District"}, "municipality": "101"}


class DistrictPage(Told):
    """A page of districts."""

    model_config = with_example({"items": [_DISTRICT], "next": None})
    items: list[District]
    next: str | None


class Located(Told):
    """Where a point lies."""

    model_config = with_example(
        {
            "district": _DISTRICT,
            "municipality": {"code": "101", "name": {"ar": "بلدية", "en": "Municipality"}, "city_class": 1},
            "approximate": False,
        }
    )
    district: District
    municipality: Municipality
    approximate: bool = Field(description="Whether the district's shape is only roughly known")


@answers(
    Operation(
        method="GET", path="municipalities", key="list_municipalities", tag=PLACES, access=Access.OPEN,
        query=Paging, title=N_("List the municipalities"),
        about=N_("The municipalities of the amanah, by code."),
        answers=(Answer(200, "A page of municipalities", MunicipalityPage, headers=("Link",)),),
    )
)  # fmt: skip
def list_municipalities(call: Call) -> Reply:
    """Municipalities of today."""
    today = clock.today()
    rows = MunicipalityRow.objects.exclude(code=HEAD_OFFICE).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        valid_from__lte=today,
        code__gt=place_after(call) or "",
    )
    found = list(rows.order_by("code")[: call.query.limit + 1])
    shown = found[: call.query.limit]
    cursor, headers = following(call, found, shown[-1].code if shown else "")
    items = [
        Municipality(code=row.code, name=Both(ar=row.name_ar, en=row.name_en), city_class=row.city_class)
        for row in shown
    ]
    return Reply(body=MunicipalityPage(items=items, next=cursor), headers=headers)


class DistrictsQuery(Paging):
    """Which districts."""

    municipality: str | None = Field(default=None, pattern=r"^[0-9]{3}$", examples=["101"])


@answers(
    Operation(
        method="GET", path="districts", key="list_districts", tag=PLACES, access=Access.OPEN,
        query=DistrictsQuery, title=N_("List the districts"),
        about=N_("The districts with the municipality to which each belongs today, by code."),
        answers=(Answer(200, "A page of districts", DistrictPage, headers=("Link",)),),
    )
)  # fmt: skip
def list_districts(call: Call) -> Reply:
    """Districts of today."""
    after, wanted = place_after(call) or "", call.query.municipality
    found = [
        place
        for place in districts_on(clock.today())
        if place.district_code > after and wanted in (None, place.municipality_code)
    ]
    shown = found[: call.query.limit]
    cursor, headers = following(call, found, shown[-1].district_code if shown else "")
    items = [
        District(
            code=place.district_code,
            name=Both(ar=place.district_ar, en=place.district_en),
            municipality=place.municipality_code,
        )
        for place in shown
    ]
    return Reply(body=DistrictPage(items=items, next=cursor), headers=headers)


class PointQuery(Given):
    """A point (WGS84)."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[25.624741])
    lng: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[36.978205])


@answers(
    Operation(
        method="GET", path="places/at", key="locate_point", tag=PLACES, access=Access.OPEN, query=PointQuery,
        title=N_("Find the district of a point"),
        about=N_("District and municipality of a point today; 404 outside the city."),
        answers=(Answer(200, "Where it lies", Located),), refuses={404: "The point lies outside the city"},
    )
)  # fmt: skip
def locate_point(call: Call) -> Reply:
    """Where a point lies today."""
    found = locate(lat=call.query.lat, lng=call.query.lng, on=clock.today())
    if found is None:
        raise Refused(404, "places.outside", N_("The point lies outside the city's boundaries."))
    return Reply(
        body=Located(
            district=District(
                code=found.district_code,
                name=Both(ar=found.district_ar, en=found.district_en),
                municipality=found.municipality_code,
            ),
            municipality=Municipality(
                code=found.municipality_code,
                name=Both(ar=found.municipality_ar, en=found.municipality_en),
                city_class=found.city_class,
            ),
            approximate=found.approximate,
        )
    )
