"""Steps that wait for an outside body: the body is asked through the request service, its answer moves the case on.

The person at the body may as well answer on our own pages; whoever is first counts.
"""

import logging
from datetime import timedelta

from django.conf import settings

from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import CaseNotFound, NotAllowed, Outrun, WrongMoment
from diwan.cases.events import MOVED, OPENED
from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.queries import shelf
from diwan.integrations.registers.requests import HttpRequests
from diwan.kit import clock, numbers
from diwan.kit.ports import RequestState
from diwan.outbox.registry import Delivered, handles
from diwan.people.actor import Actor
from diwan.people.models import OutsideEntity

log = logging.getLogger("diwan.registers")
LOOKUP = "entities"
#: The reason "refused by an outside body" of the shared list (domain page, 6.1).
REFUSED_OUTSIDE = "RSN-18"
TRIES = 5
#: An event older than this asks nobody: a body that could not be reached for so long is left to the silence rule.
STALE = timedelta(days=2)
EFFECTS = {"approved": "approve", "rejected": "reject"}


class BodySilent(Exception):
    """The body did not take the request; the event is delivered again later, the silence rule runs meanwhile."""


class StillBusy(Exception):
    """The case kept moving while the answer was to be taken; the body posts it again."""


@handles(OPENED, MOVED, name="integrations.ask_bodies")
def ask_bodies(event: Delivered) -> None:
    """Send a request for every open step of the case that waits for a body with a desk at the request service."""
    if not settings.DIWAN.registers_url or event.at < clock.now() - STALE:
        return
    waiting = OpenTask.objects.filter(case_id=int(event.data["case"]), kind=OpenTask.Kind.OUTSIDE)
    silent = [task.pk for task in waiting.select_related("case", "entity") if not _ask(task)]
    if silent:
        raise BodySilent(silent)


def _ask(task: OpenTask) -> bool:
    """Send one request, once: the reference names the task. True when there is nothing to send or it was taken."""
    if task.entity is None:
        return True
    row = shelf(clock.today()).row(LOOKUP, task.entity.code)
    body = str(row.data.get("body", "")) if row is not None else ""
    if not body:
        return True
    sent = HttpRequests().submit(
        body,
        reference=reference_of(task),
        facts=_told(task.case, task.entity),
        request_id=f"case-{task.case_id}",
        timeout=settings.DIWAN.registers_timeout_ms / 1000,
    )
    return sent is not None


def reference_of(task: OpenTask) -> str:
    """`<case>-<task>`: what the body's answer comes back with."""
    return f"{task.case_id}-{task.pk}"


def _told(case: Case, entity: OutsideEntity) -> dict[str, object]:
    """What a body is told: number, service, place and the answers; no name and no contact of the applicant."""
    return {
        "number": numbers.case_number(case.pk),
        "entity": entity.code,
        "service": case.service,
        "municipality": case.municipality_id,
        "district": case.district_id,
        "answers": case.data,
    }


def receive_answer(state: RequestState) -> str:
    """Take a body's final answer; `taken`, `closed` when the step is over, `unknown` when it was never ours.

    Another body may move the case at the same moment: while the task is still open it is tried again.
    """
    case_text, _, task_text = state.reference.partition("-")
    if not (case_text.isdigit() and task_text.isdigit()):
        return "unknown"
    for _ in range(TRIES):
        task = (
            OpenTask.objects.select_related("entity", "case")
            .filter(pk=int(task_text), case_id=int(case_text), kind=OpenTask.Kind.OUTSIDE)
            .first()
        )
        if task is None or task.entity is None:
            return "closed" if Case.objects.filter(pk=int(case_text)).exists() else "unknown"
        try:
            return "taken" if _take(task, task.entity, state) else "unknown"
        except Outrun:
            continue
        except (WrongMoment, CaseNotFound, NotAllowed) as error:
            log.info("answer %s of %s came too late: %s", state.id, state.body, error)
            return "closed"
    raise StillBusy(state.reference)


def _take(task: OpenTask, entity: OutsideEntity, state: RequestState) -> bool:
    """Complete the task as the body answered; False for an answer that the step has no way out for."""
    service = service_of(task.case.version_id)
    effect = EFFECTS.get(state.status, "")
    exits = service.flow.steps[task.step].exits
    outcome = next((key for key, found in exits.items() if found.effect == effect), None)
    if outcome is None:
        return False
    reasons: list[str] = []
    if effect == "reject":
        allowed = service.reason_codes("reject")
        reasons = [code for code in (REFUSED_OUTSIDE, *allowed) if code in allowed][:1]
    take_step(
        case_id=task.case_id,
        task_id=task.pk,
        revision=task.case.revision,
        outcome=outcome,
        by=_body(entity),
        note=_note(state),
        reasons=reasons,
    )
    return True


def _body(entity: OutsideEntity) -> Actor:
    """The body itself as the one who acts; it has no account with us."""
    return Actor(
        account_id=None,
        capacity=f"entity:{entity.pk}",
        name_ar=entity.name_ar,
        name_en=entity.name_en,
        title_ar=entity.name_ar,
        title_en=entity.name_en,
        entity_id=entity.pk,
        entity_code=entity.code,
    )


def _note(state: RequestState) -> str:
    """What the body wrote, as it wrote it: its reason in Arabic and English, or the number of its approval."""
    written = [state.reason.get("ar", ""), state.reason.get("en", ""), state.approval_number]
    return "\n".join(text for text in written if text)
