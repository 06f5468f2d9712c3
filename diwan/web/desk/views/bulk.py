"""The same act on many cases: reviewed as a batch, confirmed once, each on its own; what fails says why."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.actions.take_step import take_step
from diwan.cases.models import Case, OpenTask, Presence
from diwan.cases.queries import QueueRow, queue_tasks
from diwan.cases.services import service_of
from diwan.flow.table import Exit
from diwan.kit.errors import DiwanError
from diwan.kit.numbers import case_number, show_case_number
from diwan.people.actions import step_up
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.web.desk.rows import row_view
from diwan.web.desk.steps import reasons_of
from diwan.web.desk.views.case import stepped_up
from diwan.web.desk.views.frame import frame
from diwan.web.signin.acting import account_of
from diwan.web.signin.words import say

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Failed:
    """A case of the batch that was not acted on, and why."""

    number: str
    address: str
    why: str


def _ticked(request: HttpRequest) -> list[int]:
    return [int(text) for text in dict.fromkeys(request.POST.getlist("task")) if text.isdecimal()][:MOST]


def _rows(request: HttpRequest, actor: Actor) -> list[QueueRow]:
    """The chosen tasks among those that the actor's queues hold, in the order of the page."""
    chosen = _ticked(request)
    tasks = list(queue_tasks(actor).filter(pk__in=chosen))
    mine = list(OpenTask.objects.filter(pk__in=chosen, assignee_id__in=actor.position_ids))
    found = {task.pk: task for task in [*tasks, *mine]}
    cases = Case.objects.in_bulk([task.case_id for task in found.values()])
    return [QueueRow(found[pk], cases[found[pk].case_id]) for pk in chosen if pk in found]


def _opened(rows: list[QueueRow], actor: Actor) -> set[int]:
    """Cases of the batch whose page the actor has opened since they came to this step."""
    if actor.account_id is None:
        return set()
    came = {row.case.pk: row.task.entered_at for row in rows}
    seen = Presence.objects.filter(account_id=actor.account_id, case_id__in=list(came))
    return {case_id for case_id, at in seen.values_list("case_id", "at") if at >= came[case_id]}


@needs_staff
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """The batch before it is acted on: each case in a line, whether it was opened, and one confirmation."""
    return _reviewed(request)


def _reviewed(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor, outcome = actor_of(request), request.POST.get("outcome", "")[:60]
    rows = _rows(request, actor)
    fitting = [row for row in rows if _exit(row, outcome) is not None]
    opened = _opened(rows, actor)
    signs = any(_signs(row, outcome) for row in fitting)
    first = fitting[0] if fitting else None
    context: dict[str, Any] = {
        **frame(request),
        "rows": [
            {
                **row_view(row, actor.language),
                "opened": row.case.pk in opened,
                "fits": _exit(row, outcome) is not None,
                "left_out": _signs(row, outcome) and row.case.pk not in opened,
            }
            for row in rows
        ],
        "outcome": outcome,
        "label": service_of(first.case.version_id).outcome(first.task.step, outcome, actor.language)
        if first
        else outcome,
        "reasons": _reasons(first, outcome, actor.language),
        "needs_code": signs and not stepped_up(actor),
        "signs": signs,
        "all_opened": len(opened) == len({row.case.pk for row in rows}),
        "problem": problem,
        "note": request.POST.get("note", ""),
        "reason": request.POST.get("reasons", ""),
    }
    return render(request, "desk/bulk.html", context, status=status)


def _reasons(row: QueueRow | None, outcome: str, language: str) -> list[tuple[str, str]]:
    exit_ = _exit(row, outcome) if row is not None else None
    if row is None or exit_ is None or (exit_.reason == "none" and exit_.effect != "reject"):
        return []
    codes = service_of(row.case.version_id).reasons_for(exit_)
    return [(code, name) for code, name, _snippet in reasons_of(codes, language)]


@needs_staff
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Act on each case by itself; the page says how many were done and why the others were not."""
    actor, outcome = actor_of(request), request.POST.get("outcome", "")[:60]
    code, account = request.POST.get("code", "").strip(), account_of(request)
    if code and account is not None:
        try:
            step_up(account=account, code=code, session=actor.session)
        except DiwanError as error:
            return _reviewed(request, problem=say(error), status=422)
    rows = _rows(request, actor)
    if any(_signs(row, outcome) for row in rows) and not stepped_up(actor):
        return _reviewed(request, problem=_("Enter the code that your authenticator shows now."), status=422)
    opened = _opened(rows, actor)
    failed = [
        Failed(show_case_number(row.case.pk), case_number(row.case.pk), why)
        for row in rows
        if (why := _act(request, row, outcome, opened, actor))
    ]
    context = {
        **frame(request),
        "done": len(rows) - len(failed),
        "failed": failed,
        "gone": len(_ticked(request)) - len(rows),
    }
    return render(request, "desk/bulk_done.html", context)


def _act(request: HttpRequest, row: QueueRow, outcome: str, opened: set[int], actor: Actor) -> str:
    """Act on one case at the revision that the page of review showed; the reason in words when it was refused."""
    if _signs(row, outcome) and row.case.pk not in opened:
        return _("Left out: open the case once before you sign it.")
    revision = request.POST.get(f"revision.{row.task.pk}", "")
    try:
        take_step(
            case_id=row.case.pk,
            task_id=row.task.pk,
            revision=int(revision) if revision.isdecimal() else row.case.revision,
            outcome=outcome,
            reasons=[code for code in request.POST.getlist("reasons") if code],
            note=request.POST.get("note", "").strip()[:4000],
            by=actor,
        )
    except DiwanError as error:
        return say(error)
    return ""


def _exit(row: QueueRow, outcome: str) -> Exit | None:
    return service_of(row.case.version_id).flow.steps[row.task.step].exits.get(outcome)


def _signs(row: QueueRow, outcome: str) -> bool:
    exit_ = _exit(row, outcome)
    return exit_ is not None and exit_.step_up
