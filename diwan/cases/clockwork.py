"""Deadlines of tasks and cases: set, stopped, resumed. What lateness does is in `ladders`.

A deadline carries its unit (domain decision 2). While the applicant is asked, only what is left is kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from diwan.cases.facts import rule_facts
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.deadlines import term_of, unit_of
from diwan.catalogue.queries import calendar_for
from diwan.flow.table import Deadline
from diwan.kit import terms
from diwan.kit.terms import Term, Unit

STANDS: Final[dict[str, Any]] = {}
"""In place of a beginning: the deadline was set by a rule of its own (`carried_clocks`) and is not counted anew."""


def due_at(
    start: datetime,
    deadline: Deadline,
    service: CompiledService,
    facts: Mapping[str, Any],
    municipality_id: int,
    unit_id: int | None = None,
) -> datetime:
    """When a deadline that starts now ends, on the calendar of the unit that does it; of the municipality without."""
    return terms.due(start, term_of(deadline, service, facts), calendar_for(municipality_id, unit_id))


def whole_term(case: Case, service: CompiledService, deadline: Deadline) -> tuple[datetime, Term]:
    """From when the clock of the whole case counts, and how much: since it was opened or last ran again."""
    if not case.clock_from:
        return case.opened_at, term_of(deadline, service, rule_facts(service, case))
    kept = case.clock_from
    return datetime.fromisoformat(kept["at"]), Term(Unit(kept["unit"]), int(kept["amount"]))


def count_from(case: Case, term: Term, *, at: datetime) -> None:
    """Let the clock of the whole case count so much from a moment on, by the calendar of the municipality."""
    case.due_at = terms.due(at, term, calendar_for(case.municipality_id))
    case.clock_from = {"at": at.isoformat(), "unit": term.unit.value, "amount": term.amount}


def pause_case(case: Case, service: CompiledService, *, at: datetime) -> None:
    """Stop the clock of the whole case; what is left is kept in its own unit."""
    deadline = service.flow.deadline
    if case.due_at is None or deadline is None:
        return
    unit = unit_of(deadline, service, rule_facts(service, case))[0]
    left = terms.remaining(at, case.due_at, unit, calendar_for(case.municipality_id))
    case.clock_remaining = {"unit": left.unit.value, "amount": left.amount}
    case.due_at = None


def resume_case(case: Case, service: CompiledService, *, at: datetime) -> None:
    """Let the clock of the whole case run again from what was left."""
    if case.clock_remaining is None:
        return
    left = Term(Unit(case.clock_remaining["unit"]), int(case.clock_remaining["amount"]))
    count_from(case, left, at=at)
    case.clock_remaining = None
