"""What one step of a case writes, gathered while it is made and saved by one statement (`step_sql`)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from diwan.audit.actions import audit_sql_values
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.cases.step_sql import given_columns, save_step
from diwan.flow.position import Position
from diwan.kit import tracing
from diwan.notify.models import Message
from diwan.outbox.actions import event_sql_values


class StepLost(Exception):
    """The rows of the position were not there: somebody changed them without the lock of the case."""


@dataclass(slots=True, kw_only=True)
class Step:
    """The rows of one step; nothing is written before `save`."""

    closed: list[int] = field(default_factory=list)
    """Tokens whose open task goes."""
    done: list[DoneTask] = field(default_factory=list)
    opened: list[OpenTask] = field(default_factory=list)
    history: list[History] = field(default_factory=list)
    audit: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of `audit.actions.audit_sql_values`."""
    messages: list[Message] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    """Arguments of `outbox.actions.event_sql_values`."""


def save(case: Case, step: Step, *, before: Position, after: Position) -> None:
    """Write everything in the caller's transaction, in which the case is locked, under the case's next revision.

    The tasks opened and the first row of the history get their ids. Raises StepLost.
    """
    case.revision += 1
    joins, joined = _splits(before, after)
    text = json.dumps(
        {
            "case": _values(case),
            "gone": step.closed,
            "done": [_values(row) for row in step.done],
            "opened": [_values(row) for row in step.opened],
            "joins": joins,
            "joined": joined,
            "history": [_values(row) for row in step.history],
            "audit": audit_sql_values(**step.audit),
            "messages": [_values(row) for row in step.messages],
            "events": list(_events(step.events)),
        },
        ensure_ascii=False,
        default=_spelled,
    )
    number = str(case.pk)
    saved, gone, opened, first = save_step().row(number, text, number, number, number)
    if saved != "1" or gone != str(len(step.closed)):
        raise StepLost(f"{number}: {saved} cases, {gone} of {len(step.closed)} tasks")
    _identify(step, json.loads(opened or "{}"), int(first or 0))


def _identify(step: Step, opened: Mapping[str, int], first: int) -> None:
    """The saved rows are in the database now, under these ids."""
    identified: list[tuple[models.Model, int]] = [(row, opened[str(row.token)]) for row in step.opened]
    for row, key in [*identified, *((act, first) for act in step.history[:1])]:
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def _splits(before: Position, after: Position) -> tuple[list[dict[str, Any]], list[int]]:
    """Open splits that are new or have counted an arrival, and the numbers of those that have ended."""
    old = {join.id: join for join in before.joins}
    changed = [
        {"number": join.id, "split": join.split, "expected": join.expected, "arrived": join.arrived}
        for join in after.joins
        if old.pop(join.id, None) != join
    ]
    return changed, list(old)


def _events(given: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for one in given:
        yield {**event_sql_values(**one), "request_id": tracing.request_id()}


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    return given_columns(model)


def _values(row: models.Model) -> dict[str, Any]:
    return {column: getattr(row, attribute) for column, attribute in _columns(type(row))}


def _spelled(value: Any) -> Any:
    """Moments to the microsecond; mappings of the core that are no dictionaries."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a row")
