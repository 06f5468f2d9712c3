"""The judges' page on the desk: was the work done? Before and after side by side, place and time in words, one tap."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import CaseNotFound, ReasonRequired, SamePerson
from diwan.cases.models import OpenTask
from diwan.cases.queries import case_for
from diwan.cases.services import service_of
from diwan.files.queries import uploads_of
from diwan.kit.errors import DiwanError
from diwan.modules.reports.models import Report
from diwan.modules.reports.papers import JUDGING, work_task
from diwan.modules.reports.screens.telling_closings import closing_views, dispute_view
from diwan.modules.reports.screens.work import (
    PHOTOS,
    case_id_of,
    photo_views,
    reasons_of,
    report_view,
    voice_views,
    whole,
)
from diwan.modules.reports.work_queries import has_worked_on, to_judge
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import ACT
from diwan.ui.saying import say

OUTCOMES: Final = ("fixed", "not_fixed")


@needs_permission(ACT)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's judgement."""
    return render(request, "reports/judge_list.html", {"lines": _lines(actor_of(request))})


@needs_permission(ACT)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One closing to be judged."""
    return draw(request, case_id_of(number))


def draw(request: HttpRequest, case_id: int, *, error: DiwanError | None = None) -> HttpResponse:
    """The page; after a refusal with the reason. Whoever worked on the report reads why somebody else judges."""
    actor = actor_of(request)
    task = work_task(case_id, actor, steps=JUDGING)
    if task is None:
        raise Http404
    report = Report.objects.select_related("case", "district", "municipality", "crew").get(pk=case_id)
    case = report.case
    if request.method == "GET":
        log_access(by=actor, notes=[AccessNote("case", str(case_id), "reports.judge")])
    view = report_view(case, report, actor.language)
    uploads = uploads_of(f"case:{case_id}")
    closings = closing_views(case_id, uploads, view["address"], actor.language)
    exits = service_of(case.version_id).flow.steps[task.step].exits
    context = {
        **view,
        "task": task,
        "title": service_of(case.version_id).title(task.step, actor.language),
        "task_due": task.due_at,
        "description": str(case.data.get("description", "")),
        "reporter_photos": photo_views([one for one in uploads if one.slot == PHOTOS], view["address"]),
        "voices": voice_views(uploads, view["address"]),
        "closing": closings[0] if closings else None,
        "earlier": closings[1:],
        "dispute": dispute_view(case_id, uploads, view["address"], actor.language),
        "reasons": reasons_of(service_of(case.version_id).reasons_for(exits["not_fixed"]), actor.language),
        "fixed_needs_reason": exits["fixed"].reason == "required",
        "barred": say(SamePerson()) if has_worked_on(actor, case, task.step) else "",
        "reason": request.POST.get("reason", ""),
        "note": request.POST.get("note", ""),
        "reason_error": say(error) if isinstance(error, ReasonRequired) else "",
        "problem": say(error) if error is not None and not isinstance(error, ReasonRequired) else "",
        "lines": _lines(actor),
    }
    return render(request, "reports/judge.html", context, status=200 if error is None else 422)


def _lines(actor: Actor) -> list[dict[str, Any]]:
    return [_line(task, report, actor) for task, report in to_judge(actor)]


def _line(task: OpenTask, report: Report, actor: Actor) -> dict[str, Any]:
    view = report_view(task.case, report, actor.language)
    title = service_of(task.case.version_id).title(task.step, actor.language)
    return {**view, "title": title, "url": reverse("reports:judge_page", args=[view["address"]])}


@needs_permission(ACT)
@require_POST
def judgement(request: HttpRequest, number: str) -> HttpResponse:
    """Fixed or not fixed; then the next one."""
    case_id, actor, post = case_id_of(number), actor_of(request), request.POST
    if work_task(case_id, actor, steps=JUDGING) is None:
        return _gone(request, case_id)
    outcome = post.get("outcome", "")
    reason = post.get("reason", "")[:20]
    try:
        take_step(
            case_id=case_id, task_id=whole(post.get("task", "")), revision=whole(post.get("revision", "")),
            outcome=outcome if outcome in OUTCOMES else "", reasons=[reason] if reason else [],
            note=post.get("note", "").strip()[:1000], by=actor,
        )  # fmt: skip
    except DiwanError as error:
        return draw(request, case_id, error=error)
    messages.success(request, _("Your judgement is in the history of the report."))
    following = to_judge(actor)
    if following:
        number = report_view(following[0][0].case, following[0][1], actor.language)["address"]
        return HttpResponseRedirect(reverse("reports:judge_page", args=[number]))
    return HttpResponseRedirect(reverse("reports:judge"))


def _gone(request: HttpRequest, case_id: int) -> HttpResponse:
    """Judged meanwhile, by somebody or by this very form: say so to who may know of the case."""
    try:
        case_for(case_id, actor_of(request))
    except CaseNotFound as error:
        raise Http404 from error
    messages.warning(request, _("This report no longer waits for a judgement."))
    return HttpResponseRedirect(reverse("reports:judge"))
