"""Deadlines of tasks and cases: set, stopped, resumed, and the moments at which lateness is acted upon.

A deadline carries its unit (domain decision 2). While the applicant is asked, only what is left is kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, OpenTask
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import calendar_for
from diwan.flow.table import Deadline
from diwan.kit import terms
from diwan.kit.terms import Term, Unit

_UNITS = {
    "working_days": (Unit.WORKING_DAYS, 1),
    "working_hours": (Unit.WORKING_TIME, 3600),
    "elapsed_hours": (Unit.ELAPSED, 3600),
}


def term_of(deadline: Deadline, service: CompiledService, facts: Mapping[str, Any]) -> Term:
    """The term of a deadline; an amount that is a rule is evaluated over the case."""
    amount = deadline.amount
    if isinstance(amount, str):
        amount = int(service.evaluate(amount, facts).value)
    unit, factor = _UNITS[deadline.unit]
    return Term(unit, amount * factor)


def due_at(
    start: datetime,
    deadline: Deadline,
    service: CompiledService,
    facts: Mapping[str, Any],
    municipality_id: int,
) -> datetime:
    """When a deadline that starts now ends, on the calendar of the municipality."""
    return terms.due(start, term_of(deadline, service, facts), calendar_for(municipality_id))


def start_task(task: OpenTask, service: CompiledService, case: Case, *, at: datetime) -> None:
    """Set the due moment of a new task and the first moment of its ladder of lateness."""
    deadline = service.flow.steps[task.step].deadline
    if deadline is None:
        return
    facts = rule_facts(service, case)
    task.due_at = due_at(at, deadline, service, facts, case.municipality_id)
    task.level = 0
    schedule_level(task, service, facts)


def schedule_level(task: OpenTask, service: CompiledService, facts: Mapping[str, Any]) -> None:
    """Set when the next rung of the ladder is due, or the end of the period when its passing moves the case."""
    step = service.flow.steps[task.step]
    deadline = step.deadline
    if deadline is None or task.due_at is None:
        task.next_level_at = None
        return
    ladder = ladder_of(service, task.step)
    if task.level >= len(ladder):
        task.next_level_at = None
        return
    term = term_of(deadline, service, facts)
    percent = ladder[task.level][0]
    if percent == 100:
        task.next_level_at = task.due_at
    else:
        task.next_level_at = terms.moment_at(
            task.entered_at, term, percent, calendar_for(task.municipality_id)
        )


def ladder_of(service: CompiledService, step_key: str) -> tuple[tuple[int, str], ...]:
    """(per cent, act) of each rung in order; the end of a period that moves the case is the rung (100, `expire`)."""
    step = service.flow.steps[step_key]
    if step.deadline is None:
        return ()
    rungs = [(late.at, late.act) for late in step.deadline.late if late.act != "silence"]
    if step.on_expired is not None:
        rungs = [rung for rung in rungs if rung[0] < 100] + [(100, "expire")]
    return tuple(sorted(rungs))


def pause_case(case: Case, service: CompiledService, *, at: datetime) -> None:
    """Stop the clock of the whole case; what is left is kept in its own unit."""
    deadline = service.flow.deadline
    if case.due_at is None or deadline is None:
        return
    unit = _UNITS[deadline.unit][0]
    left = terms.remaining(at, case.due_at, unit, calendar_for(case.municipality_id))
    case.clock_remaining = {"unit": left.unit.value, "amount": left.amount}
    case.due_at = None


def resume_case(case: Case, service: CompiledService, *, at: datetime) -> None:
    """Let the clock of the whole case run again from what was left."""
    if case.clock_remaining is None:
        return
    left = Term(Unit(case.clock_remaining["unit"]), int(case.clock_remaining["amount"]))
    case.due_at = terms.due(at, left, calendar_for(case.municipality_id))
    case.clock_remaining = None
