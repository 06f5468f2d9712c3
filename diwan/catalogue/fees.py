"""The fee of a case by its service's lines: rates by date and city class, money in whole halalas, every line
explained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from diwan.catalogue.errors import NoRate
from diwan.catalogue.schema import FeeLine
from diwan.flow.table import Text
from diwan.forms.lookups import Lookups
from diwan.kit import fees
from diwan.kit.fees import ChargedLine, Totals, Vat, plain_decimal, vat_rate_on
from diwan.kit.money import Halalas, plain_amount, to_riyals

_BRACES = re.compile(r"\{([a-z_.]+)\}")


@dataclass(frozen=True, slots=True)
class Charged:
    """One line as it goes on a bill: the service's line, the amounts in halalas (`charged`), the sentence that
    explains it
    and, in `why`, rate, quantity, years, price row and day."""

    line: FeeLine
    charged: ChargedLine
    explain: Text
    why: Mapping[str, Any]

    @property
    def code(self) -> str:
        """Code of the line."""
        return self.line.code

    @property
    def name(self) -> Text:
        """What is charged."""
        return self.line.name

    @property
    def amount(self) -> Halalas:
        """Before VAT."""
        return self.charged.net

    @property
    def vat(self) -> Halalas:
        """VAT of the line."""
        return self.charged.vat

    @property
    def total(self) -> Halalas:
        """Amount and VAT."""
        return self.charged.total


def fee_of(
    lines: tuple[FeeLine, ...], known: Mapping[str, Any], *, on: date, city_class: int, lookups: Lookups
) -> tuple[tuple[Charged, ...], Totals]:
    """The lines that apply, in order, with their totals. `known` are the answers and facts as kept (`form`, `facts`).

    Raises NoRate.
    """
    charged = [charge_line(line, known, on=on, city_class=city_class, lookups=lookups) for line in lines]
    return tuple(charged), fees.totals(line.charged for line in charged)


def charge_line(
    line: FeeLine, known: Mapping[str, Any], *, on: date, city_class: int, lookups: Lookups
) -> Charged:
    """Compute one line: rate x quantities x years, or x days / 365, in Decimal, rounded once."""
    code = _BRACES.sub(lambda found: str(_value(known, found[1]) or ""), line.rate)
    row = lookups.row("fee_rates", code)
    halalas = None if row is None else row.data.get(f"class_{city_class}", row.data.get("amount"))
    if halalas is None:
        raise NoRate(rate=code)
    rate = to_riyals(Halalas(int(halalas)))
    quantity = Decimal(1)
    for name in line.quantity:
        quantity *= Decimal(str(_value(known, name) or 0))
    years = int(_value(known, line.years) or 1) if line.years and line.kind == "rate" else 1
    days = int(_value(known, line.days) or 0) if line.days else None
    computed = fees.charge(
        fees.FeeLine(
            line.code,
            rate=rate,
            quantity=quantity,
            years=years,
            days=days,
            vat=Vat(line.vat),
            vat_rate=vat_rate_on(on),
        )
    )
    words = {
        "quantity": plain_decimal(quantity),
        "rate": plain_amount(Halalas(int(halalas))),
        "years": str(years),
        "days": str(days or 0),
    }
    explain = Text(line.explain.ar.format(**words), line.explain.en.format(**words))
    why = {
        "rule": line.code,
        "inputs": {"rate": int(halalas), "quantity": words["quantity"], "years": years, "days": days},
        "result": {"amount": computed.net, "vat": computed.vat},
        "rate_row": code, "rate": int(halalas), "city_class": city_class,
        "quantity": words["quantity"], "years": years, "days": days, "on": on.isoformat(), "article": line.article,
        "text": {"ar": explain.ar, "en": explain.en},
    }  # fmt: skip
    return Charged(line, computed, explain, why)


def _value(known: Mapping[str, Any], name: str) -> Any:
    found: Any = known
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
