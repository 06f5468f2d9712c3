"""A case as the actions work on it: locked, with its tasks, open splits and compiled service."""

from dataclasses import dataclass

from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, JoinCounter, OpenTask
from diwan.cases.position import read_position
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.flow.position import Position
from diwan.kit import tracing


@dataclass(slots=True)
class Loaded:
    """A locked case and where it stands."""

    case: Case
    service: CompiledService
    tasks: list[OpenTask]
    joins: list[JoinCounter]
    position: Position

    def task(self, task_id: int) -> OpenTask | None:
        """The open task with this id, or None when it is no longer open."""
        return next((task for task in self.tasks if task.pk == task_id), None)

    def by_token(self, token: int) -> OpenTask | None:
        """The open task of a token, or None."""
        return next((task for task in self.tasks if task.token == token), None)

    def waiting_at(self, *kinds: str) -> OpenTask | None:
        """The first open task of one of the kinds, or None."""
        return next((task for task in self.tasks if task.kind in kinds), None)


def lock_case(case_id: int) -> Loaded:
    """Lock the case row for this transaction and read where it stands. Raises CaseNotFound."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    tracing.note(case=case_id)
    tasks = list(OpenTask.objects.filter(case_id=case_id).order_by("id"))
    joins = list(JoinCounter.objects.filter(case_id=case_id).order_by("number"))
    return Loaded(
        case=case,
        service=service_of(case.version_id),
        tasks=tasks,
        joins=joins,
        position=read_position(case, tasks, joins),
    )
