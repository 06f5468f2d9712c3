"""Whose days a case has used: counted from its history while it is open, and as written down when it ended.

Bodies that are asked side by side share the time in which several had it. The days are those of the municipality's
calendar. Once a case has ended its account stands: a calendar that changes later changes nothing that is closed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from diwan.cases import routing
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.catalogue.queries import calendar_for
from diwan.kit import clock
from diwan.kit.accounts import ENTITY, Account, Held, Item, account

NOBODY: Final = "none"
_SECOND: Final = timedelta(seconds=1)


Tasks = tuple[Iterable[OpenTask], Iterable[DoneTask]]


def account_of(case: Case, history: Sequence[History] | None = None, tasks: Tasks | None = None) -> Account:
    """Working days by holder. `history` (all of it, in any order) and `tasks` (open, done) where they are at hand."""
    if case.closed_at is not None and case.spent:
        return read(case.spent)
    return counted(case, history, tasks)


def counted(case: Case, history: Sequence[History] | None = None, tasks: Tasks | None = None) -> Account:
    """The account from the history as the calendar is now."""
    known = history if history is not None else _history(case)
    rows = sorted(known, key=lambda row: (row.pk is None, row.pk or 0))
    until = case.closed_at or clock.now()
    ends = [*(row.at for row in rows[1:]), until]
    held = [
        Held(row.holder, row.at, end) for row, end in zip(rows, ends, strict=True) if row.holder != NOBODY
    ]
    if any(one.holder.startswith(ENTITY) for one in held):
        held = _side_by_side(held, _asked(tasks or _outside(case), until))
    return account(held, at=until, calendar=calendar_for(case.municipality_id))


def at_the_end(case: Case, acts: Sequence[History], done: Sequence[DoneTask]) -> Account:
    """The account of a case that ends by this very step, whose `acts` and `done` tasks are not saved yet."""
    _none, earlier = _outside(case)
    return counted(case, [*_history(case), *acts], ((), chain(earlier, done)))


def written(found: Account) -> dict[str, Any]:
    """An account as it is kept with a case that has ended."""
    return {"total": _plain(found.total), "items": [_plain(item) for item in found.items]}


def read(kept: dict[str, Any]) -> Account:
    """The account that `written` made data of."""
    return Account(tuple(_item(one) for one in kept["items"]), _item(kept["total"]))


def _plain(item: Item) -> dict[str, Any]:
    return {
        "holder": item.holder, "working_days": item.working_days,
        "working_seconds": round(item.working_time / _SECOND), "seconds": round(item.elapsed / _SECOND),
    }  # fmt: skip


def _item(one: dict[str, Any]) -> Item:
    working, elapsed = timedelta(seconds=one["working_seconds"]), timedelta(seconds=one["seconds"])
    return Item(one["holder"], one["working_days"], working, elapsed)


def _history(case: Case) -> list[History]:
    return list(History.objects.filter(case_id=case.pk).only("id", "at", "holder").order_by("id"))


def _outside(case: Case) -> Tasks:
    asked = {"case_id": case.pk, "entity_id__isnull": False}
    return OpenTask.objects.filter(**asked), DoneTask.objects.filter(**asked)


def _asked(tasks: Tasks, until: datetime) -> list[Held]:
    """When each outside body had a task of the case."""
    codes = routing.entity_codes()
    spans = [(task.entity_id, task.entered_at, until) for task in tasks[0]]
    spans += [(task.entity_id, task.entered_at, task.done_at) for task in tasks[1]]
    held = [
        Held(ENTITY + codes[body], since, end)
        for body, since, end in spans
        if body is not None and body in codes
    ]
    return sorted(held, key=lambda one: one.since)


def _side_by_side(held: Iterable[Held], asked: Sequence[Held]) -> list[Held]:
    """The stretches, with those of a body replaced by those of every body that was asked meanwhile."""
    found: list[Held] = []
    for one in held:
        if not one.holder.startswith(ENTITY) or one.until is None:
            found.append(one)
            continue
        reached = one.since
        for body in asked:
            since, until = max(body.since, one.since), min(body.until or one.until, one.until)
            if since >= until:
                continue
            if since > reached:
                found.append(Held(one.holder, reached, since))
            found.append(Held(body.holder, since, until))
            reached = max(reached, until)
        if reached < one.until or one.since == one.until:
            found.append(Held(one.holder, reached, one.until))
    return found
