"""The same act on many cases: reviewed as a batch, confirmed once, each on its own; what fails says why."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.actions.take_step import take_step
from diwan.cases.models import Case, OpenTask, Presence
from diwan.cases.queries import QueueRow, queue_tasks
from diwan.cases.services import service_of
from diwan.kit.errors import DiwanError
from diwan.kit.numbers import show_case_number
from diwan.people.actions import step_up
from diwan.people.actor import Actor
from diwan.people.queries import fresh_step_up
from diwan.web.desk.presenting import reasons_of, row_view
from diwan.web.desk.views.case import frame
from diwan.web.signin.acting import account_of, actor_of
from diwan.web.signin.guards import needs_staff
from diwan.web.signin.words import say

MOST = 100


@dataclass(frozen=True, slots=True)
class Failed:
    """A case of the batch that was not acted on, and why."""

    number: str
    why: str


def _rows(request: HttpRequest, actor: Actor) -> list[QueueRow]:
    """The chosen tasks among those the actor's queues hold."""
    chosen = [int(text) for text in request.POST.getlist("task") if text.isdigit()][:MOST]
    tasks = list(queue_tasks(actor).filter(pk__in=chosen))
    mine = list(OpenTask.objects.filter(pk__in=chosen, assignee_id__in=actor.position_ids))
    found = {task.pk: task for task in [*tasks, *mine]}
    cases = Case.objects.in_bulk([task.case_id for task in found.values()])
    return [QueueRow(found[pk], cases[found[pk].case_id]) for pk in chosen if pk in found]


@needs_staff
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """The batch before it is acted on: each case in a line, whether it was opened, and one confirmation."""
    actor = actor_of(request)
    rows = _rows(request, actor)
    outcome = request.POST.get("outcome", "")[:60]
    opened = set(
        Presence.objects.filter(
            account_id=actor.account_id, case_id__in=[row.case.pk for row in rows]
        ).values_list("case_id", flat=True)
    )
    steps_up = any(_needs_step_up(row, outcome) for row in rows)
    first = service_of(rows[0].case.version_id) if rows else None
    effect = _effect(rows[0], outcome) if rows else ""
    context: dict[str, Any] = {
        **frame(actor),
        "rows": [{**row_view(row, actor.language), "opened": row.case.pk in opened} for row in rows],
        "outcome": outcome,
        "label": first.outcome(rows[0].task.step, outcome, actor.language) if first else outcome,
        "reasons": reasons_of(first, effect, actor.language) if first and effect == "reject" else [],
        "step_up": steps_up and not _stepped_up(actor),
        "all_opened": len(opened) == len(rows),
        "signs": steps_up,
    }
    return render(request, "desk/bulk.html", context)


@needs_staff
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Act on each case by itself; the page says how many were done and why the others were not."""
    actor = actor_of(request)
    outcome = request.POST.get("outcome", "")[:60]
    reasons = [code for code in request.POST.getlist("reasons") if code]
    rows = _rows(request, actor)
    code, account = request.POST.get("code", "").strip(), account_of(request)
    if code and account is not None:
        try:
            step_up(account=account, code=code, session=actor.session)
        except DiwanError as error:
            return render(
                request,
                "desk/bulk_done.html",
                {"done": 0, "failed": [Failed("", say(error))], **frame(actor)},
                status=422,
            )
    revisions = dict(zip(request.POST.getlist("task"), request.POST.getlist("revision"), strict=False))
    failed: list[Failed] = []
    for row in rows:
        why = _act(
            row,
            outcome,
            reasons,
            revisions.get(str(row.task.pk), ""),
            actor,
            request.POST.get("note", "")[:4000],
        )
        if why:
            failed.append(Failed(show_case_number(row.case.pk), why))
    gone = len(request.POST.getlist("task")) - len(rows)
    context = {"done": len(rows) - len(failed), "failed": failed, "gone": max(0, gone)}
    return render(request, "desk/bulk_done.html", context)


def _act(row: QueueRow, outcome: str, reasons: list[str], revision: str, actor: Actor, note: str) -> str:
    """Act on one case; the reason in words when it was refused."""
    if _needs_step_up(row, outcome) and not _was_opened(row, actor):
        return _("Open the case once before you sign it.")
    try:
        take_step(
            case_id=row.case.pk, task_id=row.task.pk, revision=int(revision) if revision.isdigit() else row.case.revision,
            outcome=outcome, reasons=reasons, note=note, by=actor,
        )  # fmt: skip
    except DiwanError as error:
        return say(error)
    return ""


def _was_opened(row: QueueRow, actor: Actor) -> bool:
    return Presence.objects.filter(case_id=row.case.pk, account_id=actor.account_id).exists()


def _needs_step_up(row: QueueRow, outcome: str) -> bool:
    exit_ = service_of(row.case.version_id).flow.steps[row.task.step].exits.get(outcome)
    return exit_ is not None and exit_.step_up


def _effect(row: QueueRow, outcome: str) -> str:
    exit_ = service_of(row.case.version_id).flow.steps[row.task.step].exits.get(outcome)
    return exit_.effect if exit_ is not None else ""


def _stepped_up(actor: Actor) -> bool:
    return (
        actor.account_id is not None
        and fresh_step_up(account_id=actor.account_id, session=actor.session) is not None
    )
