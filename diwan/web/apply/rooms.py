"""In which room the pages are drawn: the portal for residents, the counter for clerks; and errors as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from diwan.cases.actions.carry_draft import carry_draft
from diwan.cases.actions.drafts import DraftNotFound
from diwan.cases.carried_drafts import version_to_follow
from diwan.cases.models import Draft
from diwan.people.actor import Actor
from diwan.people.doors import actor_of
from diwan.web.apply.sheets import Sheet, open_sheet
from diwan.web.apply.starting import CHANNEL_DESK

PORTAL, COUNTER, DESK = "apply/in_portal.html", "apply/in_counter.html", "apply/in_desk.html"


def base_of(actor: Actor, draft: Draft | None) -> str:
    """The template that the pages extend: an employee's own request is written at the desk."""
    if is_own(draft):
        return DESK
    return COUNTER if actor.is_staff else PORTAL


def is_own(draft: Draft | None) -> bool:
    """Whether an employee asks for something for herself."""
    return draft is not None and draft.channel == CHANNEL_DESK


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this package in the room of the actor."""
    actor, draft = actor_of(request), context.get("draft")
    own = is_own(draft)
    return render(
        request,
        f"apply/{template}.html",
        {
            "base": base_of(actor, draft),
            "at_counter": actor.is_staff and not own,
            "at_desk": own,
            "nav_at_side": True,
            **context,
        },
        status=status,
    )


def sheet_or_404(request: HttpRequest, draft_id: str) -> Sheet:
    """The actor's draft, to be read on the form in force; the usual "not found" for anything else.

    What is sent from a page is read by the form that the page showed, so that nothing typed is lost.
    """
    by = actor_of(request)
    try:
        sheet = open_sheet(draft_id, by)
        if request.method != "GET" or version_to_follow(sheet.draft, sheet.case) == sheet.draft.version_id:
            return sheet
        carry_draft(draft_id=draft_id, by=by)
        return open_sheet(draft_id, by)
    except DraftNotFound as error:
        raise Http404 from error
