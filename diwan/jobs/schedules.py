"""Work by the calendar: partitions made ahead, what has expired removed, payments reconciled, status lists fetched.

A row for each schedule says when it runs next; its lock decides who runs it, so any number of workers may run.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from diwan.cases.actions.index_words import index_missing
from diwan.cases.actions.keep_accounts import keep_accounts
from diwan.cases.actions.prune import prune_drafts, prune_keys
from diwan.documents.actions import refresh_status_lists
from diwan.files.actions import collect_garbage
from diwan.jobs.models import ScheduleRun
from diwan.kit import clock, tracing
from diwan.modules.reports.actions import ask_later
from diwan.outbox.actions import prune_delivered
from diwan.payments.actions import reconcile
from diwan.people.actions import prune_codes, prune_sign_ins, prune_windows
from diwan.registers.actions import remind_expiring
from diwan.sandbox.actions import prune_runs
from diwan.webhooks.actions import prune_deliveries

log = logging.getLogger("diwan.jobs")
SOON: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A function run at most once in every `every`."""

    name: str
    run: Callable[[], object]
    every: timedelta


def make_partitions() -> None:
    """Partitions of this month and year and of the next ones."""
    now = clock.now()
    with connection.cursor() as cursor:
        for ahead in (0, 31, 62, 366):
            cursor.execute("SELECT diwan_make_partitions(%s)", [now + timedelta(days=ahead)])


SCHEDULES: Final = (
    Schedule("partitions", make_partitions, timedelta(hours=12)),
    Schedule("drafts", prune_drafts, timedelta(hours=1)),
    Schedule("keys", prune_keys, timedelta(hours=6)),
    Schedule("garbage", collect_garbage, timedelta(hours=1)),
    Schedule("codes", prune_codes, timedelta(hours=1)),
    Schedule("status lists", refresh_status_lists, timedelta(hours=1)),
    Schedule("sign-ins", prune_sign_ins, timedelta(hours=24)),
    Schedule("windows", lambda: prune_windows(), timedelta(hours=6)),
    Schedule("reconciliation", lambda: reconcile(day=clock.today() - timedelta(days=1)), timedelta(hours=24)),
    Schedule("events", lambda: prune_delivered(), timedelta(hours=6)),
    Schedule("webhooks", lambda: prune_deliveries(), timedelta(hours=1)),
    Schedule("licences that expire", lambda: remind_expiring(), timedelta(hours=1)),
    Schedule("words", lambda: index_missing(), timedelta(hours=1)),
    Schedule("accounts of days", lambda: keep_accounts(), timedelta(hours=1)),
    Schedule("reports later", ask_later, timedelta(hours=1)),
    Schedule("sandbox", prune_runs, timedelta(hours=24)),
)


def run_due() -> int:
    """Run the schedules whose time has come; the number run. One that fails holds up nobody and is soon tried again."""
    done = 0
    for schedule in SCHEDULES:
        if _take(schedule):
            with tracing.following("", capacity="system:schedules"):
                _run(schedule)
            done += 1
    return done


def _run(schedule: Schedule) -> None:
    try:
        schedule.run()
    except Exception as error:
        log.exception("schedule %s failed", schedule.name)
        _soon_again(schedule, type(error).__name__)
    else:
        ScheduleRun.objects.filter(name=schedule.name).update(last_at=clock.real_now(), error="")


@transaction.atomic
def _take(schedule: Schedule) -> bool:
    """Whether it is this worker's turn now: the row is advanced before the work, under a lock."""
    now = clock.real_now()
    ScheduleRun.objects.get_or_create(name=schedule.name, defaults={"next_at": now})
    row = (
        ScheduleRun.objects.select_for_update(skip_locked=True)
        .filter(name=schedule.name, next_at__lte=now)
        .first()
    )
    if row is None:
        return False
    row.next_at = now + schedule.every
    row.save(update_fields=["next_at"])
    return True


def _soon_again(schedule: Schedule, error: str) -> None:
    """A day that could not be reconciled at night must not wait for the next night."""
    now = clock.real_now()
    ScheduleRun.objects.filter(name=schedule.name).update(
        next_at=now + min(SOON, schedule.every), last_at=now, error=error[:80]
    )
