"""The site of a new shop: land use, distances, the number of licences in a district, the building, the premises."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, CheckResult
from diwan.kit import clock
from diwan.payments.models import Bill, PaymentNotice
from diwan.places.models import District, Landmark, LandUse
from diwan.places.queries import forget, land_use_at, locate, nearest
from diwan.registers.models import RegisterEntry
from diwan.registers.queries import unpaid_bills
from diwan.registers.site import distances, land_use, quota
from tests import cast

pytestmark = pytest.mark.usefixtures("city", "registers", "_ask_the_plan_anew")
GROCERY, RESTAURANT, FUEL = "471101", "561012", "473001"


@pytest.fixture
def _ask_the_plan_anew() -> None:
    forget()


def pin_of(use: str) -> dict[str, Any]:
    """A pin in a zone of this use, in a municipality that offers the services."""
    for zone in LandUse.objects.filter(use=use).order_by("id"):
        point = shapely.from_wkb(bytes(zone.shape)).representative_point()
        place = locate(lat=point.y, lng=point.x, on=clock.today())
        if place is not None and place.municipality_code in ("101", "102"):
            return {"lat": round(point.y, 6), "lng": round(point.x, 6), "district": place.district_code}
    raise AssertionError(f"no zone of {use}")


def asked(pin: dict[str, Any], *activities: str) -> dict[str, Any]:
    return {**pin, "activities": list(activities)}


def entry(case: Case, **own: Any) -> RegisterEntry:
    """A licence in force, made without the walk that leads to it."""
    now, today = clock.now(), clock.today()
    given = {
        "kind": "shop_licence", "number": f"48{case.pk % 10**9}", "municipality_id": case.municipality_id,
        "district_id": case.district_id, "case": case, "status": "active", "valid_from": today,
        "valid_to": today + timedelta(days=300), "created_at": now, "changed_at": now,
    }  # fmt: skip
    return RegisterEntry.objects.create(**{**given, **own})


def states(case: Case) -> dict[str, str]:
    """Code -> state of the case's checks."""
    return dict(CheckResult.objects.filter(case_id=case.pk).values_list("code", "state"))


def test_the_plan_allows_by_its_use_and_by_the_directory_of_activities() -> None:
    mixed, homes = pin_of("mixed"), pin_of("residential")
    assert land_use(asked(mixed, RESTAURANT), {}) == {"use": "mixed", "allowed": True, "against": ""}
    assert land_use(asked(homes, GROCERY), {}) == {"use": "residential", "allowed": True, "against": ""}
    found = land_use(asked(homes, GROCERY, RESTAURANT), {})
    assert found == {"use": "residential", "allowed": False, "against": RESTAURANT}


def test_where_the_plan_says_nothing_an_officer_looks() -> None:
    pin = pin_of("mixed")
    LandUse.objects.all().delete()
    forget()
    assert land_use(asked(pin, RESTAURANT), {}) is None
    case = cast.run_machine(cast.submit(cast.owner()))
    assert states(case)["land_use"] == "silent"
    assert case.stage == "manual_check"


def test_a_zone_recorded_later_counts() -> None:
    pin = pin_of("mixed")
    around = shapely.Point(pin["lng"], pin["lat"]).buffer(0.0005)
    LandUse.objects.create(use="public", shape=shapely.to_wkb(around), valid_from=clock.today())
    forget()
    assert land_use_at(lat=pin["lat"], lng=pin["lng"], on=clock.today()) == "public"
    assert land_use_at(lat=pin["lat"], lng=pin["lng"], on=clock.today() - timedelta(days=1)) == "mixed"


def test_a_restaurant_among_homes_goes_to_an_officer_with_what_was_found() -> None:
    homes = pin_of("residential")
    place = {"lat": f"{homes['lat']:.6f}", "lng": f"{homes['lng']:.6f}", "how": "map"}
    case = cast.run_machine(cast.submit(cast.owner(), place=place))
    found = CheckResult.objects.get(case_id=case.pk, code="land_use")
    assert (found.state, found.answer["against"]) == ("failed", RESTAURANT)
    assert case.closed_at is None


def test_an_instant_licence_outside_the_plan_is_not_instant() -> None:
    homes = pin_of("residential")
    place = {"lat": f"{homes['lat']:.6f}", "lng": f"{homes['lng']:.6f}", "how": "map"}
    inside = cast.run_machine(cast.submit(cast.owner(), cast.INSTANT, activities=["471101"]))
    assert (states(inside)["land_use"], inside.state) == ("passed", "invoiced")
    outside = cast.run_machine(cast.submit(cast.owner(), cast.INSTANT, activities=["475101"], place=place))
    assert (states(outside)["land_use"], outside.state) == ("failed", "under_review")


