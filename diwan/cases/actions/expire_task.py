"""What lateness does: reminders and escalation by the ladder, silence, and the end of a period that moves the case."""

from django.db import transaction

from diwan.cases import clockwork, notices
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import OpenTask
from diwan.cases.moving import Entry, move, write_act
from diwan.flow.events import Expired
from diwan.kit import clock
from diwan.people.actor import Actor, system


@transaction.atomic
def act_on_lateness(*, case_id: int, task_id: int) -> bool:
    """Do the next due rung of the task's ladder; False when there was none (somebody was faster).

    `expire` moves the case by the step's outcome of silence or expiry; `remind` writes to the post; `escalate` to the
    post's superior as well; `reassign` gives the task back to the unit.
    """
    loaded = lock_case(case_id)
    task = loaded.task(task_id)
    now = clock.now()
    if task is None or task.next_level_at is None or task.next_level_at > now:
        return False
    ladder = clockwork.ladder_of(loaded.service, task.step)
    percent, act = ladder[task.level]
    by = system("deadlines")
    if act == "expire":
        _expire(loaded, task, by=by)
        return True
    if act == "reassign":
        task.assignee_id = None
    notices.tell_staff(loaded, task, act=act, percent=percent, at=now)
    task.level += 1
    clockwork.schedule_level(task, loaded.service, rule_facts(loaded.service, loaded.case))
    task.save(update_fields=["level", "next_level_at", "assignee"])
    why = {"rule": "ladder", "inputs": {"percent": percent}, "version": loaded.case.version_id}
    write_act(
        loaded,
        by=by,
        at=now,
        entry=Entry(act="escalated", step=task.step, outcome=act, public=False, why=why),
    )
    return True


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
