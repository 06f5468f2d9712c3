"""What lateness does: reminders and escalation by the ladders, silence, and the end of a period that moves the case."""

from django.db import transaction

from diwan.cases import ladders, notices
from diwan.cases.facts import rule_facts
from diwan.cases.ladders import EXPIRE, Rung
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import OpenTask
from diwan.cases.moving import Entry, move, write_act
from diwan.cases.tasks import item_of
from diwan.flow.events import Expired
from diwan.kit import clock
from diwan.people.actor import Actor, system


@transaction.atomic
def act_on_lateness(*, case_id: int, task_id: int) -> bool:
    """Do the next due rung for the task, of its own ladder or of the whole case's; False when there was none.

    `expire` moves the case by the step's outcome of silence or expiry; `remind` writes to the post; `escalate` to its
    superiors, each further escalation one level up; `reassign` gives the task back to the unit.
    """
    loaded = lock_case(case_id, task_id=task_id)
    task = loaded.task(task_id)
    now = clock.now()
    if task is None or task.next_level_at is None or task.next_level_at > now:
        return False
    rung = _next(loaded, task)
    if rung is None or rung.at > now:  # another task of the case has done the whole's rung
        _reschedule(loaded, task)
        return False
    if rung.act == EXPIRE:
        _expire(loaded, task, by=system("deadlines"))
    else:
        _climb(loaded, task, rung)
    return True


def _next(loaded: Loaded, task: OpenTask) -> Rung | None:
    facts = rule_facts(loaded.service, loaded.case, item=item_of(task.data))
    return ladders.next_of(task, loaded.service, loaded.case, facts)


def _reschedule(loaded: Loaded, task: OpenTask) -> None:
    following = _next(loaded, task)
    task.next_level_at = following.at if following is not None else None
    task.save(update_fields=["level", "next_level_at", "assignee"])


def _climb(loaded: Loaded, task: OpenTask, rung: Rung) -> None:
    """A reminder, an escalation, or the task back to its unit: told, counted, and written down with its reason."""
    now = clock.now()
    if rung.act == "reassign":
        task.assignee_id = None
    notices.tell_staff(loaded, task, rung, at=now)
    if rung.whole:
        loaded.case.late_level += 1
        loaded.case.save(update_fields=["late_level"])
    else:
        task.level += 1
    _reschedule(loaded, task)
    why = {
        "rule": "deadline" if rung.whole else f"{task.step}.deadline",
        "inputs": {"percent": rung.percent, "escalation": rung.escalation},
        "result": rung.act,
        "version": loaded.case.version_id,
    }
    entry = Entry(act="escalated", step=task.step, outcome=rung.act, public=False, why=why)
    write_act(loaded, by=system("deadlines"), at=now, entry=entry)


def _expire(loaded: Loaded, task: OpenTask, *, by: Actor) -> None:
    step = loaded.service.flow.steps[task.step]
    silence = step.silence
    why = {
        "rule": f"{task.step}.deadline",
        "version": loaded.case.version_id,
        "inputs": {"due_at": task.due_at.isoformat() if task.due_at else None},
        "result": step.on_expired,
        "text": {"ar": silence.text.ar, "en": silence.text.en} if silence else None,
    }
    act = "silence" if silence else "expired"
    move(
        loaded,
        Expired(task.token),
        by=by,
        entry=Entry(act=act, step=task.step, outcome=step.on_expired or "", why=why),
    )
