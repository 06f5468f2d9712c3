"""A list of drafts, drafts about a licence, and a returned case that its partner completes."""

from __future__ import annotations

from typing import Any

import pytest

from diwan.audit.models import AccessRow
from diwan.cases.models import Case, Draft, History
from diwan.cases.remarks import Remark
from diwan.kit import numbers
from diwan.people.actor import system
from diwan.registers.actions import close_entry
from tests import cast
from tests.api.conftest import APPLICANT, Make, Partner, photo, returned
from tests.cases.conftest import registers
from tests.registers.making import CLOSING, GROUND, licence

__all__ = ["registers"]
CANCEL = "shop-licence-cancellation"
RENEWAL = "shop-licence-renewal"


def test_drafts_are_listed_newest_first_by_cursor(partner: Make) -> None:
    office, other = partner(), partner("another")
    mine = [office.draft(trade_name_ar=f"مشغل {turn}").json()["id"] for turn in range(3)]
    other.draft(trade_name_ar="مشغل")
    sent = office.sent()
    first = office.ask("GET", "drafts?limit=2")
    assert [one["id"] for one in first.json()["items"]] == mine[:0:-1]
    assert office.ask("GET", "drafts?limit=2", If_None_Match=first["ETag"]).status_code == 304
    rest = office.ask("GET", first["Link"].partition(">")[0].removeprefix("<"))
    assert ([one["id"] for one in rest.json()["items"]], rest.json()["next"]) == (mine[:1], None)
    assert "answers" not in first.json()["items"][0]
    assert Draft.objects.filter(case_id__isnull=False).exists(), sent
    assert office.ask("GET", f"drafts?service={cast.WITH_APPROVALS}").json()["items"] == []
    cursor = first.json()["next"]
    assert other.ask("GET", f"drafts?limit=2&cursor={cursor}").json()["code"] == "cursor"
    narrow = partner(services=[cast.WITH_APPROVALS])
    assert narrow.ask("GET", "drafts").json()["items"] == []
    assert office.ask("GET", "drafts", Authorization="").status_code == 401


