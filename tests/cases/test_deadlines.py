"""Deadlines on the calendar of the municipality, stopped while the applicant is asked, and what lateness does."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from diwan.cases import clockwork, routing
from diwan.cases.actions.drafts import save_draft, start_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.remarks import Remark
from diwan.catalogue import remembered
from diwan.catalogue.actions import set_holiday
from diwan.catalogue.queries import compiled_service
from diwan.flow.table import Deadline, Text
from diwan.jobs.lateness import act_on_late
from diwan.kit import clock
from diwan.kit.clock import RIYADH
from diwan.notify.models import Message
from diwan.people.actions import delegate
from diwan.people.actor import system
from diwan.people.models import Account, Municipality, Position
from tests import cast
from tests.cases.test_walk import steps_of, to_review

pytestmark = pytest.mark.usefixtures("city", "registers")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    remembered.forget()
    routing.forget()
    yield
    remembered.forget()
    routing.forget()


def at(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2027) -> datetime:
    """A moment of Riyadh."""
    return datetime(year, month, day, hour, minute, tzinfo=RIYADH)


def town() -> int:
    """The municipality of the tests."""
    return Municipality.objects.get(code="101").pk


def due(start: datetime, deadline: Deadline) -> datetime:
    """When a deadline that starts then ends there, in local time."""
    service = compiled_service(cast.WITH_APPROVALS, clock.today())
    assert service is not None
    return clock.local(clockwork.due_at(start, deadline, service, {}, town()))


def percent_of(row: History) -> int:
    """At how many per cent a rung was climbed."""
    assert row.why is not None
    return int(row.why["inputs"]["percent"])


def told(case: Case) -> list[tuple[str, int]]:
    """(address before the @, per cent) of every late notice of the case, in order."""
    rows = Message.objects.filter(case_id=case.pk, template="LATE_STAFF").order_by("id")
    return [(row.address.partition("@")[0], row.params["percent"]) for row in rows]


@pytest.mark.parametrize(
    ("start", "deadline", "end"),
    [
        # Thursday: Friday and Saturday are the weekend, so two working days end on Monday.
        (at(1, 7), Deadline(2, "working_days"), at(1, 11, 14, 30)),
        # Founding Day, Monday 22 February 2027, lies in Ramadan (from 8 February): offices close at 15:00.
        (at(2, 21), Deadline(1, "working_days"), at(2, 23, 15)),
        # Eid al-Fitr, 3 to 14 March 2027, falls between; after Ramadan offices close at 14:30 again.
        (at(3, 2), Deadline(1, "working_days"), at(3, 15, 14, 30)),
        # Two working hours from the end of a day in Ramadan go on at ten the next morning.
        (at(2, 9, 14), Deadline(2, "working_hours"), at(2, 10, 11)),
        # The same two hours outside Ramadan go on at half past seven.
        (at(1, 12, 13, 30), Deadline(2, "working_hours"), at(1, 13, 8, 30)),
        # Elapsed hours know neither night nor weekend nor holiday.
        (at(3, 3), Deadline(72, "elapsed_hours"), at(3, 6)),
    ],
    ids=["weekend", "holiday in Ramadan", "Eid", "Ramadan hours", "usual hours", "elapsed"],
)
def test_a_deadline_goes_by_its_unit_and_the_days_of_the_year(
    start: datetime, deadline: Deadline, end: datetime
) -> None:
    assert due(start, deadline) == end


def test_a_holiday_that_is_announced_moves_what_is_due_after_it() -> None:
    before = due(at(1, 10), Deadline(3, "working_days"))
    editor = cast.actor("it.sara")
    set_holiday(
        calendar="office", name=Text("إجازة مطر", "Rain"), first=date(2027, 1, 12), last=date(2027, 1, 12), by=editor,
    )  # fmt: skip
    assert due(at(1, 10), Deadline(3, "working_days")) == before + timedelta(days=1)


def test_the_clock_stands_still_while_the_applicant_is_asked() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    start = at(1, 3)
    with clock.moved(start):
        case = to_review(owner)
        promised = case.due_at
        assert promised is not None
        assert clock.local(promised) == at(1, 10, 14, 30), "five working days"
    with clock.moved(at(1, 5, 11)):
        case = cast.act(
            case, "review", "return", by=officer, field_remarks=[Remark("unit_no", "RSN-21", "رقم الوحدة")]
        )
        assert (case.due_at, case.clock_remaining) == (None, {"unit": "working_days", "amount": 3})
        assert act_on_late() == 0, "nothing of ours is late meanwhile"
    with clock.moved(at(1, 20, 10)):
        draft = start_draft(
            version_id=case.version_id,
            days=30,
            by=owner,
            values={**case.data, "unit_no": "9"},
            amends=case.pk,
        )
        save_draft(draft_id=draft.pk, values={**case.data, "unit_no": "9"}, typed={}, page="", by=owner)
        submit_draft(draft_id=draft.pk, by=owner)
        case.refresh_from_db()
        assert case.clock_remaining is None
        assert case.due_at is not None
        assert clock.local(case.due_at) == at(1, 25, 14, 30), "the three days that were left"


def test_the_ladder_of_a_step_reminds_then_escalates() -> None:
    with clock.moved(at(1, 3)):
        case = to_review(cast.owner())
        task = cast.waiting(case, "review")
        assert clock.local(task.due_at) == at(1, 5, 14, 30)  # type: ignore[arg-type]
        assert not act_on_lateness(case_id=case.pk, task_id=task.pk)
    with clock.moved(at(1, 5, 11)):
        assert act_on_late() == 1
        assert {percent for _, percent in told(case)} == {75}
        assert "nora" not in {name for name, _ in told(case)}, "the head is not troubled by a reminder"
    with clock.moved(at(1, 5, 14, 31)):
        assert act_on_late() == 1
        assert ("nora", 100) in told(case)
    rows = list(History.objects.filter(case=case, act="escalated").order_by("id"))
    assert [(row.outcome, percent_of(row)) for row in rows] == [
        ("remind", 75),
        ("escalate", 100),
    ]
    assert all(row.capacity == "system:deadlines" and not row.public for row in rows)


def test_the_ladder_of_the_whole_climbs_at_75_100_150_and_200() -> None:
    """Levels are data of the workflow; each further escalation goes one level higher."""
    with clock.moved(at(1, 3)):
        case = to_review(cast.owner())
    levels = {75: at(1, 7, 13), 100: at(1, 10, 14, 31), 150: at(1, 13, 12), 200: at(1, 17, 14, 31)}
    for percent, moment in levels.items():
        with clock.moved(moment):
            while act_on_late():
                pass
        case.refresh_from_db()
        whole = [
            percent_of(row)
            for row in History.objects.filter(case=case, act="escalated").order_by("id")
            if row.why is not None and row.why["rule"] == "deadline"
        ]
        assert whole[-1] == percent, whole
    assert case.late_level == 4
    assert not OpenTask.objects.filter(case=case, next_level_at__isnull=False).exists()
    names = dict.fromkeys(name for name, percent in told(case) if percent == 200)
    assert "abdulaziz" in names, "the head of the municipality hears of it at last"
    assert "abdulaziz" not in [name for name, percent in told(case) if percent == 100]


def test_what_was_stopped_climbs_later() -> None:
    with clock.moved(at(1, 3)):
        case = to_review(cast.owner())
    Case.objects.filter(pk=case.pk).update(due_at=at(1, 20, 14, 30))
    task = cast.waiting(case, "review")
    OpenTask.objects.filter(pk=task.pk).update(level=2, next_level_at=at(1, 6))
    with clock.moved(at(1, 7, 13)):
        assert act_on_late() == 0, "the whole was stopped for a while, so three quarters have not passed"
    task.refresh_from_db()
    assert task.next_level_at is not None
    assert clock.local(task.next_level_at).date() == date(2027, 1, 19)


def test_a_visit_nobody_made_goes_back_to_the_unit() -> None:
    with clock.moved(at(1, 3)):
        case = cast.run_machine(cast.submit(cast.owner()))
        case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
        case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
        assert steps_of(case) == {"visit_food"}
        inspector = cast.actor("khalid")
        OpenTask.objects.filter(case=case).update(assignee=inspector.position_id)
    with clock.moved(at(1, 7, 14)):
        while act_on_late():
            pass
    task = cast.waiting(case, "visit_food")
    assert task.assignee_id is None
    assert task.level == 3


def test_a_deputy_is_told_for_the_one_on_leave() -> None:
    with clock.moved(at(1, 3)):
        case = to_review(cast.owner())
        officer, deputy = _post("fahad"), _other_officer()
        OpenTask.objects.filter(case=case).update(assignee=officer)
        delegate(
            delegator=officer, receiver=deputy, kind="absence", decision_number="ق/12", valid_from=date(2027, 1, 1),
            valid_to=date(2027, 1, 31), by=system("tests"),
        )  # fmt: skip
    with clock.moved(at(1, 5, 11)):
        act_on_late()
    mail = Account.objects.get(holdings__position=deputy, holdings__valid_to__isnull=True).email
    assert (mail or "").partition("@")[0] in [name for name, _ in told(case)]


def _post(login: str) -> Position:
    return Position.objects.get(holdings__account__username=login, holdings__valid_to__isnull=True)


def _other_officer() -> Position:
    mine = _post("fahad")
    found = (
        Position.objects.filter(unit=mine.unit, roles__code="ROLE-LICENSING-OFFICER")
        .exclude(pk=mine.pk)
        .first()
    )
    assert found is not None
    return found
