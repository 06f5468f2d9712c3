"""Leave of an employee: asked for at the desk, decided by the manager and Human Resources, taken and given back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from diwan.cases.actions.choose import choose
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.errors import CaseNotFound, SamePerson
from diwan.cases.models import Case, CheckResult, Draft, OpenTask
from diwan.cases.visibility import can_see, newest
from diwan.catalogue.queries import compiled_service, search_services, staff_service
from diwan.forms.entry import clean, read_json
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.modules.staffing.actions import grant_days, take_leave
from diwan.modules.staffing.errors import LeaveImpossible
from diwan.modules.staffing.models import Leave, LeaveAccount, LeaveMovement
from diwan.modules.staffing.queries import Asked, balance_of, days_of
from diwan.people.actor import Actor, system
from diwan.people.models import Account, Delegation, Position
from diwan.people.queries import actor_for, capacities
from diwan.web.apply.starting import NotForThisCapacity, begin_own
from tests import cast
from tests.cases.test_walk import steps_of
from tests.desk.conftest import Desk

pytestmark = pytest.mark.usefixtures("city", "registers")

SLUG = "leave-request"


@pytest.fixture(autouse=True)
def _days(city: object) -> None:
    for name in ("fahad", "saad", "wafa", "nora"):
        LeaveAccount.objects.filter(account__username=name).delete()
        grant_days(account_id=Account.objects.get(username=name).pk, days=20, note="1448", by=system("test"))


def asked(who: str = "fahad", deputy: str = "101-LIC-2", ahead: int = 7, long: int = 3, **more: Any) -> Case:
    """A request for leave, as the pages would have sent it."""
    by = cast.actor(who)
    service = staff_service(SLUG, clock.today())
    assert service is not None
    draft = begin_own(service=service, by=by)
    context = form_context(service, applicant=snapshot_of_draft(draft))
    first = clock.today() + timedelta(days=ahead)
    given = {
        "leave_type": "annual", "first_day": first.isoformat(), "deputy": deputy,
        "last_day": (first + timedelta(days=long)).isoformat(),
    }  # fmt: skip
    read = read_json(service.form, {**given, **more}, context)
    assert not read.problems, read.problems
    save_draft(draft_id=draft.pk, values=clean(service.form, read.values, context), typed={}, page="", by=by)
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id)


def granted(case: Case, manager: str = "nora", officer: str = "hanan") -> Case:
    case = cast.act(cast.run_machine(case), "manager", "approve", by=cast.actor(manager))
    return cast.run_machine(cast.act(case, "hr", "approve", by=cast.actor(officer)))


def failed(case: Case) -> set[str]:
    """The checks that stand against a request."""
    case = cast.run_machine(case)
    assert steps_of(case) == {"amend"}
    return set(CheckResult.objects.filter(case_id=case.pk, state="failed").values_list("code", flat=True))


def days(case: Case) -> int:
    made = Leave.objects.get(case_id=case.pk)
    return days_of(made.first_day, made.last_day, case.municipality_id)


def test_a_leave_is_granted_taken_and_gives_the_deputy_the_post() -> None:
    case = cast.run_machine(asked())
    task = cast.waiting(case, "manager")
    assert task.assignee is not None and task.assignee.code == "101-LIC-HEAD"
    case = granted(case)
    fahad = Account.objects.get(username="fahad")
    made = Leave.objects.get(case_id=case.pk)
    assert (case.stage, case.state, case.closed_at) == ("granted", "approved", None)
    assert balance_of(fahad.pk) == 20 - days(case) < 20
    assert LeaveMovement.objects.filter(account=fahad, case_id=case.pk, days=-days(case)).exists()
    with clock.moved(clock.now() + (made.first_day - clock.today())):
        lent = [one for one in capacities(Account.objects.get(username="saad")) if one.wording == "absence"]
        assert [one.position_id for one in lent] == [made.position_id]
    waiting = OpenTask.objects.get(case=case)
    assert waiting.due_at is not None and clock.local(waiting.due_at).date() <= made.last_day + timedelta(
        days=1
    )
    OpenTask.objects.filter(pk=waiting.pk).update(next_level_at=clock.now() - timedelta(minutes=1))
    with clock.moved(waiting.due_at + timedelta(minutes=1)):
        assert act_on_lateness(case_id=case.pk, task_id=waiting.pk)
    assert Case.objects.get(pk=case.pk).stage == "done"


def test_a_cancelled_leave_gives_its_days_and_the_powers_back() -> None:
    case = granted(asked())
    fahad, delegation = Account.objects.get(username="fahad"), Leave.objects.get(case_id=case.pk).delegation
    choose(case_id=case.pk, outcome="cancel", by=cast.actor("fahad"))
    case = cast.run_machine(case)
    assert (case.stage, balance_of(fahad.pk)) == ("cancelled", 20)
    delegation.refresh_from_db()
    assert delegation.revoked_at is not None
    again = granted(asked())
    made = Leave.objects.get(case_id=again.pk)
    with clock.moved(clock.now() + (made.first_day - clock.today())):
        choose(case_id=again.pk, outcome="cancel", by=cast.actor("fahad"))
        cast.run_machine(again)
    made.refresh_from_db()
    assert made.last_day == made.first_day and balance_of(fahad.pk) == 20 - made.days


def test_what_stands_against_a_leave_is_told_before_anybody_decides() -> None:
    granted(asked("fahad", "101-LIC-2"))
    assert failed(asked("fahad", "101-LIC-3")) == {"overlap"}
    Draft.objects.all().delete()
    assert failed(asked("wafa", "101-LIC-1")) == {"deputy"}
    assert failed(asked("saad", "101-LIC-3")) == {"stands_in"}
    assert failed(asked("wafa", "101-LIC-2", ahead=40, long=33)) == {"balance"}
    assert failed(asked("nora", "101-LIC-3", ahead=40, long=20, leave_type="emergency")) == {"length"}
    with pytest.raises(AssertionError, match="deputy"):
        asked("nora", "000-FIN-1")


def test_of_two_leaves_that_exclude_each_other_one_takes_effect() -> None:
    """Judged both, decided both: the second is refused when it is to take effect, and goes back to the books."""
    first, second = asked("fahad", "101-LIC-2"), asked("saad", "101-LIC-1")
    first, second = cast.run_machine(first), cast.run_machine(second)
    for case in (first, second):
        cast.act(case, "manager", "approve", by=cast.actor("nora"))
        cast.act(case, "hr", "approve", by=cast.actor("hanan"))
    assert cast.run_machine(first).stage == "granted"
    assert cast.run_machine(second).stage == "books"
    assert failed(second) >= {"stands_in"}
    assert balance_of(Account.objects.get(username="saad").pk) == 20
    fahad = Account.objects.get(username="fahad")
    post = Position.objects.get(code="101-LIC-1")
    far = clock.today() + timedelta(days=200)
    wanted = Asked(
        account_id=fahad.pk, position_id=post.pk, first=far, last=far + timedelta(60), deputy="101-LIC-2"
    )
    with pytest.raises(LeaveImpossible):
        take_leave(asked=wanted, kind="annual", counted=True, case_id=1, by=system("test"))
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveAccount.objects.filter(account=fahad).update(days=-1)
    assert not Delegation.objects.filter(decision_number="1").exists()


def test_only_those_concerned_read_it() -> None:
    case = cast.run_machine(asked())
    sees = {
        name: can_see(cast.actor(name), case)
        for name in ("fahad", "nora", "saad", "abdulaziz", "hanan", "ibrahim")
    }
    assert sees == {
        "fahad": True, "nora": True, "saad": False, "abdulaziz": False, "hanan": False, "ibrahim": True,
    }  # fmt: skip
    assert case.pk in {one.pk for one in newest(cast.actor("fahad"), limit=50)}
    assert case.pk not in {one.pk for one in newest(cast.actor("abdulaziz"), limit=50)}
    with pytest.raises(CaseNotFound):
        cast.act(case, "manager", "approve", by=cast.actor("saad"))
    case = cast.act(case, "manager", "approve", by=cast.actor("nora"))
    assert can_see(cast.actor("hanan"), case) and can_see(cast.actor("nora"), case)
    assert compiled_service(SLUG, clock.today()) is None
    assert SLUG not in {card.slug for card in search_services("إجازة", on=clock.today())}


def test_nobody_decides_on_the_own_leave_nor_asks_on_behalf() -> None:
    hanan = cast.run_machine(asked_by_hanan())
    task = cast.waiting(hanan, "manager")
    assert task.assignee is not None and task.assignee.code == "000-AMIN"
    amin = _amin()
    hanan = cast.act(hanan, "manager", "approve", by=amin)
    with pytest.raises(SamePerson):
        cast.act(hanan, "hr", "approve", by=cast.actor("hanan"))
    case = granted(asked(ahead=0))
    assert case.stage == "granted"
    saad = Account.objects.get(username="saad")
    lent = next(one for one in capacities(saad) if one.wording == "absence")
    service = staff_service(SLUG, clock.today())
    assert service is not None
    with pytest.raises(NotForThisCapacity):
        begin_own(service=service, by=actor_for(saad, lent.code, session="a session"))
    with pytest.raises(NotForThisCapacity):
        begin_own(service=service, by=cast.owner())


def asked_by_hanan() -> Case:
    grant_days(account_id=Account.objects.get(username="hanan").pk, days=20, note="1448", by=system("test"))
    return asked("hanan", "000-HR-2")


def _amin() -> Actor:
    post = Position.objects.get(code="000-AMIN")
    held = post.holdings.select_related("account").get(valid_to__isnull=True)
    return actor_for(held.account, f"position:{post.pk}", session="a session")


def test_an_employee_asks_at_the_desk_and_follows_it_there(desk: Desk) -> None:
    fahad = desk("fahad")
    page = fahad.get("/desk/mine").content.decode()
    assert "طلب إجازة" in page
    begun = fahad.post(f"/desk/mine/start/{SLUG}")
    draft = Draft.objects.get(channel="desk")
    assert begun.headers["Location"] == f"/apply/{draft.pk}/"
    form = fahad.get(f"/apply/{draft.pk}/p/days").content.decode()
    assert "سعد محمد" in form and "ريم خالد" not in form
    assert desk("saad").get(f"/apply/{draft.pk}/p/days").status_code == 404
    Draft.objects.all().delete()
    case = granted(asked())
    address = f"/desk/mine/{case_number(case.pk)}"
    shown = fahad.get(address).content.decode()
    assert "إلغاء الإجازة" in shown and "الإجازة معتمدة" in shown
    assert desk("saad").get(address).status_code == 404
    assert desk("nora").get(address).status_code == 404, "it is not hers"
    assert fahad.post(f"{address}/act", {"outcome": "nonsense"}).status_code == 422
    assert fahad.post(f"{address}/act", {"outcome": "cancel"}).status_code == 302
    assert Case.objects.get(pk=case.pk).stage == "returning"
    beside = desk("hanan").get(f"/desk/case/{case_number(case.pk)}").content.decode()
    assert "أيام العمل المطلوبة" in beside


def test_days_are_granted_by_the_operator() -> None:
    call_command("leave", "grant", "saad", "5", "1448")
    assert balance_of(Account.objects.get(username="saad").pk) == 25
