"""Photos of the work: sent ahead under `work:<case>` by whoever has the task, then kept with the case."""

from collections.abc import Sequence

from diwan.cases.guards import may_do
from diwan.cases.models import OpenTask
from diwan.files.registry import OwnerKind, register_owner
from diwan.people.actor import Actor

WORK = ("own_work", "contractor_work")
JUDGING = ("verify", "recheck", "second_look")
STEPS = (*WORK, *JUDGING)
BEFORE, AFTER, SEEN, DISPUTE = "_before", "_after", "_seen", "_dispute"


def work_task(case_id: int, actor: Actor, *, steps: Sequence[str] = STEPS) -> OpenTask | None:
    """The open task of work or verification that is the actor's to do, or None."""
    for task in OpenTask.objects.filter(case_id=case_id, step__in=steps):
        if may_work(task, actor):
            return task
    return None


def may_work(task: OpenTask, actor: Actor) -> bool:
    """Whether the actor's post or body has this task."""
    if task.kind == OpenTask.Kind.OUTSIDE:
        return actor.entity_id is not None and actor.entity_id == task.entity_id
    return may_do(task, by=actor)


def _works(case_id: str, actor: Actor) -> bool:
    return case_id.isdigit() and work_task(int(case_id), actor) is not None


def disputes(case_id: int, by: Actor) -> Actor:
    """Whoever holds the secret of a report, while a photo of what is not fixed is sent ahead under `dispute:<case>`."""
    return by.changed(capacity=f"disputes:{case_id}")


def _disputes(case_id: str, actor: Actor) -> bool:
    return actor.capacity == f"disputes:{case_id}"


register_owner(OwnerKind(name="dispute", may_read=_disputes, may_add=_disputes, may_discard=_disputes))
register_owner(OwnerKind(name="work", may_read=_works, may_add=_works, may_discard=_works))
