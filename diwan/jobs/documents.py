"""Documents that cases wait for: numbered, rendered and sealed, and the case goes on."""

import logging
import time
from datetime import timedelta
from typing import Final

from django.db.models import Q

from diwan.cases.actions.complete_act import postpone_act
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.models import OpenTask
from diwan.documents.actions import render_and_sign
from diwan.documents.models import IssuedDocument
from diwan.jobs.machine import claim
from diwan.kit import clock, tracing
from diwan.kit.errors import DiwanError
from diwan.people.actor import system

log = logging.getLogger("diwan.jobs")
#: Younger documents are still in the hands of `issue`.
_LEFT: Final = timedelta(minutes=5)
_AGAIN_SECONDS: Final = 3600.0
_refused: dict[int, float] = {}


def issue_waiting() -> int:
    """Issue the documents that wait; the number claimed. A signer that is down is asked again later."""
    tasks = claim(OpenTask.Kind.DOCUMENT, limit=4)
    for task in tasks:
        with tracing.following(task.request_id, capacity="system:documents", case=task.case_id):
            _issue_or_postpone(task)
    return len(tasks)


def _issue_or_postpone(task: OpenTask) -> None:
    try:
        issue(task)
    except DiwanError as error:
        log.warning("document of case %s waits: %s", task.case_id, error)
        postpone_act(task_id=task.pk, tries=task.tries)
    except Exception:
        log.exception("document of case %s failed", task.case_id)
        postpone_act(task_id=task.pk, tries=task.tries)


def issue(task: OpenTask) -> None:
    """Number, seal, complete: each safe to repeat, so a worker killed anywhere leaves nothing half done."""
    document_id = number_document(case_id=task.case_id, token=task.token)
    if document_id is None:
        return
    render_and_sign(document_id=document_id, by=system("seal"))
    complete_document(case_id=task.case_id, token=task.token, document_id=document_id)
    log.info("document %s sealed", document_id)


def seal_left_over() -> int:
    """Seal one document whose case does not wait for it (taken over from before), the newest first.

    Always 0, so that a pause follows: whoever waits for a document now goes first. One that cannot be sealed is tried
    again after an hour.
    """
    waiting = OpenTask.objects.filter(kind=OpenTask.Kind.DOCUMENT)
    if waiting.filter(try_at__lte=clock.now()).exists():
        return 0
    now = time.monotonic()
    skipped = [document_id for document_id, until in _refused.items() if until > now]
    found = (
        IssuedDocument.objects.filter(
            Q(revoked_at__isnull=True) | Q(reinstated_at__isnull=False), state=IssuedDocument.State.PENDING,
            number__isnull=False, created_at__lt=clock.now() - _LEFT,
        )
        .exclude(pk__in=skipped)
        .exclude(case_id__in=waiting.values("case_id"))
        .order_by("-created_at")
        .first()
    )  # fmt: skip
    if found is not None:
        try:
            render_and_sign(document_id=found.pk, by=system("seal"))
        except Exception:  # whatever stands in the way of one document must not stop the others
            log.exception("document %s is left unsealed", found.pk)
            _refused[found.pk] = now + _AGAIN_SECONDS
    return 0
