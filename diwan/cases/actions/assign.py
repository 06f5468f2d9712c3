"""Who has a task: taken over by oneself, given to somebody by the head of the unit, or given back to the unit."""

from django.db import transaction

from diwan.cases import guards, visibility
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, OpenTask
from diwan.cases.moving import Entry, save, write_act
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Position

ASSIGN = "cases.assign"
_OURS = frozenset({OpenTask.Kind.TASK, OpenTask.Kind.VISIT, OpenTask.Kind.CHAIN})


class AlreadyTaken(DiwanError):
    """The task has an officer already."""

    code = "cases.already_taken"
    message = N_("{who} has already taken this case over.")


class WrongPost(DiwanError):
    """The post cannot do this task: another unit or role."""

    code = "cases.wrong_post"
    message = N_("{post} cannot take this task: it belongs to another unit or needs another role.")


@transaction.atomic
def claim(*, case_id: int, task_id: int, by: Actor) -> Case:
    """Take a task of one's unit over. Raises CaseNotFound, NotAllowed, AlreadyTaken, Outrun."""
    loaded, task = _task(case_id, task_id, by)
    if task.assignee_id is not None and task.assignee_id not in by.position_ids:
        raise AlreadyTaken(who=_title(task.assignee_id, by))
    if not guards.may_do(task, by=by):
        raise NotAllowed
    task.assignee_id = by.position_id
    return _write(loaded, task, by=by, entry=Entry(act="claimed", step=task.step, public=False))


@transaction.atomic
def assign(*, case_id: int, task_id: int, position_id: int, by: Actor, note: str = "") -> Case:
    """Give a task to a post of the same unit and role. Raises CaseNotFound, NotAllowed, WrongPost, Outrun."""
    loaded, task = _task(case_id, task_id, by)
    if not by.can(ASSIGN) or not by.reaches(task.municipality_id):
        raise NotAllowed
    post = Position.objects.filter(pk=position_id).first()
    if post is None or post.unit_id != task.unit_id or not post.roles.filter(code=task.role).exists():
        raise WrongPost(post=_title(position_id, by) if post else str(position_id))
    task.assignee_id = position_id
    return _write(
        loaded,
        task,
        by=by,
        entry=Entry(act="assigned", step=task.step, outcome=post.code, note=note, public=False),
    )


@transaction.atomic
def release(*, case_id: int, task_id: int, by: Actor, note: str = "") -> Case:
    """Give a task back to the unit. Raises CaseNotFound, NotAllowed, Outrun."""
    loaded, task = _task(case_id, task_id, by)
    if task.assignee_id not in by.position_ids and not (by.can(ASSIGN) and by.reaches(task.municipality_id)):
        raise NotAllowed
    task.assignee_id = None
    return _write(loaded, task, by=by, entry=Entry(act="released", step=task.step, note=note, public=False))


def _task(case_id: int, task_id: int, by: Actor) -> tuple[Loaded, OpenTask]:
    loaded = lock_case(case_id)
    if not visibility.can_see(by, loaded.case, loaded.tasks):
        raise CaseNotFound
    task = loaded.task(task_id)
    if task is None or task.kind not in _OURS:
        raise guards.outrun(loaded.case)
    return loaded, task


def _write(loaded: Loaded, task: OpenTask, *, by: Actor, entry: Entry) -> Case:
    task.save(update_fields=["assignee"])
    write_act(loaded, by=by, entry=entry, at=clock.now())
    save(loaded.case)
    return loaded.case


def _title(position_id: int, by: Actor) -> str:
    post = Position.objects.filter(pk=position_id).first()
    if post is None:
        return ""
    return post.title_en if by.language == "en" else post.title_ar
