"""The public page of numbers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.web.portal.figures import DAYS, published


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """First numbers, each with the day and its definition."""
    context = {"numbers": published(), "period": DAYS, "breadcrumb": [(_("Our numbers"), "")]}
    return render(request, "portal/numbers.html", context)
