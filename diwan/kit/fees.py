"""Arithmetic of fee lines: a line is data, the product is taken in Decimal and rounded once, half-up, to halalas.

line = base x rate x quantity x years, or x days / 365 of a yearly rate, rounded; VAT of a line is rounded by itself;
totals are sums of rounded lines.
Sovereign municipal fees are out of the scope of VAT, supplies like booklets and rents are taxable: a flag of the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import NamedTuple

from diwan.kit.money import Halalas, plain_amount, to_halalas, to_riyals


class Vat(StrEnum):
    """How value added tax treats a line."""

    TAXABLE = "taxable"
    ZERO = "zero"
    EXEMPT = "exempt"
    OUT_OF_SCOPE = "out_of_scope"


#: Standard rate of value added tax by first day.
VAT_RATES = ((date(2020, 7, 1), Decimal("0.15")), (date(2018, 1, 1), Decimal("0.05")))
VAT_RATE = VAT_RATES[0][1]
YEAR = 365
"""Days of a year that a daily line divides by, leap years too."""
_ONE = Decimal(1)


class Factor(NamedTuple):
    """One factor of a line for its explanation, `base`, `rate`, `quantity`, `years` or `days`; its value as text."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class FeeLine:
    """The inputs of one line. `base` (an area, or a fixed fee in riyals) times `rate` (riyals a unit) times `quantity`
    times `years`; what a line doesn't use stays 1. With `days` the rate is that of a year and the line takes their
    share of 365. `code` names it in the service's texts."""

    code: str
    base: Decimal = _ONE
    rate: Decimal = _ONE
    quantity: Decimal = _ONE
    years: int = 1
    days: int | None = None
    vat: Vat = Vat.OUT_OF_SCOPE
    vat_rate: Decimal = VAT_RATE

    def __post_init__(self) -> None:
        factors: tuple[object, ...] = (self.base, self.rate, self.quantity, self.vat_rate)
        for factor in factors:
            if not (isinstance(factor, Decimal) and factor.is_finite() and factor >= 0):
                raise ValueError(f"fee line {self.code}: factors are finite Decimals from 0, not {factor!r}")
        if self.years < 0 or (self.days is not None and self.days < 0):
            raise ValueError(f"fee line {self.code}: years and days from 0")


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A computed line: amounts in halalas, and the factors that explain them (those that are 1 are left out)."""

    code: str
    net: Halalas
    vat: Halalas
    treatment: Vat
    vat_rate: Decimal
    factors: tuple[Factor, ...]

    @property
    def total(self) -> Halalas:
        """Net and VAT."""
        return Halalas(self.net + self.vat)

    @property
    def formula(self) -> str:
        """`80 × 3 × 2 = 480.00`; digits only, to be isolated left to right."""
        return " × ".join(factor.value for factor in self.factors) + f" = {plain_amount(self.net)}"


class Totals(NamedTuple):
    """Sums of lines in halalas."""

    net: Halalas
    vat: Halalas
    total: Halalas


def charge(line: FeeLine) -> ChargedLine:
    """Compute one line."""
    with localcontext(prec=60):
        whole = line.base * line.rate * line.quantity * line.years
        net = to_halalas(whole if line.days is None else whole * line.days / YEAR)
        taxed = line.vat is Vat.TAXABLE
        vat = to_halalas(to_riyals(net) * line.vat_rate) if taxed else Halalas(0)
    return ChargedLine(line.code, net, vat, line.vat, line.vat_rate if taxed else Decimal(0), _factors(line))


def charge_all(lines: Iterable[FeeLine]) -> tuple[tuple[ChargedLine, ...], Totals]:
    """Compute lines and their totals."""
    charged = tuple(charge(line) for line in lines)
    return charged, totals(charged)


def totals(lines: Iterable[ChargedLine]) -> Totals:
    """Add computed lines."""
    net = vat = 0
    for line in lines:
        net += line.net
        vat += line.vat
    return Totals(Halalas(net), Halalas(vat), Halalas(net + vat))


def vat_rate_on(day: date) -> Decimal:
    """The standard rate of value added tax on a day: 15 % since July 2020, 5 % since 2018, none before."""
    return next((rate for since, rate in VAT_RATES if day >= since), Decimal(0))


def plain_decimal(number: Decimal) -> str:
    """A decimal without exponent and without idle zeros: `80`, `3.5`, `1,200`."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _factors(line: FeeLine) -> tuple[Factor, ...]:
    named = (
        ("base", line.base),
        ("rate", line.rate),
        ("quantity", line.quantity),
        ("years", Decimal(line.years)),
    )
    used = tuple(Factor(kind, plain_decimal(value)) for kind, value in named if value != 1)
    if line.days is not None:
        used += (Factor("days", f"{line.days}/{YEAR}"),)
    return used or (Factor("base", "1"),)
