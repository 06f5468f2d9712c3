"""The page of one licence for its holder: how it stands, what can be done, its permits, requests and history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.cases.contests import decided
from diwan.cases.visibility import can_see
from diwan.catalogue.queries import objecting_service
from diwan.documents.queries import by_number
from diwan.kit import clock, numbers
from diwan.people.doors import actor_of, acts_for_residents, needs_resident
from diwan.registers import story
from diwan.registers.errors import EntryUnknown
from diwan.registers.links import opens
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.queries import (
    EntryPage,
    can_see_entry,
    decision_standing,
    entry_by_number,
    entry_page,
    is_stayed,
    offered_about,
    standing_of,
)
from diwan.registers.story import standing_words
from diwan.registers.telling import title_of
from diwan.web.portal.views.mine import can_renew, request_row, under_renewal

CHANNEL = "portal"
DECIDED = ("suspended", "revoked")


@needs_resident
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one licence of one's own; 404 for any other number."""
    actor = actor_of(request)
    try:
        found = entry_page(number, actor)
    except EntryUnknown as error:
        raise Http404 from error
    entry, language = found.entry, actor.language
    cases = [case for case in found.cases if can_see(actor, case)]
    renewed = under_renewal(cases)
    context = {
        **summary(entry, language),
        "document": by_number(entry.number),
        "case_number": numbers.case_number(entry.case_id),
        "case_seen": any(case.pk == entry.case_id for case in cases),
        "can_renew": can_renew(entry) and entry.number not in renewed,
        "renewal_url": renewed.get(entry.number, ""),
        "offers": [
            {"slug": each.slug, "name": each.name(language), "summary": each.summary(language)}
            for each in offered_about(entry, channel=CHANNEL)
        ],
        "decision": _decision(found, language),
        "stayed": _stayed(found),
        "objecting": decided("entry", entry.number),
        "parent": _link(entry.parent, language),
        "successor": _link(found.successor, language),
        "permits": [summary(permit, language) for permit in found.permits],
        "cases": [request_row(case, language) for case in cases],
        "timeline": [
            {"what": story.what(made), "when": made.at, "note": " · ".join(story.why(made, language))}
            for made in found.changes
        ],
        "breadcrumb": [(_("My licences"), reverse("portal:licences")), (title_of(entry, language), "")],
    }
    return render(request, "portal/licence.html", context)


@needs_resident
@require_GET
def objecting(request: HttpRequest, number: str) -> HttpResponse:
    """The decision on a licence, until when one may object and how; or what else can be done. 404 for any other number,
    back to the licence where no decision stands."""
    actor = actor_of(request)
    try:
        found = entry_page(number, actor)
    except EntryUnknown as error:
        raise Http404 from error
    service = objecting_service(clock.today(), "entry")
    standing, made = decided("entry", number), decision_standing(found.entry)
    if standing is None or made is None or service is None:
        return HttpResponseRedirect(reverse("portal:licence", args=[number]))
    shown = numbers.show_document_number(number)
    context = {
        **summary(found.entry, actor.language),
        "objecting": standing,
        "decision": _in_words(made, actor.language),
        "suspended": made.after == RegisterEntry.Status.SUSPENDED,
        "service": service,
        "breadcrumb": [
            (_("My licences"), reverse("portal:licences")),
            (f"{title_of(found.entry, actor.language)} {shown}", reverse("portal:licence", args=[number])),
            (_("Objection"), ""),
        ],
    }
    return render(request, "portal/licence_object.html", context)


@require_GET
def by_link(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The link of a message: the licence and its last day; its holder is led on to the page with everything."""
    if not opens(number, secret):
        raise Http404
    entry, actor = entry_by_number(number), actor_of(request)
    if entry is None:
        raise Http404
    if acts_for_residents(actor) and can_see_entry(actor, entry):
        return HttpResponseRedirect(reverse("portal:licence", args=[number]))
    context = {
        **summary(entry, actor.language),
        "can_renew": can_renew(entry),
        "breadcrumb": [(title_of(entry, actor.language), "")],
    }
    return render(request, "portal/licence_link.html", context)


def summary(entry: RegisterEntry, language: str) -> dict[str, Any]:
    """What every mention of an entry says."""
    today = clock.today()
    word, kind = standing_words(standing_of(entry, on=today))
    answers = entry.data.get("answers", {})
    return {
        "number": entry.number,
        "shown": numbers.show_document_number(entry.number),
        "title": title_of(entry, language),
        "name": answers.get("trade_name_en" if language == "en" else "trade_name_ar", ""),
        "state": word,
        "kind": kind,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "days": (entry.valid_to - today).days,
        "url": reverse("portal:licence", args=[entry.number]),
    }


def _link(entry: RegisterEntry | None, language: str) -> dict[str, Any] | None:
    return None if entry is None else summary(entry, language)


def _decision(found: EntryPage, language: str) -> dict[str, Any] | None:
    """The decision under which the licence is suspended or revoked now: reasons, article with its text."""
    if found.entry.status not in DECIDED:
        return None
    made: EntryChange | None = next(
        (each for each in found.changes if each.after == found.entry.status), None
    )
    return None if made is None else _in_words(made, language)


def _stayed(found: EntryPage) -> bool:
    """Whether the decision that stands has no effect now, because of an objection."""
    decision = decision_standing(found.entry)
    return decision is not None and is_stayed(found.entry, decision)


def _in_words(made: EntryChange, language: str) -> dict[str, Any]:
    return {
        "what": story.what(made),
        "why": story.why(made, language),
        "text": story.article_text(made, language),
        "at": made.at,
    }
