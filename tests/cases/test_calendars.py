"""Calendars of units, changed calendars and what follows them, and the account of days that then stands."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.utils.translation import override

from diwan.cases import accounting, routing
from diwan.cases.actions.follow_calendar import follow_calendars
from diwan.cases.actions.keep_accounts import keep_accounts
from diwan.cases.calendar_preview import what_moves
from diwan.cases.day_words import days_told
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.catalogue import remembered
from diwan.catalogue.actions import give_calendar, make_calendar, remove_holiday, set_holiday
from diwan.catalogue.models import CalendarChange, Holiday
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.clock import RIYADH
from diwan.people.models import Unit
from tests import cast
from tests.cases import walking
from tests.cases.test_periods import completed, returned
from tests.cases.test_walk import to_review

pytestmark = pytest.mark.usefixtures("city", "registers")
NOW = timedelta()


@pytest.fixture(autouse=True)
def _fresh(city: str) -> Iterator[None]:
    remembered.forget()
    routing.forget()
    CalendarChange.objects.filter(counted_at__isnull=True).update(counted_at=clock.now())
    yield
    remembered.forget()
    routing.forget()


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of Riyadh in 2027."""
    return datetime(2027, month, day, hour, minute, tzinfo=RIYADH)


def local(moment: datetime | None) -> datetime:
    """In Riyadh."""
    assert moment is not None
    return clock.local(moment)


def rain(first: date, last: date) -> "partial[Holiday]":
    """The announcement of a holiday."""
    name = Text("إجازة مطر", "Rain")
    return partial(
        set_holiday, calendar="office", name=name, first=first, last=last, by=cast.actor("it.sara")
    )


def follow() -> int:
    """Let everything open follow; how many deadlines moved by the newest change."""
    while follow_calendars(settled=NOW):
        pass
    return CalendarChange.objects.order_by("-id")[0].moved


def test_an_announced_holiday_moves_what_is_open_and_leaves_what_is_closed() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    with clock.moved(at(1, 3)):
        ended = walking.billed(owner)
        opened = to_review(cast.owner("nasser"))
        late = to_review(owner)
    with clock.moved(at(1, 4, 10)):
        ended = walking.issued(ended)
        late = returned(late, officer)
    with clock.moved(at(1, 5, 11)):
        late = completed(late, owner, "9")
        before = {case.pk: case.due_at for case in (ended, opened, late)}
        assert local(before[opened.pk]) == at(1, 10, 14, 30)
        promised = list(DoneTask.objects.filter(case=ended).order_by("id").values_list("due_at", flat=True))
        moves = what_moves(rain(date(2027, 1, 6), date(2027, 1, 7)))
        assert not Holiday.objects.filter(name_en="Rain").exists(), "only shown"
        assert (moves.later, moves.earlier, moves.late) == (3, 0, 0), [str(one) for one in moves.examples]
        assert {local(one.after) - local(one.before) for one in moves.examples} == {
            timedelta(days=2), timedelta(days=4),
        }  # fmt: skip
        rain(date(2027, 1, 6), date(2027, 1, 7))()
        assert follow_calendars() == 0, "other processes still remember the old calendar"
        assert follow() == 3
        assert follow_calendars(settled=NOW) == 0, "once"
        for one in (opened, late, ended):
            one.refresh_from_db()
        assert local(opened.due_at) == at(1, 12, 14, 30)
        assert local(late.due_at) - local(before[late.pk]) == timedelta(days=2)
        assert local(cast.waiting(opened, "review").due_at) == at(1, 5, 14, 30), "before the holiday"
        task = cast.waiting(late, "review")
        assert local(task.due_at) == at(1, 11, 14, 30)
        assert task.next_level_at is not None and local(task.next_level_at) > at(1, 5, 11)
        row = History.objects.get(case=opened, act="recounted")
        assert row.public and row.why is not None and "إجازة مطر" in row.why["text"]["ar"]
        assert datetime.fromisoformat(row.why["result"][""]) == opened.due_at
        assert ended.due_at == before[ended.pk]
        now = DoneTask.objects.filter(case=ended).order_by("id").values_list("due_at", flat=True)
        assert list(now) == promised
        assert not History.objects.filter(case=ended, act="recounted").exists()
        remove_holiday(holiday_id=Holiday.objects.get(name_en="Rain").pk, by=cast.actor("it.sara"))
        assert follow() == 3
        opened.refresh_from_db()
        assert opened.due_at == before[opened.pk]


