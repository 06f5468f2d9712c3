"""A case as the actions work on it: locked, with its tasks, open splits and compiled service."""

from dataclasses import dataclass, field
from typing import Final

from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, DoneTask, JoinCounter, OpenTask
from diwan.cases.position import read_position
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.flow.position import Position
from diwan.kit import tracing
from diwan.outbox.prepared import Prepared, record, records

FEW: Final = 12
"""Open tasks that are always read together. Of more, an act on one of them reads that one and what stands for the rest:
the first and the last of those that wait at the same step inside the same splits."""


@dataclass(slots=True)
class Loaded:
    """A locked case and where it stands.

    `held` are the open tasks that were read: all of them, or with `partly` enough to tell state, stage and holder, and
    to move the one that was asked for. `tasks` reads the rest when somebody needs it.
    """

    case: Case
    service: CompiledService
    held: list[OpenTask]
    joins: list[JoinCounter]
    position: Position
    partly: bool = False
    closed: list[OpenTask] = field(default_factory=list)
    """Tasks that a move in this transaction has closed; `opened` those that it has opened."""
    opened: list[OpenTask] = field(default_factory=list)
    done: list[DoneTask] = field(default_factory=list)
    """What a move has done with the tasks that it closes; until it is saved this is known here alone."""
    last_act: int = 0
    """Its row of the history."""

    @property
    def tasks(self) -> list[OpenTask]:
        """Every open task."""
        self.complete()
        return self.held

    def complete(self) -> None:
        """Read the tasks that were left out, if any were."""
        if self.partly:
            self.held, self.joins, _ = _standing(self.case.pk, most=_EVERY)
            self.position = read_position(self.case, self.held, self.joins)
            self.partly = False

    def task(self, task_id: int) -> OpenTask | None:
        """The open task with this id, or None when it is no longer open."""
        found = next((task for task in self.held if task.pk == task_id), None)
        if found is None and self.partly:
            return next((task for task in self.tasks if task.pk == task_id), None)
        return found

    def by_token(self, token: int) -> OpenTask | None:
        """The open task of a token, or None."""
        found = next((task for task in self.held if task.token == token), None)
        if found is None and self.partly:
            return next((task for task in self.tasks if task.token == token), None)
        return found

    def waiting_at(self, *kinds: str) -> OpenTask | None:
        """The first open task of one of the kinds, or None."""
        return next((task for task in self.tasks if task.kind in kinds), None)


_LOCK: Final = Prepared(
    name="diwan_lock_case", query='SELECT to_jsonb(c)::text FROM "case" c WHERE c.id = %s::bigint FOR UPDATE'
)
_STANDING: Final = Prepared(
    name="diwan_standing",
    query="""
WITH alike AS (
    SELECT min(id) AS first, max(id) AS last, count(*) AS number
    FROM open_task WHERE case_id = %s::bigint GROUP BY step, frames
), every AS (
    SELECT coalesce(sum(number), 0) AS number FROM alike
)
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]')::text FROM open_task t
        WHERE t.case_id = %s::bigint
          AND ((SELECT number FROM every) <= %s::int OR t.id = %s::bigint OR t.token = %s::int
               OR t.id = ANY(ARRAY(SELECT first FROM alike UNION ALL SELECT last FROM alike)))),
       (SELECT coalesce(jsonb_agg(to_jsonb(j) ORDER BY j.number), '[]')::text FROM join_counter j
        WHERE j.case_id = %s::bigint),
       (SELECT number::text FROM every)
""",
)
_EVERY: Final = 2**31 - 1


def lock_case(case_id: int, *, task_id: int = 0, token: int = 0) -> Loaded:
    """Lock the case row for this transaction and read where it stands. Raises CaseNotFound.

    An act on one task names it by id or token: of a case with many open tasks only what it takes to move that one is
    read (`FEW`). Two statements: what the first one waits for is seen only by a statement that begins after it.
    """
    found = _LOCK.first(str(case_id))
    if found is None:
        raise CaseNotFound
    tracing.note(case=case_id)
    case = record(Case, found[0] or "")
    held, joins, every = _standing(
        case_id, most=FEW if task_id or token else _EVERY, task_id=task_id, token=token
    )
    return Loaded(
        case=case,
        service=service_of(case.version_id),
        held=held,
        joins=joins,
        position=read_position(case, held, joins),
        partly=len(held) < every,
    )


def _standing(
    case_id: int, *, most: int, task_id: int = 0, token: int = 0
) -> tuple[list[OpenTask], list[JoinCounter], int]:
    """Open tasks, open splits, and how many tasks there are in all."""
    number = str(case_id)
    tasks, joins, every = _STANDING.row(number, number, str(most), str(task_id), str(token), number)
    return records(OpenTask, tasks or "[]"), records(JoinCounter, joins or "[]"), int(every or 0)
