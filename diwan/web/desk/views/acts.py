"""Acts on one case: decide, note as typed, take over, give back, undo, cancel, reopen. GET shows, POST acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.actions.assign import claim, release
from diwan.cases.actions.cancel import cancel
from diwan.cases.actions.reopen import reopen
from diwan.cases.actions.save_note import save_note
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.undo_act import undo_act
from diwan.cases.errors import CaseNotFound, Outrun
from diwan.cases.queries import Queue, queue_page
from diwan.cases.remarks import Remark
from diwan.kit import clock
from diwan.kit.errors import DiwanError, FieldErrors
from diwan.kit.numbers import case_number
from diwan.people.actions import step_up
from diwan.web.desk.views.case import case_id_of, draw
from diwan.web.signin.acting import account_of, actor_of
from diwan.web.signin.guards import needs_staff
from diwan.web.signin.words import say

_KEPT = ("note", "outcome", "reasons")
_PREFIXES = ("remark.", "reason.", "words.", "late.", "item.")


@needs_staff
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Take the step; on refusal the page comes back with the reason and everything that was typed."""
    actor, case_id, post = actor_of(request), case_id_of(number), request.POST
    try:
        _confirm(request)
        take_step(
            case_id=case_id,
            task_id=_whole(post.get("task", "")),
            revision=_whole(post.get("revision", "")),
            outcome=post.get("outcome", "")[:60],
            note=post.get("note", "")[:4000],
            reasons=[code for code in post.getlist("reasons") if code],
            field_remarks=typed_remarks(request),
            answers={
                key.removeprefix("item."): value for key, value in post.items() if key.startswith("item.")
            },
            by=actor,
        )
    except FieldErrors as error:
        fields = {path: say(problems[0]) for path, problems in error.errors.items()}
        return draw(
            request, case_id, problem=say(error), fields=fields, typed=typed_content(request), status=422
        )
    except CaseNotFound as error:
        raise Http404 from error
    except DiwanError as error:
        status = 409 if isinstance(error, Outrun) else 422
        save_note(case_id=case_id, content=typed_content(request), by=actor)
        return draw(request, case_id, problem=say(error), typed=typed_content(request), status=status)
    messages.success(
        request, _("Done: case %(number)s. You can take it back for ten minutes.") % {"number": number}
    )
    return HttpResponseRedirect(_next_case(request, case_id))


def _confirm(request: HttpRequest) -> None:
    """A code typed beside the approval is the step-up for it and for the next ten minutes."""
    code, account = request.POST.get("code", "").strip(), account_of(request)
    if code and account is not None:
        step_up(account=account, code=code, session=actor_of(request).session)


def typed_remarks(request: HttpRequest) -> list[Remark]:
    """The fields ticked for remark with reason, words and why it comes late."""
    post = request.POST
    return [
        Remark(
            field=key,
            reason=post.get(f"reason.{key}", ""),
            note=post.get(f"words.{key}", "")[:2000],
            late_why=post.get(f"late.{key}", "")[:1000],
        )
        for key in post.getlist("remark")
    ]


def typed_content(request: HttpRequest) -> dict[str, Any]:
    """Everything typed on the page, as it is kept with the note draft."""
    post = request.POST
    kept: dict[str, Any] = {key: post.get(key, "") for key in _KEPT if key != "reasons"}
    kept["reasons"] = post.getlist("reasons")
    kept["remark"] = post.getlist("remark")
    kept["inputs"] = {key: value for key, value in post.items() if key.startswith(_PREFIXES)}
    return kept


def _next_case(request: HttpRequest, done: int) -> str:
    """The next case of the same queue, or the queue when it is empty."""
    actor = actor_of(request)
    for row in queue_page(actor, Queue(mine=actor.entity_id is None), limit=2):
        if row.case.pk != done:
            return reverse("desk:case", args=[case_number(row.case.pk)])
    return reverse("desk:home")


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else -1


@needs_staff
@require_POST
def note(request: HttpRequest, number: str) -> JsonResponse:
    """Keep what is being typed; answers with the time of saving."""
    try:
        saved = save_note(case_id=case_id_of(number), content=typed_content(request), by=actor_of(request))
    except CaseNotFound as error:
        raise Http404 from error
    return JsonResponse({"saved_at": f"{clock.local(saved):%H:%M}"})


def _simple(request: HttpRequest, number: str, run: Callable[[int], object], done: str) -> HttpResponse:
    case_id = case_id_of(number)
    try:
        run(case_id)
    except CaseNotFound as error:
        raise Http404 from error
    except DiwanError as error:
        return draw(request, case_id, problem=say(error), status=422)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


@needs_staff
@require_POST
def claim_task(request: HttpRequest, number: str) -> HttpResponse:
    """Take the task over."""
    task, actor = _whole(request.POST.get("task", "")), actor_of(request)
    return _simple(
        request, number, lambda case: claim(case_id=case, task_id=task, by=actor), _("The case is yours now.")
    )


@needs_staff
@require_POST
def release_task(request: HttpRequest, number: str) -> HttpResponse:
    """Give the task back to the unit."""
    task, actor = _whole(request.POST.get("task", "")), actor_of(request)
    return _simple(
        request,
        number,
        lambda case: release(case_id=case, task_id=task, by=actor),
        _("Given back to the unit."),
    )


@needs_staff
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take the last act back."""
    actor = actor_of(request)
    return _simple(
        request, number, lambda case: undo_act(case_id=case, by=actor), _("Your last act was taken back.")
    )


@needs_staff
@require_POST
def cancel_case(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel the case with a reason."""
    reasons, actor = [code for code in request.POST.getlist("reasons") if code], actor_of(request)
    words = request.POST.get("note", "")[:4000]
    return _simple(
        request,
        number,
        lambda case: cancel(case_id=case, reasons=reasons, note=words, by=actor),
        _("The case is cancelled."),
    )


@needs_staff
@require_POST
def reopen_case(request: HttpRequest, number: str) -> HttpResponse:
    """Open an ended case again."""
    to, actor = request.POST.get("to", "")[:60], actor_of(request)
    words = request.POST.get("note", "")[:4000]
    return _simple(
        request,
        number,
        lambda case: reopen(case_id=case, to=to, note=words, by=actor),
        _("The case is open again."),
    )
