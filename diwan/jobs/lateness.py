"""Deadlines that have come: reminders, escalation, silence and the end of periods."""

import logging

from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.models import OpenTask
from diwan.kit import clock, tracing

log = logging.getLogger("diwan.jobs")


def act_on_late() -> int:
    """Do the next rung for each task whose time has come; the number done."""
    due = OpenTask.objects.filter(next_level_at__lte=clock.now()).order_by("next_level_at")
    done = 0
    for case_id, task_id in list(due.values_list("case_id", "id")[:100]):
        with tracing.following("", capacity="system:lateness", case=case_id):
            try:
                done += act_on_lateness(case_id=case_id, task_id=task_id)
            except Exception:
                log.exception("lateness of task %s of case %s failed", task_id, case_id)
    return done
