"""The first page, and the one box that takes a word or any number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.cases.models import Case
from diwan.cases.queries import find_cases
from diwan.cases.visibility import can_see
from diwan.catalogue.queries import class_counts, search_services
from diwan.catalogue.schema import CLASSES
from diwan.kit import clock, numbers
from diwan.kit.number_box import Kind, Told, tell_apart
from diwan.payments.queries import bill_by_number
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, acts_for_residents
from diwan.registers.queries import can_see_entry, entry_by_number
from diwan.web.portal.cards import class_words, shown_cards
from diwan.web.portal.figures import asked_for
from diwan.web.portal.views.mine import request_row
from diwan.web.signin.words import say

POPULAR = 6
MINE = 10


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Search, services by class with their counts, what is asked for most, tracking."""
    actor, today = actor_of(request), clock.today()
    counts = class_counts(today)
    asked = asked_for()
    cards = sorted(search_services("", on=today, applicable=True), key=lambda card: -asked.get(card.slug, 0))
    context = {
        "classes": [(key, class_words(key), counts[key]) for key in CLASSES if counts[key]],
        "total": sum(counts.values()),
        "popular": shown_cards(cards[:POPULAR], actor.language),
    }
    return render(request, "portal/home.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """A number leads to its page; words list the services that fit, in any spelling."""
    typed = request.GET.get("q", "").strip()[:120]
    actor = actor_of(request)
    told = tell_apart(typed)
    leads = _leads_to(told, actor)
    if leads:
        return HttpResponseRedirect(leads)
    words = told.kind is Kind.WORDS
    found = search_services(typed, on=clock.today()) if typed and words else []
    mine = find_cases(typed, actor, limit=MINE) if words and acts_for_residents(actor) else []
    context: dict[str, Any] = {
        "q": typed,
        "search_query": typed,
        "cards": shown_cards(found, actor.language),
        "mine": [request_row(case, actor.language) for case in mine],
        "problem": say(told.problem) if told.problem else "",
        "kind": _kind_words(told.kind),
        "is_number": told.kind is not Kind.WORDS,
        "breadcrumb": [(_("Search"), "")],
    }
    return render(request, "portal/search.html", context)


def _leads_to(told: Told, actor: Actor) -> str:
    """The page that answers a number; empty when it has to be explained first."""
    if told.problem is not None:
        return ""
    if told.kind is Kind.CASE and told.key is not None:
        return _case_page(told.key, actor)
    if told.kind is Kind.DOCUMENT:
        entry = entry_by_number(told.value) if acts_for_residents(actor) else None
        if entry is not None and can_see_entry(actor, entry):
            return reverse("portal:licence", args=[entry.number])
        return f"{reverse('portal:verify')}?{urlencode({'number': told.value})}"
    if told.kind is Kind.BILL:
        bill = bill_by_number(told.value)
        return _case_page(bill.case_id, actor) if bill is not None and _sees(bill.case_id, actor) else ""
    return ""


def _case_page(case_id: int, actor: Actor) -> str:
    """The request's own page for whoever may see it; tracking for everybody else, whether it exists or not."""
    number = numbers.case_number(case_id)
    if _sees(case_id, actor):
        return reverse("portal:case", args=[number])
    return f"{reverse('portal:track')}?{urlencode({'number': number})}"


def _sees(case_id: int, actor: Actor) -> bool:
    if not acts_for_residents(actor):
        return False
    case = Case.objects.filter(pk=case_id).first()
    return case is not None and can_see(actor, case)


def _kind_words(kind: Kind) -> str:
    return {
        Kind.CASE: _("a request number"),
        Kind.DOCUMENT: _("a document number"),
        Kind.BILL: _("a bill number"),
        Kind.NATIONAL_ID: _("an identity number"),
        Kind.UNIFIED: _("a unified number of an establishment"),
        Kind.COMMERCIAL_REGISTER: _("a commercial register number"),
        Kind.MOBILE: _("a mobile number"),
        Kind.POLE: _("the number of a lamp pole"),
        Kind.REGISTRATION: _("a registration number"),
    }.get(kind, _("a number"))
