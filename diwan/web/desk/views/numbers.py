"""First numbers of a unit or municipality: what came, what was done in time, what waits, what came back."""

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.cases.models import Case, DoneTask, OpenTask
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.modules.ratings.queries import By, named, results
from diwan.modules.reports.queries import LEAST_JUDGED, FalseRate, false_rates
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import READ_NUMBERS
from diwan.web.desk.views.frame import frame

PERIODS = (7, 30, 90)
YEAR = 365


@needs_permission(READ_NUMBERS)
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """Figures of the last 7, 30 or 90 days, each with its definition, for the municipalities the post reaches."""
    actor = actor_of(request)
    days = int(request.GET.get("days", "30")) if request.GET.get("days", "30").isdigit() else 30
    days = days if days in PERIODS else 30
    since = clock.now() - timedelta(days=days)
    reach = Q() if actor.municipality_ids is None else Q(municipality_id__in=actor.municipality_ids)
    context: dict[str, Any] = {
        **frame(request),
        "days": days,
        "periods": PERIODS,
        "cases": _cases(reach, since),
        "steps": _steps(reach, since, actor.language),
        "waiting": _waiting(reach),
        "ratings": _ratings(reach, since, actor.language),
        "rates": _rates(actor, since),
        "least_judged": LEAST_JUDGED,
        "at": clock.now(),
    }
    return render(request, "desk/numbers.html", context)


def _rates(actor: Actor, since: Any) -> list[tuple[str, list[FalseRate]]]:
    """False closings of reports by contractor, unit and type."""
    titles = {"contractor": _("By contractor"), "unit": _("By unit"), "type": _("By type of report")}
    now, reach = clock.now(), actor.municipality_ids
    return [
        (title, false_rates(by=by, since=since, until=now, municipality_ids=reach))
        for by, title in titles.items()
    ]


def _cases(reach: Q, since: Any) -> dict[str, Any]:
    found = Case.objects.filter(reach, opened_at__gte=since).aggregate(
        opened=Count("id"),
        closed=Count("id", filter=Q(closed_at__isnull=False)),
        issued=Count("id", filter=Q(state="issued")),
        returned=Count("id", filter=Q(returns__gt=0)),
        rejected=Count("id", filter=Q(state="rejected")),
    )
    opened = found["opened"]
    first = round(100 * (opened - found["returned"]) / opened) if opened else None
    return found | {"first_time": first, "first_time_shown": f"{first}%"}


def _steps(reach: Q, since: Any, language: str) -> list[dict[str, Any]]:
    """Tasks done by step: how many, how many in time, mean hours waited."""
    rows = (
        DoneTask.objects.filter(reach, done_at__gte=since, kind__in=("task", "visit", "chain", "outside"))
        .exclude(outcome="closed")
        .values("step", "case__version_id")
        .annotate(
            done=Count("id"),
            in_time=Count("id", filter=Q(due_at__isnull=True) | Q(done_at__lte=F("due_at"))),
            waited=Avg(F("done_at") - F("entered_at")),
        )
        .order_by("-done")[:20]
    )
    return [
        {
            "step": service_of(row["case__version_id"]).title(row["step"], language),
            "done": row["done"],
            "in_time_shown": f"{round(100 * row['in_time'] / row['done'])}%",
            "hours": round(row["waited"].total_seconds() / 3600, 1),
        }
        for row in rows
    ]


def _ratings(reach: Q, since: Any, language: str) -> list[dict[str, Any]]:
    """How people rated: by service, municipality and branch in the period, by month over the last year."""
    year = clock.now() - timedelta(days=YEAR)
    heads: tuple[tuple[By, str, Any], ...] = (
        ("service", _("Service"), since),
        ("municipality", _("Municipality"), since),
        ("unit", _("Branch"), since),
        ("month", _("Month"), year),
    )
    return [
        {"head": head, "rows": named(by, results(by=by, since=begin, where=reach), language)}
        for by, head, begin in heads
    ]


def _waiting(reach: Q) -> dict[str, int]:
    return OpenTask.objects.filter(reach, kind__in=("task", "visit", "chain")).aggregate(
        open=Count("id"), late=Count("id", filter=Q(due_at__lt=clock.now()))
    )
