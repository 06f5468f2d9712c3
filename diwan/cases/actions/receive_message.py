"""A message for which a case waits has arrived."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.errors import CaseNotFound
from diwan.cases.loading import lock_case
from diwan.cases.models import Case, OpenTask
from diwan.cases.moving import Entry, move
from diwan.flow.events import Message
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class NotAwaited(DiwanError):
    """The case does not wait for this message now."""

    code = "cases.not_awaited"
    message = N_("The case does not wait for {name} now.")


@transaction.atomic
def receive_message(*, case_id: int, name: str, by: Actor, data: Mapping[str, Any] | None = None) -> Case:
    """Move the case on by a message; `data` is kept with the step that waited for it.

    Raises CaseNotFound, NotAwaited.
    """
    loaded = lock_case(case_id)
    if not visibility.can_see(by, loaded.case, loaded.tasks):
        raise CaseNotFound
    steps = loaded.service.flow.steps
    task = next(
        (
            task
            for task in loaded.tasks
            if task.kind == OpenTask.Kind.WAIT and steps[task.step].message == name
        ),
        None,
    )
    if task is None:
        raise NotAwaited(name=name)
    return move(
        loaded,
        Message(task.token, name),
        by=by,
        entry=Entry(act="told", step=task.step, outcome=name),
        task_data={"message": dict(data or {})},
    )
