"""Documents that cases wait for: numbered, rendered and sealed, and the case goes on."""

import logging

from diwan.cases.actions.complete_act import postpone_act
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.models import OpenTask
from diwan.documents.actions import render_and_sign
from diwan.jobs.machine import claim
from diwan.kit.errors import DiwanError
from diwan.people.actor import system

log = logging.getLogger("diwan.jobs")


def issue_waiting() -> int:
    """Issue the documents that wait; the number claimed. A signer that is down is asked again later."""
    tasks = claim(OpenTask.Kind.DOCUMENT, limit=4)
    for task in tasks:
        try:
            issue(task)
        except DiwanError as error:
            log.warning("document of case %s waits: %s", task.case_id, error)
            postpone_act(task_id=task.pk, tries=task.tries)
        except Exception:
            log.exception("document of case %s failed", task.case_id)
            postpone_act(task_id=task.pk, tries=task.tries)
    return len(tasks)


def issue(task: OpenTask) -> None:
    """Number, seal, complete: each safe to repeat, so a worker killed anywhere leaves nothing half done."""
    document_id = number_document(case_id=task.case_id, token=task.token)
    if document_id is None:
        return
    render_and_sign(document_id=document_id, by=system("seal"))
    complete_document(case_id=task.case_id, token=task.token, document_id=document_id)
