"""Services: the list with search and filters, the card of one, its fee calculator, the directory of activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diwan.cases.applicants import snapshot_of
from diwan.cases.context import form_context
from diwan.cases.registry import start_of
from diwan.catalogue import pricing
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import availability, class_counts, compiled_service, lookup, search_services
from diwan.catalogue.queries import related_services as related
from diwan.catalogue.schema import AUDIENCES, CLASSES
from diwan.flow.table import Text
from diwan.forms.entry import parse_page
from diwan.forms.kinds.choices import search_rows
from diwan.forms.plan import Group, Page, in_language
from diwan.forms.raw import Raw
from diwan.forms.showing import FieldView, field_view
from diwan.kit import clock
from diwan.people.doors import actor_of
from diwan.people.models import Municipality
from diwan.web.apply import prices
from diwan.web.portal.cards import audience_words, class_words, shown_cards

CALCULATE = "calculate"


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Every service, narrowed by words, class and audience; counts are those of the whole catalogue."""
    language, today = actor_of(request).language, clock.today()
    asked = {
        "q": request.GET.get("q", "").strip()[:120],
        "class": request.GET.get("class", ""),
        "audience": request.GET.get("audience", ""),
    }
    wanted_class = asked["class"] if asked["class"] in CLASSES else ""
    audience = asked["audience"] if asked["audience"] in AUDIENCES else ""
    found = search_services(asked["q"], on=today, service_class=wanted_class, audience=audience)
    counts = class_counts(today)
    context = {
        "cards": shown_cards(found, language),
        "q": asked["q"],
        "search_query": asked["q"],
        "classes": [(key, class_words(key), counts[key]) for key in CLASSES],
        "class_options": [("", _("All classes"))] + [(key, class_words(key)) for key in CLASSES],
        "audience_options": [("", _("Everybody"))] + [(key, audience_words(key)) for key in AUDIENCES],
        "chosen_class": wanted_class,
        "chosen_audience": audience,
        "breadcrumb": [(_("Services"), "")],
    }
    return render(request, "portal/services.html", context)


@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of a service: what you get, can I, what it costs, how long, what I need, the steps, start."""
    found = compiled_service(slug, clock.today())
    if found is None:
        raise Http404
    language = actor_of(request).language
    context = {
        **_card(found, language),
        "places": _places(found, language),
        "calculator": calculation(found, request, language) if found.fee_lines else None,
        "related": shown_cards(related(found, clock.today()), language),
        "opens": _opens(found),
        "quiet": found.quiet,
        "breadcrumb": [(_("Services"), reverse("portal:services")), (found.name(language), "")],
    }
    return render(request, "portal/service.html", context)


@require_http_methods(["GET", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """Services whose fee can be calculated."""
    language, today = actor_of(request).language, clock.today()
    cards = [
        card
        for card in search_services("", on=today, applicable=True)
        if (found := compiled_service(card.slug, today)) is not None and found.fee_lines
    ]
    context = {"cards": shown_cards(cards, language), "breadcrumb": [(_("Fee calculator"), "")]}
    return render(request, "portal/calculator.html", context)


@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    """The directory of activities: what each needs."""
    language = actor_of(request).language
    typed = request.GET.get("q", "").strip()[:120]
    rows = list(lookup("activities", clock.today()))
    found = search_rows(rows, typed) if typed else rows
    context = {
        "q": typed,
        "rows": [
            {
                "code": row.code,
                "name": in_language(row.name, language),
                "risk": risk_words(str(row.data.get("risk", ""))),
                "min_area": row.data.get("min_area"),
                "permit": row.data.get("permit") is True,
                "supervised": bool(row.data.get("supervisor")),
            }
            for row in found
        ],
        "breadcrumb": [(_("Activities and what they need"), "")],
    }
    return render(request, "portal/activities.html", context)


def risk_words(risk: str) -> str:
    """A degree of risk in a word."""
    return {"low": _("Low"), "medium": _("Medium"), "high": _("High")}.get(risk, risk)


def calculation(found: CompiledService, request: HttpRequest, language: str) -> Mapping[str, Any]:
    """The calculator of a service: its questions, and the fee when they are answered. Works by GET, without scripts."""
    posted = request.POST if request.method == "POST" else request.GET
    raw = Raw(posted)
    context = form_context(found, applicant=snapshot_of(None, None))
    names = [field for field in found.form.fields() if field.key in pricing.calculator_keys(found)]
    page = Page(CALCULATE, Text("", ""), (Group(CALCULATE, tuple(names)),))
    asked = raw.has(CALCULATE) or raw.has("look")
    read = parse_page(found.form, page, raw, {}, context, partial=not raw.has(CALCULATE))
    fields = pricing.calculator_fields(found, read.values, context)
    problems = read.problems if raw.has(CALCULATE) else {}
    views: list[FieldView] = [
        field_view(field, raw, read.values.get(field.key), context, language, problems, {})
        for field in fields
    ]
    ready = asked and not read.problems and pricing.complete_for_fee(fields, read.values)
    towns = _towns()
    town = raw.one("town")
    return {
        "fields": views,
        "errors": [(view.id, f"{view.label}: {view.error}") for view in views if view.error],
        "fee": prices.fee_of_answers(found, read.values, context, language, city_class=_class_of(town, towns))
        if ready
        else None,
        "towns": [(one.code, _name(one, language)) for one in towns],
        "town": town,
        "asked": asked,
        "late_lines": any("entry." in (line.when or "") for line in found.fee_lines),
    }


def _class_of(town: str, towns: Iterable[Municipality]) -> int | None:
    """The class by which a municipality's prices are counted; None when none is chosen."""
    return next((one.city_class for one in towns if one.code == town), None)


