"""Acts on one case: decide, note as typed, take over, give back, undo, cancel, reopen. GET shows, POST acts."""

from collections.abc import Callable

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
from diwan.cases.errors import CaseNotFound, NotAllowed, Outrun, ReasonRequired, SamePerson
from diwan.cases.queries import Queue, queue_page
from diwan.kit import clock
from diwan.kit.errors import DiwanError, FieldErrors
from diwan.kit.numbers import case_number
from diwan.people.actions import step_up
from diwan.people.doors import actor_of, needs_staff
from diwan.web.desk.views.case import draw
from diwan.web.desk.views.frame import (
    case_id_of,
    forget_act,
    note_refusal,
    refuse_other_capacities,
    remember_act,
)
from diwan.web.desk.views.typing import typed_content, typed_items, typed_reasons, typed_remarks
from diwan.web.desk.views.visit import keep_photos
from diwan.web.signin.acting import account_of
from diwan.web.signin.words import say


@needs_staff
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Take the step; on refusal the page comes back with the reason and everything that was typed."""
    actor, case_id, post = actor_of(request), case_id_of(number), request.POST
    refuse_other_capacities(actor, case_id)
    try:
        _confirm(request)
        keep_photos(request, case_id)
        take_step(
            case_id=case_id,
            task_id=whole(post.get("task", "")),
            revision=whole(post.get("revision", "")),
            outcome=post.get("outcome", "")[:60],
            note=post.get("note", "").strip()[:4000],
            reasons=typed_reasons(request),
            field_remarks=typed_remarks(request),
            answers=typed_items(request),
            by=actor,
        )
    except CaseNotFound as error:
        note_refusal(actor, case_id, error)
        raise Http404 from error
    except DiwanError as error:
        return _refused(request, case_id, error)
    remember_act(request, case_id)
    return HttpResponseRedirect(_next_case(request, case_id))


def _refused(request: HttpRequest, case_id: int, error: DiwanError) -> HttpResponse:
    """The page again with the refusal; what was typed is shown and kept."""
    actor, typed = actor_of(request), typed_content(request)
    save_note(case_id=case_id, content=typed, by=actor)
    if isinstance(error, NotAllowed | SamePerson):
        note_refusal(actor, case_id, error)
    fields: dict[str, str] = {}
    if isinstance(error, FieldErrors):
        fields = {path: say(problems[0]) for path, problems in error.errors.items()}
    if isinstance(error, ReasonRequired):
        fields["wants_reason"] = str(typed["outcome"])
    status = 409 if isinstance(error, Outrun) else 422
    return draw(request, case_id, problem=say(error), fields=fields, typed=typed, status=status)


def _confirm(request: HttpRequest) -> None:
    """A code typed beside the approval is the step-up for it and for the next ten minutes."""
    code, account = request.POST.get("code", "").strip(), account_of(request)
    if code and account is not None:
        step_up(account=account, code=code, session=actor_of(request).session)


def _next_case(request: HttpRequest, done: int) -> str:
    """The next case of the same queue, or the queue when it is empty."""
    actor = actor_of(request)
    for row in queue_page(actor, Queue(mine=actor.entity_id is None), limit=2):
        if row.case.pk != done:
            return reverse("desk:case", args=[case_number(row.case.pk)])
    return reverse("desk:home")


def whole(text: str) -> int:
    """A number from a form; -1 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else -1


@needs_staff
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed; answers with the time of saving. Without a script the page comes back."""
    try:
        saved = save_note(case_id=case_id_of(number), content=typed_content(request), by=actor_of(request))
    except CaseNotFound as error:
        raise Http404 from error
    if "plain" in request.POST:
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("desk:case", args=[number]))
    return JsonResponse({"saved_at": f"{clock.local(saved):%H:%M}"})


def _simple(request: HttpRequest, number: str, run: Callable[[int], object], done: str) -> HttpResponse:
    case_id, actor = case_id_of(number), actor_of(request)
    refuse_other_capacities(actor, case_id)
    try:
        run(case_id)
    except CaseNotFound as error:
        note_refusal(actor, case_id, error)
        raise Http404 from error
    except DiwanError as error:
        if isinstance(error, NotAllowed | SamePerson):
            note_refusal(actor, case_id, error)
        return draw(request, case_id, problem=say(error), status=409 if isinstance(error, Outrun) else 422)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


@needs_staff
@require_POST
def claim_task(request: HttpRequest, number: str) -> HttpResponse:
    """Take the task over."""
    task, actor = whole(request.POST.get("task", "")), actor_of(request)
    return _simple(
        request, number, lambda case: claim(case_id=case, task_id=task, by=actor), _("The case is yours now.")
    )


@needs_staff
@require_POST
def release_task(request: HttpRequest, number: str) -> HttpResponse:
    """Give the task back to the unit."""
    task, actor = whole(request.POST.get("task", "")), actor_of(request)
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
    forget_act(request, case_id_of(number))
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
