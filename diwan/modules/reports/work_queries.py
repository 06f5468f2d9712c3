"""Reads of the crew and of the judges: crews of a body or unit, one piece of work, a closing and what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.dateparse import parse_datetime

from diwan.cases import guards
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.queries import Queue, queue_tasks
from diwan.cases.services import service_of
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.modules.reports import sampling
from diwan.modules.reports.models import Arrival, Closing, Crew, Report
from diwan.modules.reports.papers import JUDGING
from diwan.people.actor import Actor
from diwan.people.registry import ACT

MOST: Final = 200
"""Tasks that one list of work or judgement shows."""


def crews_of(actor: Actor) -> list[Crew]:
    """The active crews of the actor's body or unit, by code."""
    if actor.entity_id is not None:
        return list(Crew.objects.filter(entity_id=actor.entity_id, active=True).order_by("code"))
    if actor.unit_id is not None and actor.can(ACT):
        return list(Crew.objects.filter(unit_id=actor.unit_id, active=True).order_by("code"))
    return []


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: the case, its report, the arrival for this task, and closings that came before."""

    case: Case
    report: Report
    arrival: Arrival | None
    earlier: list[Closing]


def work_on(case_id: int, task_id: int) -> Work:
    """What the page of the work reads. The caller has asked whether the task is the actor's."""
    report = Report.objects.select_related("case", "district", "municipality", "crew").get(pk=case_id)
    arrival = Arrival.objects.filter(task_id=task_id).first()
    return Work(report.case, report, arrival, list(Closing.objects.filter(report_id=case_id).order_by("-id")))


def closed_by(actor: Actor, *, case_id: int, task_id: int) -> bool:
    """Whether this very person has closed this very task: a form that comes once more has done its work."""
    mine = Closing.objects.filter(report_id=case_id, task_id=task_id, account_id=actor.account_id)
    return actor.account_id is not None and mine.exists()


def to_judge(actor: Actor) -> list[tuple[OpenTask, Report]]:
    """Closings and disputes that wait for the actor's judgement, what is due first at the top."""
    rows = queue_tasks(actor, Queue(service="report")).filter(step__in=JUDGING)
    chosen = rows.select_related("case__report__district", "case__report__municipality", "case__report__crew")
    return [(task, task.case.report) for task in chosen[:MOST]]


def has_worked_on(actor: Actor, case: Case, step: str) -> bool:
    """Whether the actor may not judge at this step: filed the report, worked on it, or judged it before."""
    if actor.account_id in (case.account_id, case.filed_by_account) and actor.account_id is not None:
        return True
    return actor.account_id in guards.barred(service_of(case.version_id), case, step)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A closing and what speaks for or against it. `taken` is when the last photo after the work was taken, by its
    camera; `wait` the time from the arrival to the closing."""

    closing: Closing
    arrival: Arrival | None
    taken: datetime | None

    @property
    def wait(self) -> timedelta | None:
        """Time on the spot."""
        return self.closing.at - self.arrival.at if self.arrival else None


def evidence(case_id: int, uploads: Sequence[Upload]) -> list[Evidence]:
    """The closings of a report, the newest first. `uploads` are those of the case."""
    arrivals = {one.task_id: one for one in Arrival.objects.filter(report_id=case_id)}
    by_id = {one.pk: one for one in uploads}
    rows = (
        Closing.objects.filter(report_id=case_id).select_related("contractor", "unit", "crew").order_by("-id")
    )
    found = []
    for closing in rows:
        moments = [_taken(by_id[pk]) for pk in closing.after if pk in by_id]
        known = [moment for moment in moments if moment is not None]
        found.append(Evidence(closing, arrivals.get(closing.task_id), max(known, default=None)))
    return found


@dataclass(frozen=True, slots=True)
class Draw:
    """One closing drawn again: the number (0 to 9,999), in the sample if below `limit`, and what was done then."""

    closing: Closing
    drawn: int
    limit: int
    why: dict[str, Any]

    @property
    def in_sample(self) -> bool:
        """Whether the draw puts the closing into the sample at today's rate."""
        return self.drawn < self.limit


def draws(case_id: int) -> list[Draw]:
    """The sample of a report's closings drawn again, in their order, beside what the history says of each draw."""
    told = History.objects.filter(case_id=case_id, act="checked", why__rule="reports.sample").order_by("id")
    whys = [row.why or {} for row in told]
    limit = settings.DIWAN.report_sample_percent * (sampling.STEPS // 100)
    rows = Closing.objects.filter(report_id=case_id).order_by("number")
    return [
        Draw(
            row,
            sampling.draw(sampling.WORK, case_id, row.number),
            limit,
            whys[place] if place < len(whys) else {},
        )
        for place, row in enumerate(rows)
    ]


def dispute_of(case_id: int) -> History | None:
    """What the reporter said last time that it is not fixed."""
    rows = History.objects.filter(case_id=case_id, act="chosen", outcome="dispute")
    return rows.order_by("-id").first()


def routing_of(case_id: int) -> History | None:
    """The rule that sent the report to where it is."""
    rows = History.objects.filter(case_id=case_id, act="checked", why__rule__startswith="reports.route")
    return rows.order_by("-id").first()


def _taken(upload: Upload) -> datetime | None:
    moment = parse_datetime(str(upload.private.get("taken_at") or ""))
    if moment is None:
        return None
    return moment.replace(tzinfo=clock.RIYADH) if moment.tzinfo is None else moment
