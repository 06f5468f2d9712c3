"""The fee of answers, line by line with the reason of each, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.errors import NoRate
from diwan.catalogue.pricing import city_class_of
from diwan.forms.context import FormContext
from diwan.forms.plan import in_language
from diwan.kit.money import Halalas
from diwan.web.apply.words import article_text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a fee: amounts in halalas, and why it is so."""

    name: str
    why: str
    article: str
    amount: Halalas
    vat: Halalas


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee of some answers. `unknown` when finance has no price for the day."""

    lines: tuple[Line, ...] = ()
    vat: Halalas = Halalas(0)
    total: Halalas = Halalas(0)
    unknown: bool = False


def fee_of_answers(
    service: CompiledService,
    values: Mapping[str, Any],
    context: FormContext,
    language: str,
    *,
    city_class: int | None = None,
) -> Fee:
    """The fee of these answers today at their place (or at the prices of a class of city)."""
    facts = service.derive(values, context)
    priced_as = city_class or city_class_of(service, values, context)
    try:
        lines, totals = service.fee(values, facts, context, city_class=priced_as)
    except NoRate:
        return Fee(unknown=True)
    shown = tuple(
        Line(
            in_language(line.name, language),
            in_language(line.explain, language),
            article_text(line.line.article, language)[0],
            line.amount,
            line.vat,
        )
        for line in lines
    )
    return Fee(shown, totals.vat, totals.total)