def _card(found: CompiledService, language: str) -> dict[str, Any]:
    definition = found.definition
    return {
        "service": found,
        "name": found.name(language),
        "summary": found.summary(language),
        "class_name": class_words(found.service_class),
        "audiences": [audience_words(key) for key in found.audiences],
        "gets": [in_language(text, language) for text in definition.gets],
        "who": [in_language(text, language) for text in definition.who],
        "steps": [in_language(text, language) for text in definition.steps],
        "expected": in_language(definition.expected.text, language),
        "validity": in_language(definition.validity, language) if definition.validity else "",
        "fee_text": in_language(definition.fee_text, language),
        "needs": [
            {
                "label": in_language(slot.label, language),
                "help": in_language(slot.help, language) if slot.help else "",
                "always": slot.required and slot.when is None,
            }
            for slot in found.form.slots
        ],
        "questions": [
            (in_language(item.question, language), in_language(item.answer, language)) for item in definition.body
        ],
        "channels": [channel_words(key) for key in definition.channels],
        "comma": "، " if language == "ar" else ", ",
    }  # fmt: skip


def channel_words(channel: str) -> str:
    """A channel in words."""
    return {
        "portal": _("This site"),
        "counter": _("Service offices and counters"),
        "api": _("Partner offices"),
        "phone": _("Telephone 940"),
        "kiosk": _("Self-service kiosks"),
    }.get(channel, channel)


def _places(found: CompiledService, language: str) -> dict[str, Any]:
    """Where the service is offered now, and where from a later day; empty when it is offered everywhere."""
    today = clock.today()
    rows = [row for row in availability(found.slug) if row.valid_to is None or today < row.valid_to]
    if not rows:
        return {}
    return {
        "open": [_name(row.municipality, language) for row in rows if row.valid_from <= today],
        "later": [
            {"name": _name(row.municipality, language), "since": row.valid_from}
            for row in rows
            if today < row.valid_from
        ],
    }


def _opens(found: CompiledService) -> str:
    names = {
        "track": "portal:track",
        "verify": "portal:verify",
        "calculator": "portal:calculator",
        "activities": "portal:activities",
    }
    name = names.get(found.definition.opens or "") or start_of(found.slug)
    return reverse(name) if name else ""


def _towns() -> list[Municipality]:
    return [one for one in Municipality.objects.order_by("code") if one.code != "000"]


def _name(town: Municipality, language: str) -> str:
    return town.name_en if language == "en" else town.name_ar
