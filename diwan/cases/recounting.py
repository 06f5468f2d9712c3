"""Which open deadlines a changed calendar moves: each is counted anew from its own beginning.

Only terms of working days and working time know a calendar. A case whose clock stood still before its beginning was
kept (`Case.clock_from`) has a promise that can't be counted anew: it stands; so does a deadline that a move to another
version has set by a rule of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef

from diwan.cases import clockwork
from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.services import service_of
from diwan.cases.tasks import item_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.deadlines import is_plain, term_of
from diwan.catalogue.queries import Calendars
from diwan.flow.table import Deadline
from diwan.kit import clock, terms
from diwan.kit.terms import Term, Unit

WHOLE: Final = ""
"""In place of a step: the deadline of the whole case."""
_STOPS: Final = ("applicant", "payer", "party")
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """One open deadline as it stands (`stands`), and from when how much of it counts; no task: the whole case's."""

    case: Case
    task: OpenTask | None
    stands: datetime
    since: datetime
    term: Term

    @property
    def step(self) -> str:
        """The step that has the deadline."""
        return self.task.step if self.task is not None else WHOLE

    def due(self, calendars: Calendars) -> datetime:
        """When it ends by these calendars: a task by that of its unit, a case by that of its municipality."""
        desk = self.task or self.case
        unit_id = self.task.unit_id if self.task is not None else None
        return terms.due(self.since, self.term, calendars.of(desk.municipality_id, unit_id))


def reached(first_day: date, *, after: int = 0) -> list[int]:
    """Cases above `after`, in order, with an open deadline on or after the day."""
    start = clock.start_of_day(first_day)
    waiting = OpenTask.objects.filter(case_id__gt=after)
    own = waiting.filter(due_at__gte=start).values_list("case_id", flat=True)
    whole = Case.objects.filter(pk__in=waiting.values("case_id"), closed_at__isnull=True, due_at__gte=start)
    return sorted({*own, *whole.values_list("pk", flat=True)})


def deadlines(case_ids: Iterable[int], first_day: date) -> Iterator[Counted]:
    """Every open deadline of these cases on or after the day that a calendar can move."""
    start = clock.start_of_day(first_day)
    ids = list(case_ids)
    for place in range(0, len(ids), _AT_ONCE):
        some = ids[place : place + _AT_ONCE]
        tasks: dict[int, list[OpenTask]] = {}
        for task in OpenTask.objects.filter(case_id__in=some, due_at__gte=start).order_by("id"):
            tasks.setdefault(task.case_id, []).append(task)
        stood = History.objects.filter(case_id=OuterRef("pk"), holder__in=_STOPS)
        cases = Case.objects.filter(pk__in=some, closed_at__isnull=True).annotate(stood=Exists(stood))
        for case in cases.order_by("pk"):
            known = bool(case.clock_from) if case.clock_from is not None else not case.stood
            yield from _of(case, tasks.get(case.pk, ()), start, whole=known)


def _of(case: Case, tasks: Sequence[OpenTask], start: datetime, *, whole: bool) -> Iterator[Counted]:
    service, known = service_of(case.version_id), _Known(case)
    for task in tasks:
        step = service.flow.steps[task.step]
        if step.deadline is None or step.until is not None or task.clock_from is not None:
            continue
        if task.due_at is None or task.due_at < start:
            continue
        term = _working(step.deadline, service, known, item_of(task.data))
        if term is not None:
            yield Counted(case, task, task.due_at, task.entered_at, term)
    deadline = service.flow.deadline
    if not whole or deadline is None or case.due_at is None or case.due_at < start:
        return
    if _working(deadline, service, known) is not None:
        yield Counted(case, None, case.due_at, *clockwork.whole_term(case, service, deadline))


class _Known:
    """What the rules of a case read, made only when a deadline is a rule."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._facts: dict[str, Mapping[str, Any]] = {}

    def facts(self, service: CompiledService, item: str) -> Mapping[str, Any]:
        if item not in self._facts:
            self._facts[item] = rule_facts(service, self._case, item=item)
        return self._facts[item]


def _working(deadline: Deadline, service: CompiledService, known: _Known, item: str = "") -> Term | None:
    """The term of a deadline that goes by a calendar; None for elapsed time."""
    if deadline.unit == "elapsed_hours":
        return None
    plain = isinstance(deadline.amount, int) and is_plain(deadline.unit)
    term = term_of(deadline, service, {} if plain else known.facts(service, item))
    return None if term.unit is Unit.ELAPSED else term
