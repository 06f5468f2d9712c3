"""One piece of work on a phone: arrive, take photos, say what was done, close it; or say that it is not ours."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.actions.save_note import save_note
from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import ReasonRequired
from diwan.cases.models import OpenTask
from diwan.cases.queries import note_draft
from diwan.cases.services import service_of
from diwan.files.queries import uploads_of
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.modules.reports.actions import arrive, assign_crew, finish_work
from diwan.modules.reports.errors import PhotosMissing, TakenBefore, TooFar, WordsMissing
from diwan.modules.reports.models import Report
from diwan.modules.reports.papers import AFTER, BEFORE, WORK, work_task
from diwan.modules.reports.screens.crew_files import SlotRefused, keep_posted, slot_view
from diwan.modules.reports.screens.device import device_of
from diwan.modules.reports.screens.typing import typed_content
from diwan.modules.reports.screens.work import (
    PHOTOS,
    case_id_of,
    far_words,
    in_language,
    photo_views,
    phrases,
    reasons_of,
    report_view,
    voice_views,
    whole,
    words_of,
)
from diwan.modules.reports.work_queries import closed_by, crews_of, work_on
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.ui.saying import problems, say

#: Beside which field a refusal stands.
_FIELDS: Final[dict[type[DiwanError], str]] = {
    TooFar: "far_why", TakenBefore: "after", WordsMissing: "words", ReasonRequired: "reason",
}  # fmt: skip


@needs_staff
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The work, for whoever has it; everybody else reads that there is no such number."""
    return draw(request, case_id_of(number))


def draw(
    request: HttpRequest, case_id: int, *, error: DiwanError | None = None, field: str = ""
) -> HttpResponse:
    """The page; after a refusal with the reason beside its field (`field`, else the usual one), all as it was typed."""
    actor = actor_of(request)
    task = work_task(case_id, actor, steps=WORK)
    if task is None:
        raise Http404
    found = work_on(case_id, task.pk)
    case, report = found.case, found.report
    if request.method == "GET":
        log_access(by=actor, notes=[AccessNote("case", str(case_id), "reports.work")])
    kept = note_draft(case_id, actor)
    typed = typed_content(request) if error is not None else dict(kept.content) if kept else {}
    inputs = typed.get("inputs", {})
    papers = uploads_of(f"case:{case_id}")
    sent = uploads_of(f"work:{case_id}")
    view = report_view(case, report, actor.language)
    by_field = _beside(error, field, {one.slot for one in sent}) if error is not None else {}
    context = {
        **view,
        **problems(by_field),
        "task": task,
        "description": str(case.data.get("description", "")),
        "reporter_photos": photo_views([one for one in papers if one.slot == PHOTOS], view["address"]),
        "voices": voice_views(papers, view["address"]),
        "before": slot_view(sent, BEFORE, view["address"]),
        "after": slot_view(sent, AFTER, view["address"]),
        "words": typed.get("note", ""),
        "far_why": inputs.get("far_why", ""),
        "quick": inputs.get("quick", []),
        "bounce_note": inputs.get("bounce_note", ""),
        "bounce_reason": inputs.get("reason", ""),
        "phrases": phrases(report.category, actor.language),
        "reasons": _bounce_reasons(case.version_id, task, actor),
        "crews": [(one.code, in_language(one, actor.language)) for one in crews_of(actor)],
        "crew_code": report.crew.code if report.crew else "",
        "arrival": found.arrival,
        "arrival_far": far_words(found.arrival.distance) if found.arrival else "",
        "again": found.earlier,
        "problem": say(error) if error is not None and not by_field else "",
    }
    return render(request, "reports/work.html", context, status=200 if error is None else 422)


