"""Money: whole halalas, rounded half-up in one place, shown and read in both languages. No float anywhere."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, NewType

from diwan.kit.dates import Part
from diwan.kit.digits import parse_decimal
from diwan.kit.errors import N_, InvalidValue

#: An amount in hundredths of a Saudi riyal.
Halalas = NewType("Halalas", int)

#: The largest amount that is read or written in words: below a thousand trillion riyals.
LIMIT = 10**17
_CURRENCY = re.compile(
    r"ر\.?\s?س\.?|ريال(?:ات|ا|ان)?(?:\s+سعودي(?:ة|ا)?)?|﷼|\u20c1|\bSAR\b|\bSR\b", re.IGNORECASE
)


def to_halalas(riyals: Decimal) -> Halalas:
    """Riyals as halalas, half a halala away from zero. The only place where money is rounded."""
    with localcontext(prec=60):
        return Halalas(int((riyals * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def to_riyals(amount: Halalas) -> Decimal:
    """Halalas as riyals with two decimals, exactly."""
    return Decimal(amount).scaleb(-2)


def plain_amount(amount: Halalas) -> str:
    """`1,091,000.00`: digits with separators, no currency; to be isolated left to right."""
    sign = "-" if amount < 0 else ""
    riyals, halalas = divmod(abs(amount), 100)
    return f"{sign}{riyals:,}.{halalas:02d}"


def money_parts(amount: Halalas, language: Literal["ar", "en"] = "ar") -> tuple[Part, ...]:
    """The amount with its currency as parts, the number to be isolated by the template."""
    number = Part(plain_amount(amount), ltr=True)
    return (number, Part(" ر.س")) if language == "ar" else (Part("SAR "), number)


def show_money(amount: Halalas, language: Literal["ar", "en"] = "ar") -> str:
    """`1,091,000.00 ر.س` or `SAR 1,091,000.00`. The riyal sign U+20C1 is not used: few fonts have it."""
    return "".join(part.text for part in money_parts(amount, language))


def parse_money(text: str) -> Halalas:
    """Read a typed amount in riyals; more than two decimals, a minus and amounts beyond reason are refused."""
    number = parse_decimal(_CURRENCY.sub("", text))
    if number < 0:
        raise InvalidValue("money.negative", N_("An amount can't be below zero."))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        raise InvalidValue("money.decimals", N_("An amount has at most two decimals (halalas)."))
    if number * 100 >= LIMIT:
        raise InvalidValue("money.too_large", N_("This amount is too large."))
    return to_halalas(number)
