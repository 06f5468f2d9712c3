"""A draft from start to case; and every way in which a change or a sending is refused."""

from __future__ import annotations

import pytest

from diwan.audit.models import AccessRow, AuditRow
from diwan.cases.models import Case, Draft
from diwan.kit import numbers
from tests import cast
from tests.api.conftest import APPLICANT, Make, photo, shop


def test_a_draft_is_filled_in_priced_and_sent(partner: Make) -> None:
    office = partner()
    made = office.draft(trade_name_ar="مشغل الشريك")
    told = made.json()
    assert made["Location"] == f"/api/v1/drafts/{told['id']}"
    assert told["answers"]["trade_name_ar"] == "مشغل الشريك"
    assert not told["complete"]
    assert told["problems"]["area_m2"][0]["code"] == "forms.missing"
    assert told["fee"]["known"] is False
    answers = shop()
    changed = office.ask(
        "PATCH", f"drafts/{told['id']}", {"answers": {**answers, "floor": None}}, If_Match=made["ETag"]
    )
    assert changed.status_code == 200, changed.content.decode()
    now = changed.json()
    assert now["revision"] == 2
    assert "floor" not in now["answers"]
    assert now["fee"]["known"] is True
    assert now["fee"]["total"] > 0
    for slot in list(now["problems"]):
        if slot in ("floor",):
            continue
        sent = office.ask("POST", f"drafts/{told['id']}/documents", {"slot": slot, "file": photo()})
        assert sent.status_code == 201, (slot, sent.content.decode())
    read = office.ask("GET", f"drafts/{told['id']}")
    if "floor" in read.json()["problems"]:
        done = office.ask(
            "PATCH", f"drafts/{told['id']}", {"answers": {"floor": answers["floor"]}}, If_Match=read["ETag"]
        )
        assert done.json()["complete"], done.json()["problems"]
    opened = office.ask("POST", f"drafts/{told['id']}/send")
    assert opened.status_code == 201, opened.content.decode()
    again = office.ask("POST", f"drafts/{told['id']}/send")
    assert (again.status_code, again.json()) == (200, opened.json())
    case = Case.objects.get(pk=numbers.parse_case_number(opened.json()["number"]))
    assert (case.channel, case.applicant["name_ar"]) == ("api", APPLICANT["name_ar"])
    assert case.client_id == Draft.objects.get(pk=told["id"]).client_id
    assert office.ask("GET", f"drafts/{told['id']}").json()["case"] == opened.json()["number"]
    assert AccessRow.objects.filter(object_type="draft", purpose="api.draft").count() == 2
    assert AuditRow.objects.filter(action="cases.draft.started", capacity=f"client:{case.client_id}").exists()


def test_a_change_rests_on_what_was_read(partner: Make) -> None:
    office = partner()
    made = office.draft(trade_name_ar="مشغل الشريك")
    where, body = made["Location"], {"answers": {"area_m2": "40"}}
    assert office.ask("PATCH", where, body).status_code == 428
    assert office.ask("PATCH", where, body, If_Match=made["ETag"]).status_code == 200
    stale = office.ask("PATCH", where, body, If_Match=made["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")
    assert office.ask("DELETE", where, If_Match=made["ETag"]).status_code == 412
    assert office.ask("DELETE", where, If_Match="*").status_code == 204
    assert office.ask("GET", where).status_code == 404


def test_an_answer_that_is_none_is_refused_by_its_name(partner: Make) -> None:
    office = partner()
    body = {"service": cast.INSTANT, "applicant": APPLICANT, "answers": {"area_m2": "forty", "nothing": 1}}
    refused = office.ask("POST", "drafts", body, Accept_Language="en")
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"answers.area_m2", "answers.nothing"}
    assert not Draft.objects.filter(channel="api").exists()
    short = office.ask(
        "POST", "drafts", {"service": cast.INSTANT, "applicant": {"national_id": "1"}, "more": 1}
    )
    assert set(short.json()["fields"]) == {"applicant.name_ar", "applicant.mobile", "more"}
    incomplete = office.draft(trade_name_ar="مشغل الشريك").json()
    refused = office.ask("POST", f"drafts/{incomplete['id']}/send")
    assert (refused.status_code, refused.json()["fields"]["area_m2"][0]["code"]) == (422, "forms.missing")


@pytest.mark.parametrize("what", ["GET", "PATCH", "DELETE", "send", "documents"])
def test_the_draft_of_another_is_not_there(partner: Make, what: str) -> None:
    theirs = partner("another").draft(trade_name_ar="مشغل الشريك")
    office = partner()
    where = theirs["Location"]
    if what == "send":
        answer = office.ask("POST", f"{where}/send")
    elif what == "documents":
        answer = office.ask("POST", f"{where}/documents", {"slot": "facade", "file": photo()})
    else:
        answer = office.ask(what, where, {"answers": {}} if what == "PATCH" else None, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (404, "cases.draft_not_found")


def test_papers_are_taken_out_again(partner: Make) -> None:
    office = partner()
    where = office.draft(trade_name_ar="مشغل الشريك")["Location"]
    paper = office.ask("POST", f"{where}/documents", {"slot": "facade", "file": photo()}).json()
    assert [one["id"] for one in office.ask("GET", where).json()["documents"]] == [paper["id"]]
    assert office.ask("POST", f"{where}/documents", {"slot": "nothing", "file": photo()}).status_code == 422
    assert office.ask("DELETE", f"{where}/documents/{paper['id']}").status_code == 204
    assert office.ask("DELETE", f"{where}/documents/{paper['id']}").status_code == 404
    assert office.ask("GET", where).json()["documents"] == []