@pytest.mark.usefixtures("registers")
def test_a_draft_about_a_licence_takes_over_what_it_says(partner: Make) -> None:
    office = partner(services=[CANCEL, RENEWAL, cast.INSTANT])
    shop = licence()
    who = {
        **APPLICANT,
        **{key: value for key, value in shop.data["applicant"].items() if value and key in TAKEN},
    }
    body: dict[str, Any] = {"service": CANCEL, "applicant": who, "licence": shop.number, "answers": {}}
    made = office.ask("POST", "drafts", body)
    assert made.status_code == 201, made.content.decode()
    assert (made.json()["licence"], made.json()["answers"]["area_m2"]) == (shop.number, "40")
    assert [one["id"] for one in office.ask("GET", f"drafts?licence={shop.number}").json()["items"]] == [
        made.json()["id"]
    ]
    changed = office.ask(
        "PATCH", made["Location"], {"answers": {**CLOSING, "declares_end": True}}, If_Match=made["ETag"]
    )
    assert changed.json()["complete"], changed.json()["problems"]
    renewal = office.ask("POST", "drafts", {**body, "service": RENEWAL})
    assert (renewal.status_code, renewal.json()["answers"]["area_m2"]) == (201, "40")
    for wrong in (
        {"licence": None},
        {"licence": "101269999994"},
        {"applicant": {**who, "unified_number": "7009999999"}},
        {"service": cast.INSTANT},
    ):
        refused = office.ask("POST", "drafts", {**body, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "cases.not_their_licence"), wrong
    opened = office.ask("POST", f"{made['Location']}/send")
    assert opened.status_code == 201, opened.content.decode()
    assert Case.objects.latest("pk").facts["about"] == shop.number
    late = office.ask("POST", "drafts", body)
    office.ask(
        "PATCH", late["Location"], {"answers": {**CLOSING, "declares_end": True}}, If_Match=late["ETag"]
    )
    close_entry(entry_id=shop.pk, to="revoked", ground=GROUND, by=system("test"))
    refused = office.ask("POST", f"{late['Location']}/send")
    assert (refused.status_code, refused.json()["code"]) == (422, "cases.not_their_licence")


TAKEN = frozenset(
    {"national_id", "name_ar", "name_en", "mobile", "cr_number", "unified_number", "establishment_ar"}
)


@pytest.mark.usefixtures("registers")
def test_a_returned_case_is_completed(partner: Make) -> None:
    office = partner()
    case = returned(office, Remark("unit_no", "RSN-02", "رقم الوحدة غير واضح"), Remark("facade", "RSN-02"))
    number = office.ask("GET", "cases?state=returned").json()["items"][0]["number"]
    where = f"cases/{number}"
    waits = office.ask("GET", f"{where}/completion").json()
    assert [(one["key"], one["kind"]) for one in waits["asked"]] == [
        ("unit_no", "answer"),
        ("facade", "paper"),
    ]
    why = waits["asked"][0]["reasons"][0]
    assert (why["of"], why["code"], why["note"]) == ("officer", "RSN-02", "رقم الوحدة غير واضح")
    assert why["says"]["ar"] and why["says"]["en"] and waits["asked"][1]["reasons"][0]["note"] is None
    assert (waits["round"], waits["draft"], waits["due"] is not None) == (1, None, True)
    begun = office.ask("POST", f"{where}/completion")
    assert (begun.status_code, begun.json()["completes"], begun.json()["asked"]) == (
        201, number, ["facade", "unit_no"],
    )  # fmt: skip
    again = office.ask("POST", f"{where}/completion")
    assert (again.status_code, again["Location"]) == (200, begun["Location"])
    assert office.ask("GET", f"{where}/completion").json()["draft"] == begun.json()["id"]
    draft = begun["Location"]
    refused = office.ask(
        "PATCH", draft, {"answers": {"unit_no": "9", "area_m2": "99"}}, If_Match=begun["ETag"]
    )
    assert refused.status_code == 422
    assert {key: found[0]["code"] for key, found in refused.json()["fields"].items()} == {
        "answers.area_m2": "cases.not_asked"
    }
    paper = office.ask("POST", f"{draft}/documents", {"slot": "lease", "file": photo()})
    assert (paper.status_code, paper.json()["fields"]["slot"][0]["code"]) == (422, "cases.not_asked")
    unchanged = office.ask("POST", f"{draft}/send", If_Match=begun["ETag"])
    assert (unchanged.status_code, unchanged.json()["code"]) == (409, "cases.nothing_changed")
    mended = office.ask("PATCH", draft, {"answers": {"unit_no": "9"}}, If_Match=begun["ETag"])
    assert mended.status_code == 200, mended.content.decode()
    assert office.ask("POST", f"{draft}/documents", {"slot": "facade", "file": photo()}).status_code == 201
    assert office.ask("POST", f"{draft}/send").json()["code"] == "if_match"
    stale = office.ask("POST", f"{draft}/send", If_Match=begun["ETag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")
    _sent_once(office, draft, mended["ETag"], number)
    case.refresh_from_db()
    assert (case.data["unit_no"], case.highlights, case.round) == ("9", ["unit_no", "facade"], 2)
    assert cast.waiting(case, "review").returned
    row = History.objects.get(case=case, act="resubmitted")
    assert row.capacity.startswith("client:")
    assert office.ask("GET", f"{where}/completion").json()["code"] == "cases.wrong_moment"
    assert office.ask("POST", f"{where}/completion").status_code == 409
    assert AccessRow.objects.filter(purpose="api.completion", object_id=str(case.pk)).count() == 2


def _sent_once(office: Partner, draft: str, tag: str, number: str) -> None:
    """Sent, and sent again under the same key and another: the same answer, done once."""
    answers = [
        office.ask("POST", f"{draft}/send", If_Match=tag, Idempotency_Key=key)
        for key in ("a-key-of-mine", "a-key-of-mine", "another-key")
    ]
    assert [(one.status_code, one.json()["number"]) for one in answers] == [(200, number)] * 3
    assert History.objects.filter(act="resubmitted").count() == 1


@pytest.mark.usefixtures("registers")
def test_a_returned_case_is_completed_by_its_partner_alone(partner: Make) -> None:
    case = returned(partner(), Remark("unit_no", "RSN-02"))
    where = f"cases/{numbers.case_number(case.pk)}/completion"
    for office in (partner("another"), partner(services=[cast.INSTANT]), partner(municipalities=["102"])):
        for method in ("GET", "POST"):
            answer = office.ask(method, where)
            assert (answer.status_code, answer.json()["code"]) == (404, "cases.not_found")
    reader = partner(scopes=["cases:read"])
    assert reader.ask("GET", where).status_code == 200
    assert reader.ask("POST", where).status_code == 403
    assert not Draft.objects.filter(amends=case.pk).exists()
