"""What is offered: services, their forms as schemas, choices, fees; and where a point lies."""

from __future__ import annotations

import pytest
from jsonschema_rs import validator_for

from tests import cast
from tests.api.conftest import Partner, shop

pytestmark = pytest.mark.usefixtures("city")


def test_services_are_found_by_words_and_by_page() -> None:
    nobody = Partner("")
    whole = [one["slug"] for one in nobody.ask("GET", "services?limit=100").json()["items"]]
    assert whole == sorted(whole)
    paged, where = [], "services?limit=4"
    while where:
        answer = nobody.ask("GET", where)
        paged += [one["slug"] for one in answer.json()["items"]]
        where = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert paged == whole
    found = nobody.ask("GET", "services?q=رخصه محل&applicable=true").json()["items"]
    assert cast.INSTANT in [one["slug"] for one in found]
    assert all(one["applicable"] and one["class"] for one in found)
    assert nobody.ask("GET", "services/visit-after-licence").status_code == 404


def test_the_form_is_a_schema_that_takes_what_the_form_takes() -> None:
    nobody = Partner("")
    told = nobody.ask("GET", f"services/{cast.INSTANT}").json()
    schema = told["answers"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    check = validator_for(schema)
    answers = shop(openings=2, workers=4, years=1)
    assert not list(check.iter_errors(answers)), [error.message for error in check.iter_errors(answers)]
    for wrong in ({"area_m2": "forty"}, {"wants_card": "yes"}, {"place": {"lat": 1}}, {"nothing": 1}):
        assert not check.is_valid({**answers, **wrong}), wrong
    assert schema["properties"]["area_m2"]["x-title-ar"]
    assert [paper["slot"] for paper in told["documents"]]
    where = schema["properties"]["activities"]["x-choices"]
    rows = nobody.ask("GET", f"{where}?q=خياطة&limit=5").json()["items"]
    assert rows and all(set(row) == {"code", "name"} for row in rows)
    assert nobody.ask("GET", where.replace("activities", "area_m2")).status_code == 404


def test_a_fee_is_known_once_what_it_depends_on_is() -> None:
    nobody = Partner("")
    where = f"services/{cast.INSTANT}/fee"
    unknown = nobody.ask("POST", where, {"answers": {}}).json()
    assert (unknown["known"], unknown["total"]) == (False, None)
    assert "area_m2" in unknown["missing"]
    known = nobody.ask("POST", where, {"answers": shop()}).json()
    assert known["known"]
    assert known["total"] == sum(line["amount"] + line["vat"] for line in known["lines"]) > 0
    refused = nobody.ask("POST", where, {"answers": {"area_m2": "x"}})
    assert set(refused.json()["fields"]) == {"answers.area_m2"}


def test_a_point_lies_in_one_of_the_districts_of_the_list() -> None:
    nobody = Partner("")
    place = cast.place_in("101")
    found = nobody.ask("GET", f"places/at?lat={place['lat']}&lng={place['lng']}").json()
    assert found["municipality"]["code"] == found["district"]["municipality"] == "101"
    listed = nobody.ask("GET", "districts?municipality=101&limit=100").json()["items"]
    assert found["district"] in listed
    assert all(one["municipality"] == "101" for one in listed)
    towns = nobody.ask("GET", "municipalities").json()["items"]
    assert found["municipality"] in towns
    assert "000" not in [one["code"] for one in towns]
    assert nobody.ask("GET", "places/at?lat=0&lng=0").json()["code"] == "places.outside"
    assert nobody.ask("GET", "places/at?lat=nan&lng=0").json()["code"] == "query"
