"""A case that another one opened has ended, or is not wanted any more."""

from django.db import transaction

from diwan.cases.children import CHILD, parent_of
from diwan.cases.errors import WrongMoment
from diwan.cases.loading import lock_case
from diwan.cases.models import Case, OpenTask
from diwan.cases.moving import Entry, move
from diwan.flow.events import Cancelled, Completed
from diwan.kit import numbers
from diwan.people.actor import system


@transaction.atomic
def answer_parent(*, case_id: int) -> None:
    """Move the parent of an ended child by the end that the child came to. Told twice, once; nothing for a case that
    stands by itself, or whose parent went on without it."""
    child = Case.objects.get(pk=case_id)
    found = parent_of(child)
    if found is None or not child.ended_at_step:
        return
    loaded = lock_case(found[0])
    task = loaded.by_token(found[1])
    if task is None or task.kind != OpenTask.Kind.CHILD or task.data.get(CHILD) != case_id:
        return
    outcome = child.ended_at_step
    why = {
        "rule": f"{task.step}.service",
        "version": loaded.case.version_id,
        "inputs": {"case": numbers.case_number(case_id), "end": outcome},
        "result": outcome,
    }
    move(
        loaded,
        Completed(task.token, outcome),
        by=system("child case"),
        entry=Entry(act="child_ended", step=task.step, outcome=outcome, why=why, public=False),
        task_data={"end": outcome},
    )


@transaction.atomic
def cancel_child(*, case_id: int) -> None:
    """Cancel a child whose parent no longer waits for it; nothing when it has ended or its parent waits again.

    A child that cannot be cancelled where it stands goes on to its end, which then answers nobody.
    """
    loaded = lock_case(case_id)
    found = parent_of(loaded.case)
    if found is None or not loaded.position.tokens:
        return
    if OpenTask.objects.filter(case_id=found[0], token=found[1], kind=OpenTask.Kind.CHILD).exists():
        return
    try:
        with transaction.atomic():
            move(
                loaded,
                Cancelled(),
                by=system("child case"),
                entry=Entry(act="cancelled", step=loaded.case.stage, public=False),
            )
    except WrongMoment:
        return
