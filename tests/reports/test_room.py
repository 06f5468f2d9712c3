"""The screens of the 940 room: a call taken, a report handled, the wall."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from diwan.cases.models import Case
from diwan.kit import clock, numbers
from diwan.modules.reports.actions import load_contracts
from diwan.modules.reports.actions.load_contracts import ContractsWrong
from diwan.modules.reports.models import Contract, Follower, Report
from diwan.people.actor import system
from tests.desk.conftest import Desk
from tests.reports.reporting import REPORTER, filed, worked

pytestmark = pytest.mark.usefixtures("city")
CALL = {"mobile": "٠٥٠٠٠٠٠٠٧١", "name": "سالم", "description": "زبالة متراكمة", "key": "call-000001"}


@pytest.fixture
def agent(desk: Desk) -> Client:
    """An agent of the room, signed in."""
    return desk("rana")


def pin(case: Case) -> str:
    """The place of a report as the page posts it."""
    place = case.data["place"]
    return f"{place['lat']},{place['lng']}"


def test_a_call_becomes_a_report_with_number_and_code(agent: Client) -> None:
    page = agent.post(reverse("reports:intake"), {**CALL, "do": "look"}).content.decode()
    assert "RPT-0101" in page
    answer = agent.post(
        reverse("reports:intake"), {**CALL, "type": "RPT-0101", "landmark": "جامع السوق", "do": "file"}
    )
    assert answer.status_code == 302
    case = Case.objects.latest("pk")
    assert answer["Location"] == reverse("reports:taken", args=[numbers.case_number(case.pk)])
    assert (case.channel, case.applicant["mobile"]) == ("phone", "+966500000071")
    assert case.filed_by_id is not None
    shown = agent.get(answer["Location"]).content.decode()
    assert numbers.show_case_number(case.pk) in shown
    again = agent.post(
        reverse("reports:intake"), {**CALL, "type": "RPT-0101", "landmark": "جامع السوق", "do": "file"}
    )
    assert again["Location"] == answer["Location"]


def test_what_is_open_near_and_the_callers_last_reports_stand_beside(agent: Client) -> None:
    case = filed()
    asked = {**CALL, "mobile": REPORTER["mobile"], "type": "RPT-0101", "pick": pin(case), "do": "look"}
    page = agent.post(reverse("reports:intake"), asked).content.decode()
    number = numbers.case_number(case.pk)
    assert page.count(numbers.show_case_number(case.pk)) == 2
    answer = agent.post(reverse("reports:intake"), {**asked, "do": f"follow-{number}"})
    assert answer.status_code == 302
    assert Follower.objects.get(report_id=case.pk).mobile == REPORTER["mobile"]


def test_what_is_missing_is_said_and_what_was_typed_stays(agent: Client) -> None:
    page = agent.post(reverse("reports:intake"), {**CALL, "mobile": "12", "do": "file"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="سالم"' in text
    assert 'href="#id_mobile"' in text
    assert 'href="#id_type"' in text


def test_a_report_is_mended_sent_passed_on_held_joined_split_and_refused(desk: Desk) -> None:
    agent = desk("rana")
    case, other = filed(), filed(reporter={**REPORTER, "mobile": "+966500000002"})

    def act(one: Case, **data: str) -> Case:
        one.refresh_from_db()
        address = reverse("reports:handle", args=[numbers.case_number(one.pk)])
        answer = agent.post(address, {"revision": str(one.revision), **data})
        assert answer.status_code == 302, answer.content.decode()
        return worked(one)

    assert act(case, do="mend", type="RPT-0401").data["type"] == "RPT-0401"
    act(case, do="split", other_type="RPT-0201", note="وحفرة بجانبه", key="split-000009")
    assert Report.objects.filter(split_from_id=case.pk).exists()
    assert act(case, do="forward", body="electricity", reason="RSN-67").holder == "entity:electricity"
    twin = filed()
    act(other, do="join", into_typed=numbers.case_number(twin.pk))
    assert Report.objects.get(pk=other.pk).merged_into_id == twin.pk
    lost = filed("RPT-0201", answers={"place": None})
    assert act(lost, do="send", to="unit:101-RDS").stage == "own_work"
    agent = desk("dana")
    assert act(lost, do="hold", reason="RSN-64").stage == "on_hold"
    assert act(lost, do="refuse", reason="RSN-62").stage == "rejected"


def test_refusals_stand_beside_their_form(agent: Client) -> None:
    case = filed()
    address = reverse("reports:handle", args=[numbers.case_number(case.pk)])
    stale = agent.post(address, {"do": "mend", "type": "RPT-0401", "revision": str(case.revision - 1)})
    assert stale.status_code == 422
    itself = agent.post(address, {"do": "join", "into_typed": numbers.case_number(case.pk)})
    assert itself.status_code == 422
    assert (
        agent.post(address, {"do": "hold", "reason": "RSN-64", "revision": str(case.revision)}).status_code
        == 422
    )
    assert agent.post(address, {"do": "nothing"}).status_code == 404
    assert agent.get(reverse("reports:handle", args=["26000000000"])).status_code == 404


def test_the_wall_counts_what_is_open_and_late(desk: Desk) -> None:
    client = desk("dana")
    filed("RPT-0208")
    page = client.get(reverse("reports:wall")).content.decode()
    assert 'data-urgent="1"' in page
    with clock.moved(clock.now() + timedelta(hours=5)):
        part = client.get(reverse("reports:wall"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "is-late" in part


def test_contracts_come_from_a_file_all_or_nothing() -> None:
    plan = {
        "contractors": [
            {"code": "c_one", "name": {"ar": "شركة", "en": "One"},
             "contracts": [{"number": "1", "kinds": ["01"], "towns": ["101"]}],
             "crews": [{"code": "ONE-1", "name": {"ar": "فرقة", "en": "Crew"}, "hours": ["06:00", "18:00"]}]},
        ]
    }  # fmt: skip
    assert (load_contracts(plan=plan, by=system("test")), load_contracts(plan=plan, by=system("test"))) == (
        1,
        0,
    )
    assert Contract.objects.filter(number="1").count() == 1
    for wrong in ({"kinds": ["99"]}, {"towns": ["999"]}):
        plan["contractors"][0]["contracts"] = [{"number": "2", **wrong}]
        with pytest.raises(ContractsWrong):
            load_contracts(plan=plan, by=system("test"))
