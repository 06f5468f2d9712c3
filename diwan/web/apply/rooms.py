"""In which room the pages are drawn: the portal for residents, the counter for clerks; and errors as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from diwan.cases.actions.drafts import DraftNotFound
from diwan.people.actor import Actor
from diwan.people.doors import actor_of
from diwan.web.apply.sheets import Sheet, open_sheet

PORTAL, COUNTER = "apply/in_portal.html", "apply/in_counter.html"


def base_of(actor: Actor) -> str:
    """The template that the pages extend."""
    return COUNTER if actor.is_staff else PORTAL


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this package in the room of the actor."""
    actor = actor_of(request)
    return render(
        request,
        f"apply/{template}.html",
        {"base": base_of(actor), "at_counter": actor.is_staff, "nav_at_side": True, **context},
        status=status,
    )


def sheet_or_404(request: HttpRequest, draft_id: str) -> Sheet:
    """The actor's draft; the usual "not found" for anything else."""
    try:
        return open_sheet(draft_id, actor_of(request))
    except DraftNotFound as error:
        raise Http404 from error
