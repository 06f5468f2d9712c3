"""The wall of the 940 room: open and late by municipality, and what cannot wait."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from diwan.kit import clock, numbers
from diwan.modules.reports import types
from diwan.modules.reports.models import Report
from diwan.modules.reports.queries import urgent_open, wall
from diwan.modules.reports.registry import WALL
from diwan.people.doors import actor_of, needs_permission


@needs_permission(WALL)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Numbers across a room; renewed every fifteen seconds by script, every minute without."""
    actor, now = actor_of(request), clock.now()
    rows = wall(actor)
    context = {
        "rows": [
            {"name": row.name_en if actor.language == "en" else row.name_ar, "row": row} for row in rows
        ],
        "open": sum(row.open for row in rows),
        "late": sum(row.late for row in rows),
        "urgent": sum(row.urgent for row in rows),
        "first": [_urgent(report, actor.language) for report in urgent_open(actor, limit=8)],
        "at": now,
        "part": bool(request.headers.get("HX-Request")),
    }
    template = "reports/parts/wall.html" if context["part"] else "reports/wall.html"
    return render(request, template, context)


def _urgent(report: Report, language: str) -> dict[str, Any]:
    place = report.district or report.municipality
    late = report.due_at is not None and report.due_at < clock.now()
    return {
        "number": numbers.show_case_number(report.pk),
        "url": reverse("reports:handle", args=[numbers.case_number(report.pk)]),
        "name": types.called(types.type_row(report.type), language),
        "place": place.name_en if language == "en" else place.name_ar,
        "due_at": report.due_at,
        "late": late,
    }
