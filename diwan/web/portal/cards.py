"""Services as cards of a list, with their words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from diwan.catalogue.queries import Card
from diwan.forms.plan import in_language


def shown_cards(cards: Iterable[Card], language: str) -> list[dict[str, Any]]:
    """Cards as the template `portal/card.html` shows them."""
    return [
        {
            "slug": card.slug,
            "name": in_language(card.name, language),
            "summary": in_language(card.summary, language),
            "icon": card.icon or "file-earmark-text",
            "expected": in_language(card.expected, language),
            "fee": in_language(card.fee, language),
            "class": class_words(card.service_class),
            "applicable": card.applicable,
        }
        for card in cards
    ]


def class_words(service_class: str) -> str:
    """A class of services in words (maturity, domain section 0)."""
    return {
        "informational": _("To read"),
        "interactive": _("Look up and calculate"),
        "procedural": _("Request to the municipality"),
        "integrative": _("Request across bodies"),
    }.get(service_class, service_class)


def audience_words(audience: str) -> str:
    """Whom a service is for."""
    return {
        "individual": _("Individuals"),
        "business": _("Establishments"),
        "government": _("Public bodies"),
        "engineering_office": _("Engineering offices"),
        "service_office": _("Service offices"),
        "contractor": _("Contractors"),
        "investor": _("Investors"),
    }.get(audience, audience)
