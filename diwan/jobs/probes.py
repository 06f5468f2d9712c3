"""Work by the calendar: when each ran, what came of it, when it runs next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from diwan.health.registry import Finding, State, probe, seconds_since
from diwan.jobs.models import ScheduleRun
from diwan.jobs.schedules import SCHEDULES
from diwan.kit import clock
from diwan.kit.errors import N_

OVERDUE: Final = timedelta(minutes=10)
_NAMES: Final = {
    "partitions": N_("Room for the coming months"),
    "drafts": N_("Old drafts removed"),
    "keys": N_("Old keys of requests removed"),
    "garbage": N_("Files that nobody needs removed"),
    "codes": N_("Used codes removed"),
    "status lists": N_("Revocation lists fetched"),
    "sign-ins": N_("Old notes of sign-ins removed"),
    "windows": N_("Old counts of attempts removed"),
    "reconciliation": N_("Payments compared with the bank's list"),
    "events": N_("Delivered events removed"),
    "words": N_("Missing words of the search added"),
    "webhooks": N_("Old deliveries to partners removed"),
    "licences that expire": N_("Holders reminded of licences that expire"),
    "accounts of days": N_("Accounts of days written down"),
    "reports later": N_("Reporters asked again after four weeks"),
}


@probe("schedules", "jobs.schedules")
def schedules() -> Iterator[Finding]:
    """One line a schedule; red where it is overdue, amber where it failed and is tried again."""
    now = clock.real_now()
    rows = {row.name: row for row in ScheduleRun.objects.all()}
    for schedule in SCHEDULES:
        row = rows.get(schedule.name)
        state: State = "good"
        says = N_("Next run")
        if row is None or row.next_at + OVERDUE < now:
            state, says = ("watch", N_("Has not run yet.")) if row is None else ("bad", N_("Overdue since"))
        elif row.error:
            state, says = "watch", N_("It failed with {error} and is tried again")
        yield Finding(
            key=f"schedule.{schedule.name.replace(' ', '_')}", name=_NAMES.get(schedule.name, schedule.name),
            state=state, says=says, params={"error": row.error if row else ""}, at=row.next_at if row else None,
            age=seconds_since(row.last_at, now=now) if row else None,
            advice=N_("See whether the worker lives, and what its log says of this schedule."),
        )  # fmt: skip
