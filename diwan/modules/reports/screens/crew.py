"""The crew's pages on a phone: what to do in the order of the drive, and one piece of work from arrival to proof."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.kit import clock
from diwan.modules.reports.queries import open_tasks_of
from diwan.modules.reports.route_order import Stop, ordered
from diwan.modules.reports.screens.device import device_of
from diwan.modules.reports.screens.work import far_words, in_language, report_view
from diwan.modules.reports.work_queries import MOST, crews_of
from diwan.people.doors import actor_of, needs_staff

HERE: Final = "crew_here"
HERE_FOR: Final = timedelta(minutes=30)
"""How long a list stays in the order of the drive from where the device stood."""
NO_CREW: Final = "-"


@needs_staff
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The work that waits for the body or unit, for one crew or all, in the order of the drive."""
    actor = actor_of(request)
    rows = open_tasks_of(actor, limit=MOST)
    crews = crews_of(actor)
    counts = Counter(report.crew.code if report.crew else NO_CREW for _task, report in rows)
    crew = request.GET.get("crew", "")[:24]
    chosen = [
        (task, report) for task, report in rows if crew in ("", report.crew.code if report.crew else NO_CREW)
    ]
    start = _here(request)
    stops = [
        Stop(task.pk, report.priority, task.case.due_at, report.lat, report.lng) for task, report in chosen
    ]
    by_key = {task.pk: (task, report) for task, report in chosen}
    lines = []
    for leg in ordered(stops, start=start):
        task, report = by_key[leg.stop.key]
        lines.append({**report_view(task.case, report, actor.language), "far": far_words(leg.metres)})
    context = {
        "lines": lines,
        "crew": crew,
        "crews": [(one.code, in_language(one, actor.language), counts[one.code]) for one in crews],
        "without": counts[NO_CREW],
        "all": len(rows),
        "from_here": start is not None,
        "cut": len(rows) >= MOST,
    }
    return render(request, "reports/work_list.html", context)


@needs_staff
@require_POST
def start_here(request: HttpRequest) -> HttpResponse:
    """Order the list by the drive from where the device stands; kept for half an hour in this session only."""
    device = device_of(request)
    if device is None:
        request.session.pop(HERE, None)
        if request.POST.get("do") != "forget":
            messages.warning(
                request, _("The device did not tell where it is. The list stays in order of time.")
            )
    else:
        request.session[HERE] = [device.lat, device.lng, clock.now().isoformat()]
    crew = request.POST.get("crew", "")[:24]
    return HttpResponseRedirect(reverse("reports:work") + (f"?{urlencode({'crew': crew})}" if crew else ""))


def _here(request: HttpRequest) -> tuple[float, float] | None:
    kept: Any = request.session.get(HERE)
    if not kept or datetime.fromisoformat(kept[2]) < clock.now() - HERE_FOR:
        return None
    return float(kept[0]), float(kept[1])
