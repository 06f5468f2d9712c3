"""Open deadlines follow a changed calendar, some cases at a time; what is closed keeps its dates."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from diwan.cases import events, ladders
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import UndoSlot
from diwan.cases.moving import Entry, write_act
from diwan.cases.recounting import Counted, deadlines, reached
from diwan.catalogue import remembered
from diwan.catalogue.models import CalendarChange
from diwan.catalogue.queries import Calendars, read_calendars
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import system

SETTLED: Final = timedelta(seconds=remembered.KEEP_SECONDS + 10)
"""Until then another process may still open tasks by the calendar that it remembers."""
_AT_ONCE: Final = 50


@transaction.atomic
def follow_calendars(*, settled: timedelta = SETTLED) -> int:
    """Bring some cases to the oldest change that isn't done; how many were looked at. Any number of workers may."""
    changes = CalendarChange.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "calendar"
    )
    waiting = changes.filter(counted_at__isnull=True, recorded_at__lte=clock.real_now() - settled)
    change = waiting.order_by("id").first()
    if change is None:
        return 0
    remembered.forget()
    calendars = read_calendars()
    ids = reached(change.first_day, after=change.after_case)
    for case_id in ids[:_AT_ONCE]:
        change.moved += _follow(case_id, change, calendars)
        change.after_case = case_id
    if len(ids) <= _AT_ONCE:
        change.counted_at = clock.now()
    change.save(update_fields=["after_case", "moved", "counted_at"])
    return len(ids[:_AT_ONCE])


@transaction.atomic
def _follow(case_id: int, change: CalendarChange, calendars: Calendars) -> int:
    """Move the deadlines of one case; how many moved."""
    loaded = lock_case(case_id)
    found = [(one, one.due(calendars)) for one in deadlines([case_id], change.first_day)]
    moved = [(one, due) for one, due in found if due != one.stands]
    if not moved:
        return 0
    for one, due in moved:
        task = loaded.task(one.task.pk) if one.task is not None else None
        if task is not None:
            task.due_at = due
        else:
            loaded.case.due_at = due
    _reschedule(loaded)
    UndoSlot.objects.filter(case_id=case_id).delete()
    _write(loaded, change, moved)
    return len(moved)


def _reschedule(loaded: Loaded) -> None:
    facts = rule_facts(loaded.service, loaded.case)
    for task in loaded.tasks:
        rung = ladders.next_of(task, loaded.service, loaded.case, facts)
        task.next_level_at = rung.at if rung is not None else None
        task.save(update_fields=["due_at", "next_level_at"])
    loaded.case.save(update_fields=["due_at"])


def _write(loaded: Loaded, change: CalendarChange, moved: list[tuple[Counted, datetime]]) -> None:
    """The applicant reads of it when the promise for the whole has moved."""
    case, calendar = loaded.case, change.calendar
    whole = next((one for one, _due in moved if one.task is None), None)
    why = {
        "rule": f"calendar.{calendar.code}",
        "version": case.version_id,
        "inputs": {
            "change": change.pk, "what": change.what, "first_day": change.first_day.isoformat(),
            "before": {one.step: one.stands.isoformat() for one, _due in moved},
        },
        "result": {one.step: due.isoformat() for one, due in moved},
        "text": {
            "ar": f"تغير التقويم «{calendar.name_ar}»: {change.about_ar}",
            "en": f"The calendar “{calendar.name_en}” changed: {change.about_en}",
        },
    }  # fmt: skip
    entry = Entry(
        act="recounted", step=case.stage if whole else moved[0][0].step, public=whole is not None, why=why
    )
    write_act(loaded, by=system("calendars"), entry=entry, at=clock.now())
    if whole is not None:
        emit(
            name=events.MOVED, subject=f"case:{case.pk}",
            data={
                "case": case.pk, "service": case.service, "state": case.state, "stage": case.stage, "act": "recounted",
            },
        )  # fmt: skip
