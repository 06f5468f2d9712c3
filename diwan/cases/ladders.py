"""What lateness does and when: the ladder of a step and the ladder of the whole case, both data of the workflow.

A task carries the moment of the next rung of either, so one index tells what has come due. Percentages count from the
beginning of the deadline, with the time taken out during which the applicant was asked (domain decision 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from diwan.cases.models import Case, OpenTask
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.deadlines import term_of
from diwan.catalogue.queries import calendar_for
from diwan.flow.table import Deadline
from diwan.kit import clock, terms
from diwan.kit.calendars import WorkingCalendar, add_working_days
from diwan.kit.terms import Term, Unit

EXPIRE: Final = "expire"
_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    """At this moment so many per cent have passed and `act` is due. `escalation` counts the escalations up to it."""

    at: datetime
    whole: bool
    percent: int
    act: str
    escalation: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task as the ladders see it: open already, or about to be opened."""

    step: str
    municipality_id: int
    entered_at: datetime
    due_at: datetime | None
    level: int = 0
    unit_id: int | None = None


def next_rung(
    task: Waiting,
    service: CompiledService,
    facts: Mapping[str, Any],
    *,
    whole_due: datetime | None,
    whole_level: int,
) -> Rung | None:
    """The earlier of the next rung of the task's own ladder and the next of the whole's; the task's own where equal.

    `whole_due` is the case's due moment (None while its clock stands still), `whole_level` the rungs done of it.
    """
    rungs = [_own(task, service, facts, calendar_for(task.municipality_id, task.unit_id))]
    if whole_due is not None and service.flow.deadline is not None:
        calendar = calendar_for(task.municipality_id)
        rungs.append(_whole(service.flow.deadline, service, facts, whole_due, whole_level, calendar))
    return min((rung for rung in rungs if rung is not None), default=None)


def next_of(task: OpenTask, service: CompiledService, case: Case, facts: Mapping[str, Any]) -> Rung | None:
    """The next rung of a task of a case that is at hand."""
    seen = Waiting(
        task.step, task.municipality_id, task.entered_at, task.due_at, task.level, unit_id=task.unit_id
    )
    return next_rung(seen, service, facts, whole_due=case.due_at, whole_level=case.late_level)


def ladder(deadline: Deadline | None, *, expires: bool) -> tuple[tuple[int, str], ...]:
    """(per cent, act) of each rung in order; a period whose end moves the case ends with (100, `expire`)."""
    if deadline is None:
        return ()
    rungs = [(late.at, late.act) for late in deadline.late if late.act != "silence"]
    if expires:
        rungs = [rung for rung in rungs if rung[0] < 100] + [(100, EXPIRE)]
    return tuple(sorted(rungs))


def _own(
    task: Waiting, service: CompiledService, facts: Mapping[str, Any], calendar: WorkingCalendar
) -> Rung | None:
    step = service.flow.steps[task.step]
    if step.until is not None:
        come = task.due_at if task.level == 0 else None
        return Rung(come, whole=False, percent=100, act=EXPIRE, escalation=0) if come is not None else None
    rungs = ladder(step.deadline, expires=step.on_expired is not None)
    if step.deadline is None or task.due_at is None or task.level >= len(rungs):
        return None
    term = term_of(step.deadline, service, facts)
    return _rung(rungs, task.level, _Span(task.due_at, term, calendar, begun=task.entered_at), whole=False)


def _whole(
    deadline: Deadline, service: CompiledService, facts: Mapping[str, Any], due: datetime, level: int,
    calendar: WorkingCalendar,
) -> Rung | None:  # fmt: skip
    rungs = ladder(deadline, expires=False)
    if level >= len(rungs):
        return None
    return _rung(rungs, level, _Span(due, term_of(deadline, service, facts), calendar), whole=True)


@dataclass(frozen=True, slots=True)
class _Span:
    """A deadline on its calendar. Without `begun` it may have been stopped: its beginning follows from its end."""

    due: datetime
    term: Term
    calendar: WorkingCalendar
    begun: datetime | None = None

    def moment(self, percent: int) -> datetime:
        """When so many per cent of the term have passed."""
        if percent == 100:
            return self.due
        days = self.term.unit is Unit.WORKING_DAYS
        if percent > 100:
            end = self.due - _INSTANT if days else self.due
            return terms.moment_at(end, self.term, percent - 100, self.calendar)
        if self.begun is None and self.term.unit is Unit.WORKING_TIME:
            return self._from_now(percent)
        return terms.moment_at(self.begun or self._beginning(), self.term, percent, self.calendar)

    def _beginning(self) -> datetime:
        """When it would have begun had it never been stopped."""
        if self.term.unit is Unit.WORKING_DAYS:
            return add_working_days(self.due - _INSTANT, -self.term.amount, self.calendar) - _INSTANT
        return self.due - timedelta(seconds=self.term.amount)

    def _from_now(self, percent: int) -> datetime:
        """Working time is not counted back: so much of it from now until the rest of the term is left."""
        now = clock.now()
        left = terms.remaining(now, self.due, self.term.unit, self.calendar).amount
        spare = left - self.term.amount * (100 - percent) // 100
        return terms.due(now, Term(self.term.unit, max(0, spare)), self.calendar)


def _rung(rungs: tuple[tuple[int, str], ...], level: int, span: _Span, *, whole: bool) -> Rung:
    percent, act = rungs[level]
    escalation = [done for _, done in rungs[: level + 1]].count("escalate")
    return Rung(span.moment(percent), whole, percent, act, escalation)
