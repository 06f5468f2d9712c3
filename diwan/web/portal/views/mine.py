"""What is mine: drafts, requests, licences with their expiry, and what to do now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.cases.models import Case
from diwan.cases.queries import drafts_of, newest
from diwan.cases.services import service_of
from diwan.catalogue.queries import lookup_row
from diwan.forms.plan import in_language
from diwan.kit import clock, numbers
from diwan.people.doors import actor_of, needs_resident
from diwan.registers.models import RegisterEntry
from diwan.registers.queries import renewal_window, soonest, standing_of
from diwan.registers.story import standing_words
from diwan.web.portal import words
from diwan.web.portal.asked import asked_rows
from diwan.web.portal.capacities import others_of

SOME, PAGE = 10, 25
WAITING = ("returned", "invoiced")


@needs_resident
@require_GET
def my_cases(request: HttpRequest) -> HttpResponse:
    """My page: what to do now, drafts, the newest requests, licences that expire first."""
    actor = actor_of(request)
    cases = newest(actor, limit=SOME + 1)
    waiting = [row for state in WAITING for row in newest(actor, limit=SOME, open_state=state)]
    entries = soonest(actor, limit=SOME + 1)
    renewed = under_renewal(cases)
    shown_entries = [_entry(entry, actor.language, renewed) for entry in entries[:SOME]]
    context = {
        "todo": [request_row(case, actor.language) for case in sorted(waiting, key=lambda case: -case.pk)],
        "due_entries": [entry for entry in shown_entries if entry["can_renew"]],
        "asked": asked_rows(actor),
        "drafts": [_draft(draft, actor.language) for draft in drafts_of(actor)[:SOME]],
        "cases": [request_row(case, actor.language) for case in cases[:SOME]],
        "more_cases": len(cases) > SOME,
        "entries": shown_entries,
        "more_entries": len(entries) > SOME,
        "capacity": actor.title_ar if actor.language == "ar" else actor.title_en,
        "others": others_of(request),
        "breadcrumb": [(_("My page"), "")],
    }  # fmt: skip
    return render(request, "portal/my.html", context)


@needs_resident
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Every request, newest first, by keyset on the number (`below`)."""
    actor = actor_of(request)
    below = request.GET.get("below", "")
    found = newest(actor, limit=PAGE + 1, below=int(below) if below.isdecimal() else None)
    older = f"?below={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {
        "cases": [request_row(case, actor.language) for case in found[:PAGE]],
        "older": older,
        "newer": reverse("portal:requests") if below else "",
        "breadcrumb": [(_("My page"), reverse("portal:my_cases")), (_("My requests"), "")],
    }
    return render(request, "portal/requests.html", context)


@needs_resident
@require_GET
def licences(request: HttpRequest) -> HttpResponse:
    """Every licence of the person or establishment, what expires first on top, with renewal in two taps."""
    actor = actor_of(request)
    renewed = under_renewal(newest(actor, limit=PAGE))
    context = {
        "entries": [_entry(entry, actor.language, renewed) for entry in soonest(actor, limit=200)],
        "breadcrumb": [(_("My page"), reverse("portal:my_cases")), (_("My licences"), "")],
    }
    return render(request, "portal/licences.html", context)


def request_row(case: Case, language: str) -> dict[str, Any]:
    service = service_of(case.version_id)
    word, kind = words.state_words(case.state)
    number = numbers.case_number(case.pk)
    return {
        "number": numbers.show_case_number(case.pk),
        "url": reverse("portal:case", args=[number]),
        "service": service.name(language),
        "state": word,
        "kind": kind,
        "holder": "" if case.closed_at else words.holder_words(case.holder, language),
        "opened_at": case.opened_at,
        "due_at": case.due_at if case.closed_at is None else None,
        "closed": case.closed_at is not None,
        "act": _("Complete the request") if case.state == "returned" else _("Pay the bill"),
        "name": _name(case, language),
    }


def _name(case: Case, language: str) -> str:
    """The trade name, so that branches can be told apart."""
    return str(case.data.get("trade_name_en" if language == "en" else "trade_name_ar", ""))


def _draft(draft: Any, language: str) -> dict[str, Any]:
    service = service_of(draft.version_id)
    page = service.form.page(draft.page)
    return {
        "url": reverse("apply:resume", args=[draft.pk]),
        "service": service.name(language),
        "saved_at": draft.saved_at,
        "expires": clock.local(draft.expires_at).date(),
        "page": in_language(page.title, language) if page is not None else "",
        "completes": numbers.show_case_number(draft.amends) if draft.amends else "",
    }


def under_renewal(cases: Iterable[Case]) -> dict[str, str]:
    """Number of a licence -> address of the open request that renews it, among these."""
    return {
        str(case.facts["renews"]): reverse("portal:case", args=[numbers.case_number(case.pk)])
        for case in cases
        if case.closed_at is None and case.facts.get("renews")
    }


def _entry(entry: RegisterEntry, language: str, renewed: Mapping[str, str]) -> dict[str, Any]:
    today = clock.today()
    standing = standing_of(entry, on=today)
    word, kind = standing_words(standing)
    answers = entry.data.get("answers", {})
    codes = answers.get("activities") or []
    row = lookup_row("activities", codes[0], today) if codes else None
    place = entry.municipality
    return {
        "number": entry.number,
        "shown": numbers.show_document_number(entry.number),
        "name": answers.get("trade_name_en" if language == "en" else "trade_name_ar", ""),
        "activity": in_language(row.name, language) if row is not None else "",
        "municipality": place.name_en if language == "en" else place.name_ar,
        "valid_to": entry.valid_to,
        "days": (entry.valid_to - today).days,
        "state": word,
        "kind": kind,
        "can_renew": can_renew(entry) and entry.number not in renewed,
        "url": reverse("portal:licence", args=[entry.number]),
        "renewal_url": renewed.get(entry.number, ""),
        "case_url": reverse("portal:case", args=[numbers.case_number(entry.case_id)]),
    }


def can_renew(entry: RegisterEntry) -> bool:
    """Whether the entry stands in the window in which its service renews it."""
    window = renewal_window(entry)
    return window is not None and window.is_open(clock.today())
