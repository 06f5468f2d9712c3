"""What is it? In words, or by one of twelve pictures."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.kit.errors import DiwanError
from diwan.modules.reports import types
from diwan.modules.reports.screens.sheet import begin
from diwan.people.actions import count_attempt
from diwan.people.doors import actor_of
from diwan.ui.callers import client_address
from diwan.ui.saying import say

STARTS: Final = 60
"""Reports begun from one address in a quarter of an hour: a family or an office shares one."""
WINDOW: Final = timedelta(minutes=15)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Words (`q`) with up to three types that they may mean, pictures (`group`); the posted `type` starts."""
    language = actor_of(request).language
    refused = ""
    if request.method == "POST":
        row = types.type_row(request.POST.get("type", "")[:12])
        if row is not None:
            try:
                count_attempt(
                    key=f"report-start:{client_address(request)}", limit=STARTS, window=WINDOW
                ).require()
                return HttpResponseRedirect(reverse("reports:details", args=[begin(request, row.code).pk]))
            except DiwanError as error:
                refused = say(error)
    words = request.GET.get("q", "").strip()[:200]
    group = request.GET.get("group", "")[:24]
    pictures = types.pictures(language)
    chosen = next((picture for picture in pictures if picture.code == group), None)
    context = {
        "words": words,
        "found": types.meant_by(words, language) if words else [],
        "pictures": pictures,
        "chosen": chosen,
        "types": types.of_picture(chosen.code, language) if chosen else [],
        "refused": refused,
        "breadcrumb": [(_("Report a problem"), "")],
        "nav_at_side": True,
    }
    return render(request, "reports/new.html", context, status=422 if refused else 200)
