"""Deadlines of a case that is carried over to another version.

A period that is the same goes on. A longer one counts from the beginning. A shorter one counts from the move and ends
no later than the former one would have: nobody is late, and no silence speaks, by the move itself. (The transitional
rule of civil codes for periods that a new law shortens.)
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from diwan.cases import amending, clockwork, ladders
from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, OpenTask
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.deadlines import term_of
from diwan.flow.table import Step

_Rungs = tuple[tuple[int, str], ...]


def of_task(
    task: OpenTask, before: Step, after: Step, new: CompiledService, facts: Mapping[str, Any], *, at: datetime
) -> None:
    """The due moment of a task and how many rungs of its ladder are done."""
    was, now = _rungs(before), _rungs(after)
    if was != now:
        task.level = _level(task.level, was, now)
    if before.deadline == after.deadline or after.until is not None:
        return
    if after.deadline is None:
        task.due_at = None
        return
    desk = (task.municipality_id, task.unit_id)
    from_start = clockwork.due_at(task.entered_at, after.deadline, new, facts, *desk)
    from_now = clockwork.due_at(at, after.deadline, new, facts, *desk)
    task.due_at = _later_rule(task.due_at, from_start=from_start, from_now=from_now)
    task.clock_from = None if task.due_at == from_start else clockwork.STANDS


def whole(case: Case, old: CompiledService, new: CompiledService, *, at: datetime) -> None:
    """The deadline of the whole case. While its clock stands still, what is left of it stays."""
    before, after = old.flow.deadline, new.flow.deadline
    if before == after:
        return
    was = ladders.ladder(before, expires=False)
    case.late_level = _level(case.late_level, was, ladders.ladder(after, expires=False))
    if after is None:
        case.due_at, case.clock_remaining = None, None
        return
    if case.clock_remaining is not None:
        return
    facts = rule_facts(new, case)
    started = case.opened_at + amending.stood_still(case, old, until=at)
    former = case.due_at
    clockwork.count_from(case, term_of(after, new, facts), at=started)
    from_now = clockwork.due_at(at, after, new, facts, case.municipality_id)
    counted = case.due_at
    if counted is not None and (due := _later_rule(former, from_start=counted, from_now=from_now)) != counted:
        case.due_at, case.clock_from = due, clockwork.STANDS


def _later_rule(former: datetime | None, *, from_start: datetime, from_now: datetime) -> datetime:
    if former is None:
        return from_now
    return from_start if from_start >= former else min(former, from_now)


def _rungs(step: Step) -> _Rungs:
    return ladders.ladder(step.deadline, expires=step.on_expired is not None)


def _level(done: int, before: _Rungs, after: _Rungs) -> int:
    """As many rungs of the new ladder as lie at or below the last one done of the former; what moves the case is still
    ahead."""
    if not done or not before:
        return 0
    reached = before[min(done, len(before)) - 1][0]
    return sum(1 for percent, act in after if percent <= reached and act != ladders.EXPIRE)