def _beside(error: DiwanError, field: str, slots: set[str]) -> dict[str, str]:
    """Field -> sentence of a refusal; nothing for one that belongs to no field."""
    if isinstance(error, PhotosMissing):
        return {slot.strip("_"): say(error) for slot in (BEFORE, AFTER) if slot not in slots}
    name = field or _FIELDS.get(type(error), "")
    return {name: say(error)} if name else {}


def _bounce_reasons(version_id: int, task: OpenTask, actor: Actor) -> list[tuple[str, str]]:
    service = service_of(version_id)
    exit_ = service.flow.steps[task.step].exits.get("bounce")
    return reasons_of(service.reasons_for(exit_), actor.language) if exit_ is not None else []


@needs_staff
@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being typed; answers with the time of saving."""
    case_id, actor = case_id_of(number), actor_of(request)
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    saved = save_note(case_id=case_id, content=typed_content(request), by=actor)
    return JsonResponse({"saved_at": f"{clock.local(saved):%H:%M}"})


@needs_staff
@require_POST
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Close the work; the same form once more, after a broken connection, leads on as the first one did."""
    case_id, actor, post = case_id_of(number), actor_of(request), request.POST
    task_id = whole(post.get("task", ""))
    if closed_by(actor, case_id=case_id, task_id=task_id):
        return _next(request)
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    try:
        keep_posted(request, case_id)
        language = Report.objects.values_list("case__language", flat=True).get(pk=case_id)
        finish_work(
            case_id=case_id, task_id=task_id, revision=whole(post.get("revision", "")),
            words=words_of(post.getlist("quick"), post.get("words", "")[:1000], language),
            device=device_of(request), far_why=post.get("far_why", "")[:1000], by=actor,
        )  # fmt: skip
    except SlotRefused as refused:
        return _refused(request, case_id, refused.error, field=refused.slot.strip("_"))
    except DiwanError as error:
        return _refused(request, case_id, error)
    messages.success(request, _("Closed. The reporter gets the photos and is asked whether it is fixed."))
    return _next(request)


@needs_staff
@require_POST
def bounce(request: HttpRequest, number: str) -> HttpResponse:
    """Give the report back to the 940 room: not ours, with a reason."""
    case_id, actor, post = case_id_of(number), actor_of(request), request.POST
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    try:
        take_step(
            case_id=case_id, task_id=whole(post.get("task", "")), revision=whole(post.get("revision", "")),
            outcome="bounce", reasons=[code for code in (post.get("reason", "")[:20],) if code],
            note=post.get("bounce_note", "").strip()[:1000], by=actor,
        )  # fmt: skip
    except DiwanError as error:
        return _refused(request, case_id, error)
    messages.success(request, _("The report is back with the 940 room."))
    return _next(request)


@needs_staff
@require_POST
def here(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the crew has arrived."""
    case_id, actor = case_id_of(number), actor_of(request)
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    arrival = arrive(case_id=case_id, device=device_of(request), by=actor)
    messages.success(request, _("Arrival noted at {time}.").format(time=f"{clock.local(arrival.at):%H:%M}"))
    return HttpResponseRedirect(reverse("reports:work_page", args=[number]))


@needs_staff
@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give the report to a crew of one's own."""
    case_id, actor = case_id_of(number), actor_of(request)
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    try:
        assign_crew(case_id=case_id, crew=request.POST.get("crew", "")[:24], by=actor)
    except DiwanError as error:
        return _refused(request, case_id, error)
    messages.success(request, _("Given to the crew."))
    return HttpResponseRedirect(reverse("reports:work_page", args=[number]))


def _refused(request: HttpRequest, case_id: int, error: DiwanError, *, field: str = "") -> HttpResponse:
    """The page again with the refusal, while the work is still ours; else the list with the reason."""
    actor = actor_of(request)
    if work_task(case_id, actor, steps=WORK) is None:
        messages.warning(request, say(error))
        return _next(request)
    save_note(case_id=case_id, content=typed_content(request), by=actor)
    return draw(request, case_id, error=error, field=field)


def _next(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("reports:work"))
