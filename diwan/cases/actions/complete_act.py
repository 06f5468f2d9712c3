"""The machine has done an automatic act: facts, why, and the way on, in one transaction."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.cases.loading import lock_case
from diwan.cases.models import Case, CheckResult, OpenTask
from diwan.cases.moving import Entry, move
from diwan.cases.registry import ActResult
from diwan.flow.events import Completed
from diwan.kit import clock
from diwan.people.actor import system

_WAIT_SECONDS: Final = (2, 5, 15, 60, 300, 900)


@transaction.atomic
def complete_act(*, case_id: int, token: int, result: ActResult) -> Case:
    """Keep what the act found and move on. An act whose task was closed meanwhile changes nothing. CaseNotFound."""
    loaded = lock_case(case_id, token=token)
    case = loaded.case
    task = loaded.by_token(token)
    if task is None or task.kind != OpenTask.Kind.AUTOMATIC:
        return case
    case.facts = {**case.facts, **result.facts}
    found = {row.code: row for row in result.findings}
    CheckResult.objects.filter(case_id=case_id, round=case.round, code__in=found).delete()
    CheckResult.objects.bulk_create(found.values())
    return move(
        loaded,
        Completed(token, result.outcome),
        by=system(task.data.get("act", "act")),
        entry=Entry(act="checked", step=task.step, outcome=result.outcome, why=result.why),
    )


def postpone_act(*, task_id: int, tries: int) -> None:
    """An act failed for a technical reason: try again later, at growing distances; it never gives up silently."""
    wait = _WAIT_SECONDS[min(tries, len(_WAIT_SECONDS) - 1)]
    OpenTask.objects.filter(pk=task_id).update(tries=tries + 1, try_at=clock.now() + timedelta(seconds=wait))
