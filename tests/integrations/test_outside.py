"""Outside bodies: asked when a case waits for them, believed when their answer is signed, heard once."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from diwan.cases import routing
from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.opening import Opening
from diwan.cases.registry import ActResult
from diwan.catalogue.queries import compiled_service, shelf
from diwan.integrations.registers import outside
from diwan.kit import clock
from diwan.notify.registry import filled
from diwan.notify.templates import templates
from diwan.outbox.models import Event
from diwan.outbox.registry import Delivered
from diwan.people.actions import define_role
from diwan.people.actor import system
from diwan.people.models import Municipality, Position, Unit
from peers.base import signing
from tests.integrations.conftest import configure
from tests.peers.running import KEY, Peer, running


@pytest.fixture(scope="module")
def registers_process() -> Any:
    """The bodies answer when a test says so, never by themselves."""
    with running("registers", "--answer-after", "-1") as found:
        yield found


def make_town() -> int:
    """A municipality whose licensing unit has a post for every role of the workflow."""
    by, start = system("test"), date(2020, 1, 1)
    town = Municipality.objects.create(
        code="101", name_ar="بلدية", name_en="Town", sort_key="1", valid_from=start
    )
    unit = Unit.objects.create(
        code="LIC",
        department="LIC",
        name_ar="الرخص",
        name_en="Licensing",
        sort_key="1",
        municipality=town,
        valid_from=start,
    )
    for number, code in enumerate(
        ("ROLE-LICENSING-OFFICER", "ROLE-INSPECTOR", "ROLE-SECTION-HEAD", "ROLE-HEAD")
    ):
        role = define_role(code=code, name_ar=code, name_en=code, permissions=["cases.act"], by=by)
        post = Position.objects.create(
            code=f"P{number}", title_ar=code, title_en=code, level=5, unit=unit, valid_from=start
        )
        post.roles.add(role)
    return int(town.pk)


@pytest.fixture
def case(catalogue: str, registers: Peer) -> Case:
    """A shop licence that waits for the Civil Defence and a supervising body."""
    routing.forget()
    town = make_town()
    service = compiled_service("shop-licence-with-approvals", clock.today())
    assert service is not None
    derived = {"permit": True, "supervisor": "health", "visit": False, "food": False, "risk": "medium"}
    [opened] = open_cases(
        [
            Opening(
                service=service,
                municipality_id=town,
                district_id=None,
                applicant={"name": "x"},
                data={"area_m2": 40},
                facts={"derived": derived},
                by=system("test"),
            )
        ]
    )
    task = OpenTask.objects.get(case_id=opened.case_id)
    complete_act(
        case_id=opened.case_id, token=task.token, result=ActResult(outcome="clear", facts={}, why={})
    )
    return Case.objects.get(pk=opened.case_id)


def hear(case: Case, *, age: timedelta = timedelta()) -> None:
    """Deliver the newest event of the case."""
    event = Event.objects.filter(subject=f"case:{case.pk}").latest("id")
    event.at -= age
    outside.ask_bodies(Delivered(event.id, event.name, event.version, event.subject, event.data, event.at))


def asked(peer: Peer, case: Case) -> list[dict[str, Any]]:
    listed = peer.http.get("/control/requests").json()["requests"]
    return [item for item in listed if item["reference"].startswith(f"{case.pk}-")]


def decide(peer: Peer, item: dict[str, Any], state: str) -> dict[str, Any]:
    return dict(peer.http.put(f"/control/requests/{item['id']}", json={"state": state}).json())


def post(data: dict[str, Any], *, key: str = KEY) -> tuple[int, dict[str, Any]]:
    """Status and body of the product's answer to a signed notice."""
    body = json.dumps({"type": "request_answered", "data": data}).encode()
    headers = signing.headers(key=key, notice_id=uuid.uuid4().hex, body=body)
    answer = Client(enforce_csrf_checks=True).post(
        "/registers/answers", data=body, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json()


def test_both_bodies_are_asked_once_without_the_applicants_name(registers: Peer, case: Case) -> None:
    hear(case)
    hear(case)
    items = asked(registers, case)
    assert sorted(item["body"] for item in items) == ["civil_defence", "supervising_body"]


def test_approvals_of_both_bring_the_case_to_the_officer(registers: Peer, case: Case) -> None:
    hear(case)
    for item in asked(registers, case):
        answer = post(decide(registers, item, "approved"))
        assert answer == (200, {"status": "taken"})
    case.refresh_from_db()
    assert case.stage == "review"
    written = History.objects.filter(case=case, act="acted").order_by("id")
    assert {row.actor_en for row in written} == {"Civil Defence", "Ministry of Health"}
    assert all(row.note for row in written)


def test_a_refusal_ends_the_case_with_the_bodys_words(registers: Peer, case: Case) -> None:
    hear(case)
    [item] = [item for item in asked(registers, case) if item["body"] == "civil_defence"]
    assert post(decide(registers, item, "rejected")) == (200, {"status": "taken"})
    case.refresh_from_db()
    assert case.state == "rejected"
    row = History.objects.filter(case=case, act="acted").get()
    assert row.reasons == ["RSN-18"]
    said = filled(case_id=case.pk, language="ar", params={})
    assert said["reason"] == shelf(clock.today()).row("reasons", "RSN-18").name.ar  # type: ignore[union-attr]
    assert (
        "reason" in said
        and said["service"]
        in templates()["REJECTED"].render(channel="email", language="ar", values=said).body
    )
    assert "السلامة" in row.note


def test_the_same_answer_again_and_an_answer_after_the_end_are_quiet(registers: Peer, case: Case) -> None:
    hear(case)
    first = decide(registers, asked(registers, case)[0], "approved")
    assert post(first) == (200, {"status": "taken"})
    assert post(first) == (200, {"status": "closed"})


def test_a_body_that_is_down_is_asked_again_later(registers: Peer, case: Case) -> None:
    registers.switch("civil_defence_requests", "down")
    with pytest.raises(outside.BodySilent):
        hear(case)
    assert [item["body"] for item in asked(registers, case)] == ["supervising_body"]
    registers.reset()
    hear(case)
    assert len(asked(registers, case)) == 2


def test_answers_that_are_forged_or_no_answers_are_refused(registers: Peer, case: Case) -> None:
    hear(case)
    data = decide(registers, asked(registers, case)[0], "approved")
    assert post(data, key="another-key-altogether")[0] == 401
    assert post({**data, "status": "maybe"})[0] == 400
    assert post({**data, "reference": "nobody's"}) == (200, {"status": "unknown"})
    assert post({**data, "reference": "1-1"}) == (200, {"status": "unknown"})
    assert post({**data, "status": "pending"}) == (200, {"status": "unknown"})
    assert OpenTask.objects.filter(case=case, kind="outside").count() == 2


def test_a_stale_event_asks_nobody(registers: Peer, case: Case) -> None:
    hear(case, age=timedelta(days=3))
    assert asked(registers, case) == []


def test_without_a_request_service_the_bodies_answer_on_our_pages(
    registers: Peer, case: Case, settings: LazySettings
) -> None:
    configure(settings, registers_url="")
    hear(case)
    assert asked(registers, case) == []
