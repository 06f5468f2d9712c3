"""The public page of numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.modules.ratings.queries import By, named
from diwan.modules.reports.queries import LEAST_JUDGED
from diwan.people.doors import actor_of
from diwan.web.portal.figures import DAYS, published


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """First numbers, each with the day and its definition."""
    found = published()
    heads: dict[By, str] = {"service": _("Service"), "municipality": _("Municipality"), "month": _("Month")}
    language = actor_of(request).language
    context = {
        "numbers": found,
        "ratings": [(head, named(by, found.ratings[by], language)) for by, head in heads.items()],
        "period": DAYS,
        "rates": [(_("By contractor"), found.contractors), (_("By type of report"), found.types)],
        "least_judged": LEAST_JUDGED,
        "breadcrumb": [(_("Our numbers"), "")],
    }
    return render(request, "portal/numbers.html", context)
