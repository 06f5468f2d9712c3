"""Putting a draft into force by two: asking with a day, the difference for the second person, and the decision."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diwan.catalogue.actions import (
    WordsMissing,
    approve_publication,
    ask_publication,
    refuse_publication,
    withdraw_publication,
)
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.errors import NotAllowed
from diwan.catalogue.models import Publication
from diwan.catalogue.queries import workshop
from diwan.kit import hijri
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import EDIT_CATALOGUE, PUBLISH_CATALOGUE
from diwan.ui.saying import say
from diwan.web.console.difference import difference
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.names import person_name
from diwan.web.console.sandbox_shown import how_far
from diwan.web.console.views.drafts import draft_or_404, draft_page
from diwan.web.signin.words import problems


@needs_permission(EDIT_CATALOGUE)
@require_POST
def ask(request: HttpRequest, draft: int) -> HttpResponse:
    """Ask that the draft be put into force from a day on."""
    found = draft_or_404(draft)
    try:
        made = ask_publication(
            draft_id=draft, valid_from=_day(request), note=request.POST.get("note", ""), by=actor_of(request)
        )
    except DiwanError as error:
        return draft_page(request, found, found.text, errors={"valid_from": say(error)})
    messages.success(request, _("Asked. Somebody else who may publish approves it."))
    return HttpResponseRedirect(reverse("console:publication", args=[made.pk]))


@needs_catalogue
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, publication: int) -> HttpResponse:
    """What would change, for the second person. POST decides: `do` is approve, refuse or withdraw."""
    found = workshop.publication_of(publication)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    try:
        told = _decide(request, publication)
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        field = "answer" if isinstance(error, WordsMissing) else ""
        return _page(request, found, {field: say(error)})
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:publication", args=[publication]))


def _decide(request: HttpRequest, publication: int) -> str:
    """Do what was pressed; the sentence that tells it."""
    answer, actor = request.POST.get("answer", ""), actor_of(request)
    pressed = request.POST.get("do", "")
    if pressed == "approve":
        approve_publication(publication_id=publication, answer=answer, by=actor)
        return _("Approved. The version is published.")
    if pressed == "refuse":
        refuse_publication(publication_id=publication, answer=answer, by=actor)
        return _("Refused. Whoever wrote it reads your words at the draft.")
    if pressed == "withdraw":
        withdraw_publication(publication_id=publication, by=actor)
        return _("The request is taken back. The draft stays.")
    raise Http404


def _page(request: HttpRequest, found: Publication, errors: dict[str, str] | None = None) -> HttpResponse:
    actor, version = actor_of(request), found.version
    before = workshop.before_of(version, found.valid_from)
    waits = found.state == Publication.State.WAITING
    is_own = actor.account_id in (found.asked_by_id, *version.authors)
    context: dict[str, Any] = {
        "row": found, "version": version, "service": version.service, "before": before,
        "name": load_definition(version).name(actor.language), "asker": person_name(found.asked_by, actor.language),
        "decider": person_name(found.decided_by, actor.language),
        "lines": difference(before.definition if before is not None else None, version.definition),
        "how_far": how_far(version, actor.language), "waits": waits, "is_own": is_own,
        "may_decide": waits and not is_own and actor.can(PUBLISH_CATALOGUE),
        "may_withdraw": waits and actor.can(EDIT_CATALOGUE), "answer": request.POST.get("answer", ""),
        **problems(errors or {}),
    }  # fmt: skip
    return render(request, "console/publication.html", context, status=422 if errors else 200)


def _day(request: HttpRequest) -> date:
    """The day typed in three boxes. Raises InvalidValue."""
    parts = {part: request.POST.get(f"valid_from-{part}", "") for part in ("year", "month", "day")}
    calendar: hijri.Calendar = "hijri" if request.POST.get("valid_from-calendar") == "hijri" else "gregorian"
    return hijri.parse_date_parts(**parts, calendar=calendar)
