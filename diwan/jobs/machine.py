"""Automatic acts of cases: claimed, run outside any transaction, and completed in one."""

import logging
from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.cases import registry
from diwan.cases.actions.complete_act import complete_act, postpone_act
from diwan.cases.models import Case, OpenTask
from diwan.kit import clock, tracing

log = logging.getLogger("diwan.jobs")
LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 16


def claim(kind: str, *, limit: int) -> list[OpenTask]:
    """Lease waiting tasks of a machine kind; a lease that was not kept ends by itself."""
    now = clock.now()
    with transaction.atomic():
        tasks = list(
            OpenTask.objects.select_for_update(skip_locked=True)
            .filter(kind=kind, try_at__lte=now)
            .order_by("try_at")[:limit]
        )
        OpenTask.objects.filter(pk__in=[task.pk for task in tasks]).update(try_at=now + LEASE)
    return tasks


def run_acts() -> int:
    """Run the automatic acts that wait; the number claimed."""
    tasks = claim(OpenTask.Kind.AUTOMATIC, limit=AT_ONCE)
    for task in tasks:
        with tracing.following(task.request_id, capacity="system:acts", case=task.case_id):
            run_act(task)
    return len(tasks)


def run_act(task: OpenTask) -> None:
    """Run one act. A technical failure is logged and tried again later; the case waits, visibly, where it is."""
    case = Case.objects.get(pk=task.case_id)
    try:
        result = registry.act_of(task.data["act"])(case, task)
        complete_act(case_id=case.pk, token=task.token, result=result)
        log.info("act %s done: %s", task.data["act"], result.outcome)
    except Exception:
        log.exception("act %s of case %s failed", task.data.get("act"), case.pk)
        postpone_act(task_id=task.pk, tries=task.tries)
