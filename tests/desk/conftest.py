"""Employees at their desks: a browser session for anybody of the cast, and cases where they wait for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from diwan.cases import routing
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.models import Case, OpenTask
from diwan.cases.opening import Opening
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.catalogue import remembered
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.kit.ports import Answer
from diwan.people.actor import system
from diwan.people.models import Account, Municipality
from tests import cast
from tests.cases.conftest import registers
from tests.desk.signed_in import session_of

__all__ = ["registers"]

Desk = Callable[..., Client]


@pytest.fixture
def desk(city: str, registers: cast.Registers, settings: Any) -> Desk:
    """`desk("fahad")`: a client in which the person is signed in with password and authenticator."""

    def signed_in(username: str, *, lang: str = "ar", kind: str = "") -> Client:
        client = Client(SERVER_NAME="testserver")
        session_of(client, Account.objects.get(username=cast.IDS.get(username, username)), kind=kind)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
        return client

    return signed_in


def visit_afresh(client: Client, page: str) -> None:
    """Open a page with nothing kept: what it keeps for seconds does not run out in the midst of the next visit."""
    remembered.forget()
    routing.forget()
    assert client.get(page).status_code == 200


def address(case: Case) -> str:
    """The page of a case."""
    return f"/desk/case/{case_number(case.pk)}"


def asked_bodies() -> Case:
    """A restaurant that waits for both outside bodies."""
    return cast.run_machine(cast.submit(cast.owner()))


def to_visit() -> Case:
    """A restaurant that both bodies have approved: the inspector visits it."""
    case = cast.act(asked_bodies(), "civil_defence", "approve", by=cast.actor("cd.yousef"))
    return cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))


def to_review() -> Case:
    """The same at the licensing officer's desk, after a visit in order."""
    case = to_visit()
    met = {item.code: "met" for item in service_of(case.version_id).checklist("CHK-FOOD")}
    return cast.act(case, "visit_food", "passed", by=cast.actor("khalid"), answers=met)


def to_head() -> Case:
    """The same before the head of the municipality."""
    case = cast.act(to_review(), "review", "recommend", by=cast.actor("fahad"))
    return cast.act(case, "section_review", "recommend", by=cast.actor("nora"))


def returned(case: Case) -> Case:
    """Returned by fahad with remarks on an answer and a photo."""
    remarks = [
        Remark("unit_no", "RSN-02", "رقم الوحدة لا يطابق الصورة"),
        Remark("facade", "RSN-02", "صورة أوضح"),
    ]
    return cast.act(case, "review", "return", by=cast.actor("fahad"), field_remarks=remarks)


def form_of(case: Case, step: str, outcome: str, **more: Any) -> dict[str, Any]:
    """What the page of a case posts."""
    task = OpenTask.objects.get(case=case, step=step)
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return {"task": task.pk, "revision": revision, "outcome": outcome, **more}


def at_manual_check(registers: cast.Registers, count: int) -> list[Case]:
    """Cases for which a register was silent: the officer checks by hand. Opened as one set."""
    draft = cast.fill_draft(cast.owner())
    service = service_of(draft.version_id)
    opening = Opening(
        service=service, municipality_id=Municipality.objects.get(code="101").pk, district_id=None,
        applicant={"national_id": "1098765439", "party_id": "1098765439", "name_ar": "سالم", "name_en": "Salem"},
        data=draft.data, facts={"derived": {"risk": "high", "food": True}}, by=system("tests"), channel="api",
    )  # fmt: skip
    registers.say("leases", Answer(status="silent", data={}, asked_at=clock.now(), took_ms=3))
    ids = [opened.case_id for opened in open_cases([opening] * count)]
    return [cast.run_machine(Case.objects.get(pk=pk)) for pk in ids]
