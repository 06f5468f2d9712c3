"""What some answers would cost, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.errors import NoRate
from diwan.catalogue.pricing import calculator_fields, city_class_of
from diwan.forms.context import FormContext
from diwan.rest.shapes import Both, Told, both, with_example


class FeeLine(Told):
    """One line of a fee; amounts in whole halalas."""

    code: str
    name: Both
    why: Both = Field(description="How the amount came about")
    amount: int
    vat: int


class Fee(Told):
    """The fee of some answers."""

    model_config = with_example(
        {
            "known": True, "total": 34000, "vat": 0, "currency": "SAR", "missing": [],
            "lines": [
                {
                    "code": "licence", "name": {"ar": "رسم الرخصة", "en": "Licence"},
                    "why": {"ar": "40 م²", "en": "40 m²"}, "amount": 34000, "vat": 0,
                }
            ],
        }
    )  # fmt: skip
    known: bool = Field(description="False while answers on which it depends are missing, or a price is")
    total: int | None = Field(description="In whole halalas, VAT included; null while not known")
    vat: int | None
    currency: str = "SAR"
    lines: list[FeeLine]
    missing: list[str] = Field(description="Keys of the questions that have to be answered first")


def fee_of(service: CompiledService, values: Mapping[str, Any], context: FormContext) -> Fee:
    """The fee of answers today at their place; without one, at the prices of the first class of city."""
    asked = calculator_fields(service, values, context)
    missing = [field.key for field in asked if field.required and values.get(field.key) is None]
    if missing:
        return Fee(known=False, total=None, vat=None, lines=[], missing=missing)
    facts = service.derive(values, context)
    try:
        lines, totals = service.fee(
            values, facts, context, city_class=city_class_of(service, values, context)
        )
    except NoRate:
        return Fee(known=False, total=None, vat=None, lines=[], missing=[])
    told = [
        FeeLine(
            code=line.code, name=both(line.name), why=both(line.explain), amount=line.amount, vat=line.vat
        )
        for line in lines
    ]
    return Fee(known=True, total=totals.total, vat=totals.vat, lines=told, missing=[])