def test_distances_are_kept_from_landmarks_along_the_ground() -> None:
    pin = pin_of("mixed")
    Landmark.objects.all().delete()
    assert distances(asked(pin, FUEL), {})["kept"] is True
    north = pin["lat"] + 150 / 110_800
    Landmark.objects.create(
        kind="school", name_ar="مدرسة", name_en="School", search_key="x", lat=north, lng=pin["lng"]
    )
    near = nearest(["school"], lat=pin["lat"], lng=pin["lng"], within=200)
    assert near is not None
    assert 148 <= near.metres <= 152
    assert nearest(["school"], lat=pin["lat"], lng=pin["lng"], within=140) is None
    found = distances(asked(pin, FUEL), {})
    assert (found["kept"], found["nearest"], found["least"]) == (False, "مدرسة", 200)
    assert distances(asked(pin, RESTAURANT), {})["kept"] is True


def test_a_district_holds_so_many_licences_of_an_activity() -> None:
    case = cast.submit(cast.owner())
    district = District.objects.get(pk=case.district_id or 0)
    question = {"district": district.code, "activities": [FUEL]}
    for number in range(3):
        assert quota(question, {})["free"] is True
        entry(case, number=f"4800000{number}", data={"answers": {"activities": [FUEL]}})
    assert quota(question, {}) == {"free": False, "count": 3, "most": 3}
    assert quota({**question, "activities": [RESTAURANT]}, {})["free"] is True
    RegisterEntry.objects.filter(number="48000000").update(status="cancelled")
    assert quota(question, {})["free"] is True


def test_a_building_permit_that_is_not_in_force_returns_the_request(registers: cast.Registers) -> None:
    registers.say("building_permits", {"status": "cancelled"})
    case = cast.run_machine(cast.submit(cast.owner(), building_permit="1440/7788"))
    assert states(case)["building_permit"] == "failed"
    assert case.state == "returned"


def test_an_empty_building_permit_is_not_asked_about(registers: cast.Registers) -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    assert "building_permit" not in states(case)
    assert "building_permits" not in {register for register, _query in registers.asked}


def test_one_question_is_asked_once_whatever_checks_need_it(registers: cast.Registers) -> None:
    case = cast.submit(cast.owner())
    registers.asked.clear()
    cast.run_machine(case)
    assert {"cr_active", "cr_owner"} <= set(states(case))
    assert [register for register, _query in registers.asked].count("commercial") == 1


def test_a_name_on_a_sanctions_list_goes_to_an_officer_and_is_not_told_why(registers: cast.Registers) -> None:
    assert states(cast.run_machine(cast.submit(cast.owner())))["sanctions"] == "passed"
    registers.say("sanctions", {"list": "UN"})
    case = cast.run_machine(cast.submit(cast.owner("abeer")))
    assert states(case)["sanctions"] == "failed"
    assert case.closed_at is None


def test_premises_under_suspension_are_refused_to_the_next_tenant() -> None:
    case = cast.submit(cast.owner())
    entry(case, status="suspended", data={"answers": {"lease_number": "10203040506"}})
    following = cast.run_machine(cast.submit(cast.owner("abeer")))
    assert states(following)["suspension"] == "failed"
    assert (following.state, following.holder) == ("returned", "applicant")


def test_a_late_payment_that_finance_examines_is_no_debt() -> None:
    who = cast.owner()
    case = cast.run_machine(cast.submit(who, cast.INSTANT, activities=["471101"]))
    applicant = {"unified_number": case.establishment.unified_number if case.establishment else ""}
    bill, now = Bill.objects.get(case_id=case.pk), clock.now()
    assert unpaid_bills({}, applicant) == {"count": 0}
    Bill.objects.filter(pk=bill.pk).update(expires_at=now - timedelta(days=1))
    assert unpaid_bills({}, applicant) == {"count": 1}
    PaymentNotice.objects.create(
        notice_id="n-1", payment_id="p-1", biller=bill.biller, bill=bill, bill_number=bill.number, amount=bill.total,
        outcome=PaymentNotice.Outcome.LATE, paid_at=now, received_at=now,
    )  # fmt: skip
    assert unpaid_bills({}, applicant) == {"count": 0}


def test_land_use_is_loaded_from_a_file_and_what_is_unknown_is_named(tmp_path: Path) -> None:
    def feature(use: str, west: float) -> dict[str, Any]:
        ring = [[west, 20.0], [west + 0.1, 20.0], [west + 0.1, 20.1], [west, 20.1], [west, 20.0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"landuse": use}, "geometry": shape}

    path, out = tmp_path / "zones.geojson", StringIO()
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature("public", 40), feature("lake", 41)]})
    )
    call_command("places", "import", str(path), "--land-use", "landuse", stdout=out)
    assert "zones 1, without a known use 1" in out.getvalue()
    assert "no known use: #2 lake" in out.getvalue()
    forget()
    assert land_use_at(lat=20.05, lng=40.05, on=clock.today()) == "public"
    assert AuditRow.objects.filter(action="places.land_use.imported").exists()
    call_command("places", "import", str(path), "--land-use", "landuse", stdout=StringIO())
    assert LandUse.objects.filter(source="zones.geojson", valid_to__isnull=True).count() == 1