def test_the_nearest_calendar_up_wins_and_a_desk_may_work_day_and_night() -> None:
    admin = cast.actor("it.sara")
    with clock.moved(at(1, 3)):
        case = to_review(cast.owner())
        task = cast.waiting(case, "review")
        assert local(task.due_at) == at(1, 5, 14, 30)
        unit = Unit.objects.get(pk=task.unit_id or 0)
        assert unit.parent is not None
        make_calendar(code="night", name=Text("ليل ونهار", "Day and night"), by=admin)
        give = partial(give_calendar, calendar="night", municipalities=[], units=[unit.parent.code], by=admin)
        if unit.parent.municipality_id != unit.municipality_id:
            give = partial(give_calendar, calendar="night", municipalities=[], units=[unit.code], by=admin)
        assert what_moves(give).moved == 1, "the step of that unit; not the promise for the whole"
        give()
        follow()
        task.refresh_from_db()
        case.refresh_from_db()
        assert local(task.due_at) == at(1, 6, 0), "the end of Tuesday, midnight"
        assert local(case.due_at) == at(1, 10, 14, 30)
        assert local(cast.waiting(to_review(cast.owner("nasser")), "review").due_at) == at(1, 6, 0)
        make_calendar(code="own", name=Text("خاص", "Own"), like="office", by=admin)
        give_calendar(calendar="own", municipalities=[], units=[unit.code], by=admin)
        follow()
        task.refresh_from_db()
        assert local(task.due_at) == at(1, 5, 14, 30)


def test_the_account_of_days_and_a_calendar_that_changes_later() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    with clock.moved(at(1, 3)):
        case = cast.run_machine(cast.submit(owner))
    with clock.moved(at(1, 5)):
        case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    with clock.moved(at(1, 6)):
        case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    with clock.moved(at(1, 10)):
        found = accounting.account_of(case)
        assert found.total.working_days == sum(item.working_days for item in found.items) == 5
        # Both bodies had it for two days, one of them for a third; then we for two.
        days = {item.holder: item.working_days for item in found.items}
        assert days == {"us": 2, "entity:civil_defence": 1, "entity:food_drug": 2}
        together = found.of("entity:food_drug").working_time - timedelta(hours=14 / 2 + 7)
        assert abs(together) < timedelta(seconds=5)
        with override("en"):
            assert days_told(found, "en", own=True).startswith("5 working days: 2 with us, ")
        with override("ar"):
            assert days_told(found, "ar", own=True).startswith("5 أيام عمل: 2 عندنا، ")
    with clock.moved(at(1, 11)):
        case = cast.act(
            case, "visit_food", "passed", by=cast.actor("khalid"), answers=walking.met(case, "visit_food")
        )
        case = returned(case, officer)
    with clock.moved(at(1, 14)):
        for number in range(1, 4):
            case = returned(completed(case, owner, str(number)), officer)
        assert case.closed_at is not None and case.spent is not None
        kept = accounting.account_of(case)
        again = accounting.counted(case)
        assert [(one.holder, one.working_days) for one in kept.items] == [
            (one.holder, one.working_days) for one in again.items
        ]
        assert kept.total.working_days == again.total.working_days
        assert kept.days("applicant") == 3
        rain(date(2027, 1, 12), date(2027, 1, 13))()
        assert accounting.counted(case).total.working_days == kept.total.working_days - 2
        case.refresh_from_db()
        assert accounting.account_of(case) == kept, "what is closed is not counted anew"
        Case.objects.filter(pk=case.pk).update(spent=None)
        assert keep_accounts() == 1 and keep_accounts() == 0
        case.refresh_from_db()
        assert accounting.account_of(case).total.working_days == kept.total.working_days - 2
    assert not OpenTask.objects.filter(case=case).exists()
