"""Small pages: help, contact, privacy, terms, accessibility, the map of the site; and "was this page useful?"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.catalogue.queries import search_services
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.actions import count_attempt
from diwan.people.doors import actor_of
from diwan.ui.callers import client_address
from diwan.web.portal.actions import add_words, leave_feedback
from diwan.web.portal.cards import shown_cards

MODIFIED: Final = date(2026, 11, 21)
ANSWERS: Final = 60
WINDOW: Final = timedelta(hours=1)


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do things here."""
    return _page(request, "help", _("Help"))


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the site, and where to say what does not work."""
    return _page(request, "accessibility", _("Accessibility"))


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data, for what, how long, and whose rights."""
    return _page(request, "privacy", _("Privacy"))


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """Terms of use."""
    return _page(request, "terms", _("Terms of use"))


@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach people."""
    return _page(request, "contact", _("Contact"))


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page of the site and every service."""
    cards = shown_cards(search_services("", on=clock.today()), actor_of(request).language)
    return _page(request, "sitemap", _("Site map"), cards=cards)


@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Keep an answer; a script gets the thanks alone, others go back to the page."""
    back = request.POST.get("page", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    try:
        count_attempt(key=f"feedback:{client_address(request)}", limit=ANSWERS, window=WINDOW).require()
    except DiwanError:
        return _thanked(request, back, None)
    words = request.POST.get("words", "").strip()
    mine = request.session.get("feedback", 0)
    if words and str(mine) == request.POST.get("answer", ""):
        add_words(feedback_id=int(mine), words=words)
        return _thanked(request, back, None)
    if request.POST.get("useful") not in ("yes", "no"):
        return _thanked(request, back, None)
    kept = leave_feedback(
        page=back, useful=request.POST["useful"] == "yes", language=actor_of(request).language
    )
    request.session["feedback"] = kept.pk
    return _thanked(request, back, None if kept.useful else kept.pk)


def _thanked(request: HttpRequest, back: str, ask: int | None) -> HttpResponse:
    context = {"back": back, "ask": ask}
    if request.headers.get("HX-Request"):
        return render(request, "portal/thanks.html", context)
    if ask is None:
        return HttpResponseRedirect(back)
    return render(request, "portal/feedback.html", context)


def _page(request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
    context = {"page_modified": MODIFIED, "breadcrumb": [(title, "")], **more}
    return render(request, f"portal/{name}.html", context)
