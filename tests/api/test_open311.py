"""Open311 GeoReport v2: both formats by the schemas of the standard, what is told to whom, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diwan.api.open311 import door, ports
from diwan.audit.models import AccessRow, AuditRow
from diwan.cases.models import Case, History
from diwan.catalogue.queries import lookup
from diwan.files.queries import uploads_of
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.modules.reports.actions import check_photo
from diwan.modules.reports.models import LaterQuestion, PhotoCheck, Report
from diwan.people.actor import Actor
from diwan.places.models import District
from tests import cast
from tests.api.conftest import photo
from tests.api.program import BASE, Program, case_of, checked, in_the_city, place, program, report
from tests.integrations.test_webhooks import serving
from tests.reports.reporting import filed, finished, worked

__all__ = ["in_the_city", "program"]


def test_the_endpoint_is_discovered() -> None:
    told = Program().get("discovery", "")
    endpoint = told["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert (endpoint["type"], told["jurisdiction_id"]) == ("production", door.jurisdiction())


def test_every_type_is_a_service_with_its_definition() -> None:
    told = Program().get("services", "services")
    assert len(told) == 109
    bins = next(one for one in told if one["service_code"] == "RPT-0101")
    assert (bins["service_name"], bins["group"]) == ("Overflowing container", "Waste and cleaning")
    assert "زبالة" in bins["keywords"].split(", ")
    asked = {one["service_code"]: Program().client.get(f"{BASE}services/{one['service_code']}.json").json()
             for one in told}  # fmt: skip
    for one in told:
        found = checked(asked[one["service_code"]], "definition")
        assert one["metadata"] is bool(found["attributes"])
        assert [at["order"] for at in found["attributes"]] == list(range(1, len(found["attributes"]) + 1))
    light = Program().get("services/RPT-0401", "definition")
    assert [at["code"] for at in light["attributes"] if at["variable"]] == ["landmark", "pole"]
    assert Program().get("services/RPT-9999", "errors", expect=404)[0]["code"] == 404
    arabic = Client().get(f"{BASE}services/RPT-0401.json").json()
    assert "عمود" in arabic["attributes"][1]["description"]


def test_a_report_is_filed_and_read_by_the_one_who_filed_it_and_by_everybody(program: Any) -> None:
    mine = program()
    filed_ = mine.post("requests", "filed", **report())
    fresh = mine.get(f"requests/{filed_[0]['service_request_id']}", "requests")[0]
    assert (fresh["status"], fresh["description"]) == ("open", "حاوية ممتلئة\nقرب المسجد")
    case = worked(case_of(filed_))
    assert filed_[0]["account_id"] == "42"
    assert "Expected to be dealt with by" in filed_[0]["service_notice"]
    assert (case.channel, case.client_id is not None) == ("api", True)
    assert case.applicant["mobile"] == "+966500000001"
    assert case.applicant["name_ar"] == "Salem Alharbi"
    assert AuditRow.objects.filter(object_id=str(case.pk)).exists()
    number = filed_[0]["service_request_id"]

    noted = AccessRow.objects.count()
    own = mine.get(f"requests/{number}", "requests")[0]
    assert AccessRow.objects.count() == noted + 2
    assert own["description"] == "حاوية ممتلئة\nقرب المسجد"
    assert own["address"].startswith("Mosque street")
    assert own["status_notes"].startswith("With us.")
    assert (own["lat"], own["long"]) == tuple(float(value) for value in place().values())

    public = Program().get(f"requests/{number}", "requests")[0]
    assert public["description"] == "Full bin, rubbish around it"
    assert "Mosque" not in json.dumps(public)
    assert (public["status"], public["service_code"]) == ("open", "RPT-0101")
    assert abs(public["lat"] - own["lat"]) < 0.0002
    assert AccessRow.objects.count() == noted + 2
    # Another program sees what everybody sees.
    assert program("آخر").get(f"requests/{number}", "requests")[0]["description"] == public["description"]
    assert [
        one["service_request_id"] for one in Program().get("requests", "requests", service_code="RPT-0101")
    ] == [number]


def test_what_nobody_may_know_of_is_told_to_its_own_program_alone(program: Any) -> None:
    mine = program()
    filed_ = mine.post("requests", "filed", **report(service_code="RPT-0601"))
    case = worked(case_of(filed_))
    assert Report.objects.filter(pk=case.pk, public=False).exists()
    number = case_number(case.pk)
    assert mine.get(f"requests/{number}", "requests")[0]["service_request_id"] == number
    assert (
        mine.get("requests", "requests", service_request_id=f"{number},1,26000000017")[0]["lat"] is not None
    )
    for other in (Program(), program("آخر")):
        assert other.get(f"requests/{number}", "errors", expect=404)[0]["code"] == 404
        assert other.get("requests", "requests", service_request_id=number) == []
        assert number not in json.dumps(other.get("requests", "requests"))
        assert number not in json.dumps(other.get("servicerequestupdates", "updates"))
    elsewhere = program(municipalities=["102"])
    assert elsewhere.get(f"requests/{number}", "errors", expect=404)
    assert elsewhere.post("requests", "errors", expect=403, **report())


def test_a_photo_comes_with_the_report_and_is_public_once_somebody_has_looked(program: Any) -> None:
    mine = program()
    key = {"Idempotency-Key": "the-same-again"}
    first = mine.post("requests", "filed", **report(media=photo()), headers=key)
    again = mine.post("requests", "filed", **report(media=photo()), headers=key)
    assert first == again
    case = worked(case_of(first))
    upload = next(one for one in uploads_of(f"case:{case.pk}") if one.slot == "photos")
    number = first[0]["service_request_id"]
    assert Program().get(f"requests/{number}", "requests")[0]["media_url"] is None
    check_photo(upload_id=upload.pk, show=True, by=cast.actor("dana"))
    assert PhotoCheck.objects.get(upload_id=upload.pk).state == "shown"
    url = Program().get(f"requests/{number}", "requests")[0]["media_url"]
    assert url.endswith(reverse("reports:photo", args=[upload.pk]))
    assert mine.get("tokens/the-same-again", "token") == [
        {"service_request_id": number, "token": "the-same-again"}
    ]
    assert program("آخر").get("tokens/the-same-again", "errors", expect=404)
    assert Program().get("tokens/the-same-again", "errors", expect=403)
    no_photo = SimpleUploadedFile("x.jpg", b"GIF89a<script>", "image/jpeg")
    assert mine.post("requests", "errors", expect=400, **report(media=no_photo))


def test_a_picture_is_fetched_or_the_report_comes_without_it(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, content = program(), photo().read()
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\n\r\n".encode()
    with serving(lambda connection: connection.sendall(head + content)) as (port, heard):
        url = f"http://127.0.0.1:{port}/pictures/facade.jpg"
        ports.fetcher.cache_clear()
        refused = mine.post("requests", "filed", **report(media_url=url))
        assert "could not be taken" in refused[0]["service_notice"]
        assert (heard, uploads_of(f"case:{case_of(refused).pk}")) == ([], [])
        monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, webhooks_loopback=True))
        ports.fetcher.cache_clear()
        taken = mine.post("requests", "filed", **report(media_url=url))
    ports.fetcher.cache_clear()
    assert "could not be taken" not in taken[0]["service_notice"]
    (upload,) = uploads_of(f"case:{case_of(taken).pk}")
    assert (upload.slot, upload.media_type) == ("photos", "image/jpeg")


def test_a_key_files_once_and_is_good_for_one_report(program: Any) -> None:
    mine, key = program(), {"Idempotency-Key": "only-once-please"}
    first = mine.post("requests", "filed", **report(), headers=key)
    assert (
        mine.post("requests", "filed", **report(), headers=key)[0]["service_request_id"]
        == (first[0]["service_request_id"])
    )
    told = mine.post("requests", "errors", expect=400, **report(description="شيء آخر"), headers=key)
    assert "key" in told[0]["description"]


def test_lists_by_time_type_status_and_change(program: Any) -> None:
    asked = finished(filed("RPT-0104"), cast.member_of("contractor_naqa"))
    for days, kind in ((1, "RPT-0101"), (100, "RPT-0101"), (2, "RPT-0401")):
        moment = clock.now() - timedelta(days=days)
        case = filed(kind, reporter={"mobile": f"+96650000{days:04d}"})
        Report.objects.filter(pk=case.pk).update(opened_at=moment, updated_at=moment)
    Report.objects.filter(type="RPT-0401").update(closed_at=clock.now(), state="closed", stage="closed")
    everybody = Program()
    newest = [one["service_code"] for one in everybody.get("requests", "requests")]
    with CaptureQueriesContext(connection) as asked_of_the_server:
        everybody.client.get(f"{BASE}requests.json")
        everybody.client.get(f"{BASE}servicerequestupdates.json")
    assert len(asked_of_the_server) <= 7, [query["sql"][:80] for query in asked_of_the_server]
    assert newest == ["RPT-0104", "RPT-0101", "RPT-0401"]
    assert [one["service_code"] for one in everybody.get("requests", "requests", status="closed")] == [
        "RPT-0401"
    ]
    assert len(everybody.get("requests", "requests", status="open,closed")) == 3
    both = everybody.get("requests", "requests", service_code="RPT-0101,RPT-0401")
    assert {one["service_code"] for one in both} == {"RPT-0101", "RPT-0401"}
    long_ago = (clock.now() - timedelta(days=120)).isoformat()
    old = everybody.get("requests", "requests", start_date=long_ago)
    assert [one["service_code"] for one in old][-1] == "RPT-0101"
    since = (clock.now() - timedelta(hours=1)).isoformat()
    changed = everybody.get("requests", "requests", updated_after=since)
    assert [one["service_request_id"] for one in changed] == [case_number(asked.pk)]

    page = everybody.get("requests", "requests", page_size=2)
    assert len(page) == 2
    path, query = everybody.links.split(">")[0].removeprefix("<").split("/requests.json")
    rest = everybody.client.get(f"{BASE}requests.json{query}", headers={"Accept-Language": "en"})
    assert path.endswith("/open311/v2")
    assert [one["service_code"] for one in rest.json()] == ["RPT-0401"]
    assert "Link" not in rest.headers
    forged = everybody.get("requests", "errors", expect=400, cursor="abc:def:ghi")
    assert "cursor" in forged[0]["description"]
    assert everybody.client.get(f"{BASE}requests.json{query}&status=open").status_code == 400


def test_the_reporter_answers_through_the_program_that_filed(program: Any) -> None:
    mine = program()
    case = worked(case_of(mine.post("requests", "filed", **report())))
    number = case_number(case.pk)
    said = {"service_request_id": number, "updated_datetime": "2026-11-29T10:00:00+03:00", "account_id": "42"}
    comment = {**said, "status": "OPEN", "description": "الحاوية ما زالت ممتلئة", "update_id": "u-1"}
    first = mine.post("servicerequestupdates", "updated", **comment)
    assert mine.post("servicerequestupdates", "updated", **comment) == first
    assert mine.post("servicerequestupdates", "errors", expect=400, **{**comment, "description": "غير ذلك"})
    row = History.objects.get(pk=int(first[0]["update_id"]))
    assert (row.act, row.note, row.capacity[:7]) == ("noted", "الحاوية ما زالت ممتلئة", "client:")
    assert History.objects.filter(case_id=case.pk, act="noted").count() == 1

    by = _contractor(case)
    case = finished(case, by)
    assert case.stage == "confirmation"
    assert mine.get(f"requests/{number}", "requests")[0]["status"] == "open"
    assert mine.post("servicerequestupdates", "errors", expect=400, **said, update_id="u-2")
    assert mine.post("servicerequestupdates", "errors", expect=400, **{**said, "status": "REOPEN"})
    mine.post(
        "servicerequestupdates", "updated", **{**said, "status": "REOPEN", "description": "لم يرفع شيء"}
    )
    case = worked(Case.objects.get(pk=case.pk))
    assert case.stage == "recheck"
    stranger = program("آخر")
    assert stranger.post("servicerequestupdates", "errors", expect=404, **comment)

    told = mine.get("servicerequestupdates", "updates")
    assert {one["service_request_id"] for one in told} == {number}
    assert [one["status"] for one in told] == ["open"] * len(told)
    assert told[-1]["description"].startswith("With us. Somebody other than before")
    assert told == Program().get("servicerequestupdates", "updates")
    assert "ممتلئة" not in json.dumps(told, ensure_ascii=False)
    late = told[-2]["updated_datetime"]
    assert Program().get("servicerequestupdates", "updates", start_date=late)[-1] == told[-1]


def test_a_confirmed_report_is_closed_and_four_weeks_later_asked_about(program: Any) -> None:
    mine = program()
    case = worked(case_of(mine.post("requests", "filed", **report())))
    by = _contractor(case)
    case = finished(case, by)
    said = {"service_request_id": case_number(case.pk)}
    mine.post("servicerequestupdates", "updated", **said, status="FIXED")
    case = worked(Case.objects.get(pk=case.pk))
    own = mine.get(f"requests/{case_number(case.pk)}", "requests")[0]
    assert (own["status"], own["service_notice"]) == ("closed", None)
    assert mine.get("servicerequestupdates", "updates")[-1]["status"] == "closed"
    assert mine.post("servicerequestupdates", "errors", expect=400, **said, status="OPEN", description="شكرا")
    LaterQuestion.objects.create(report_id=case.pk, asked_at=clock.now())
    mine.post("servicerequestupdates", "updated", **said, status="REOPEN", description="عادت")
    assert LaterQuestion.objects.get(report_id=case.pk).fixed is False


def test_places_by_words_district_and_pole(program: Any) -> None:
    mine = program()
    text = case_of(mine.post("requests", "filed", **report(lat="", long="")))
    assert text.data["landmark"] == "Mosque street"
    code = District.objects.order_by("code").values_list("code", flat=True)[0]
    there = case_of(
        mine.post("requests", "filed", **report(lat="", long="", address_id=code, address_string=""))
    )
    assert there.data["district"] == code
    light = case_of(
        mine.post("requests", "filed", **report(service_code="RPT-0401"), **{"attribute[pole]": "P-77"})
    )
    assert light.data["pole"] == "P-77"
    words = mine.post("requests", "errors", expect=400, **report(service_code=_placeless(), description=""))
    assert "what happened" in words[0]["description"]


def _contractor(case: Case) -> Actor:
    """Somebody of the contractor that works on the report."""
    code = Report.objects.values_list("contractor__code", flat=True).get(pk=case.pk)
    return cast.member_of(str(code))


def _placeless() -> str:
    """A type that is taken by its words."""
    rows = lookup("report_types", clock.today())
    return next(row.code for row in rows if not row.data.get("place", True))
