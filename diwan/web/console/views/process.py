"""How a service runs over a period: the services of a period, one with its drawing and figures, its event log."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from diwan.files.serving import disposition
from diwan.kit.dates import numeric
from diwan.mining.actions import export_log
from diwan.mining.queries import ProcessView, process_view, services_of
from diwan.mining.registry import READ_PROCESS
from diwan.mining.words import percent, span, work
from diwan.people.doors import actor_of, needs_permission
from diwan.ui.saying import problems
from diwan.web.console.asked import asked_of, places, wanted_of


@needs_permission(READ_PROCESS)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Services of the period, the busiest first."""
    wanted = wanted_of(request)
    context = {**wanted.context, "services": services_of(wanted.period, actor_of(request))}
    return render(request, "console/process.html", {**context, **problems(wanted.errors)})


@needs_permission(READ_PROCESS)
@require_GET
def service(request: HttpRequest, service: str) -> HttpResponse:
    """One service: the sentence, the drawing, steps, paths, loops."""
    wanted = wanted_of(request)
    view = process_view(asked_of(request, service, wanted))
    context: dict[str, Any] = {
        **wanted.context, **problems(wanted.errors), "slug": service, "places": places(request, service, wanted),
        "name": view.asked.service.name(view.asked.language), "view": view, "figures": view.figures,
        "lead": _span(view.figures.lead), "lead_p90": _span(view.figures.lead_p90), "steps": _steps(view),
        "shapes": _shapes(view), "paths": _paths(view),
    }  # fmt: skip
    return render(request, "console/process_service.html", context)


@needs_permission(READ_PROCESS)
@require_POST
def log(request: HttpRequest, service: str) -> StreamingHttpResponse:
    """The event log as XES, streamed."""
    wanted = wanted_of(request)
    pieces = export_log(asked=asked_of(request, service, wanted), by=actor_of(request))
    response = StreamingHttpResponse(pieces, content_type="application/xml; charset=utf-8")
    first, last = (numeric(day).replace("/", "-") for day in (wanted.period.first, wanted.period.last))
    response["Content-Disposition"] = disposition(f"{service}-{first}-{last}.xes", download=True)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _span(seconds: float | None) -> str:
    return "" if seconds is None else span(seconds)


def _steps(view: ProcessView) -> list[dict[str, Any]]:
    """Rows of the table of steps, in words."""
    slow = view.figures.bottleneck
    return [
        {
            "title": title, "done": step.done, "waiting": step.waiting, "share": percent(step.share),
            "median": span(step.elapsed), "slow": span(step.elapsed_p90), "work": work(step.working),
            "work_slow": work(step.working_p90), "touch": "" if step.touch is None else work(step.touch),
            "late": "" if step.late_share is None else percent(step.late_share), "late_count": step.late,
            "is_slowest": step is slow,
        }
        for title, step in view.steps
    ]  # fmt: skip


def _shapes(view: ProcessView) -> list[dict[str, Any]]:
    """The shapes of the drawing, each with what is written in it."""
    found = []
    for shape in view.drawing.shapes:
        step = shape.figures
        found.append(
            {
                "shape": shape, "done": step.done if step is not None and step.done else None,
                "median": span(step.elapsed) if step is not None and step.done else "",
                "waiting": step.waiting if step is not None and step.waiting else None,
            }
        )  # fmt: skip
    return found


def _paths(view: ProcessView) -> list[dict[str, Any]]:
    return [
        {"titles": titles, "count": path.count, "share": percent(path.share), "lead": span(path.lead)}
        for titles, path in view.paths
    ]
