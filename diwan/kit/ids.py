"""Identifiers of people, establishments and places in the Kingdom: read as typed, checked, shown, masked.

Every reader returns the stored form or raises InvalidValue whose code says exactly what is wrong. National ids carry a
Luhn check; establishment, register, deed and lease numbers have no published check and are only measured.
"""

from __future__ import annotations

import re

from diwan.kit.digits import compact, read_digits
from diwan.kit.errors import N_, InvalidValue, plural_message
from diwan.kit.idwords import CR, EJAR, NATIONAL_ID, POSTAL_CODE, UNIFIED, VAT

_MASK = "•"


def luhn_valid(digits: str) -> bool:
    """Luhn check over a string of ASCII digits (for ten digits: doubled at places 1, 3, 5, 7, 9 from the left)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def national_id(text: str) -> str:
    """Ten digits of a citizen's id (1...) or a resident's iqama (2...), with a valid Luhn digit."""
    digits = read_digits(text, length=10, words=NATIONAL_ID)
    if digits.startswith("05"):
        raise InvalidValue(
            "ids.national_id.is_mobile", N_("This is a mobile number. Enter the id number here.")
        )
    if digits.startswith("700"):
        raise InvalidValue(
            "ids.national_id.is_unified",
            N_("This is an establishment's unified number. Enter the id number of the person here."),
        )
    if digits[0] not in "12":
        raise InvalidValue(
            "ids.national_id.first_digit",
            N_("An id number starts with 1 for a citizen or 2 for a resident."),
        )
    if not luhn_valid(digits):
        raise InvalidValue(
            "ids.national_id.check_digit",
            N_("A digit of the id number is wrong or two were swapped. Compare it with the card."),
        )
    return digits


def is_citizen(stored: str) -> bool:
    """Whether a stored id is a citizen's; else it is a resident's."""
    return stored.startswith("1")


def unified_number(text: str) -> str:
    """The unified number of an establishment: ten digits that start with 700."""
    digits = read_digits(text, length=10, words=UNIFIED)
    if not digits.startswith("700"):
        raise InvalidValue("ids.unified.prefix", N_("A unified number starts with 700."))
    return digits


def commercial_register(text: str) -> str:
    """A commercial register number: ten digits; the four-digit office prefix is not enforced."""
    return read_digits(text, length=10, words=CR)


def vat_number(text: str) -> str:
    """A VAT registration: fifteen digits, the first and the last of which are 3."""
    digits = read_digits(text, length=15, words=VAT)
    if digits[0] != "3" or digits[-1] != "3":
        raise InvalidValue("ids.vat.ends", N_("A VAT number starts with 3 and ends with 3."))
    return digits


_MOBILE_SHORT = plural_message(
    "The mobile number is one digit short. Enter it like 05X XXX XXXX.",
    "The mobile number is {missing} digits short. Enter it like 05X XXX XXXX.",
    count="missing",
)
_MOBILE_LONG = plural_message(
    "The mobile number has one digit too many. Enter it like 05X XXX XXXX.",
    "The mobile number has {extra} digits too many. Enter it like 05X XXX XXXX.",
    count="extra",
)


def mobile(text: str) -> str:
    """A Saudi mobile in any usual spelling, as E.164 `+9665XXXXXXXX`."""
    typed = re.sub("[()]", "", compact(text))
    digits = typed.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        raise InvalidValue("ids.mobile.not_digits", N_("A mobile number is digits only, like 05X XXX XXXX."))
    for prefix in ("00966", "966", "0"):
        if digits.startswith(prefix):
            digits = digits.removeprefix(prefix).removeprefix("0" if prefix != "0" else "")
            break
    if digits and digits[0] != "5":
        raise InvalidValue("ids.mobile.prefix", N_("A Saudi mobile number starts with 05."))
    if len(digits) < 9:
        raise InvalidValue("ids.mobile.too_short", _MOBILE_SHORT, missing=9 - len(digits))
    if len(digits) > 9:
        raise InvalidValue("ids.mobile.too_long", _MOBILE_LONG, extra=len(digits) - 9)
    return "+966" + digits


def show_mobile(stored: str) -> str:
    """A stored mobile as people write it: `05X XXX XXXX`; foreign numbers stay as they are."""
    if not re.fullmatch(r"\+9665\d{8}", stored):
        return stored
    local = "0" + stored[4:]
    return f"{local[:3]} {local[3:6]} {local[6:]}"


_IBAN_SHORT = plural_message(
    "The IBAN is one character short. It has 24.",
    "The IBAN is {missing} characters short. It has 24.",
    count="missing",
)
_IBAN_LONG = plural_message(
    "The IBAN has one character too many. It has 24.",
    "The IBAN has {extra} characters too many. It has 24.",
    count="extra",
)


def iban(text: str) -> str:
    """A Saudi IBAN: `SA`, two check digits, 20 digits; ISO 13616 remainder 1 by 97."""
    typed = compact(text).upper()
    if not re.match(r"SA\d", typed):
        raise InvalidValue("ids.iban.prefix", N_("A Saudi IBAN starts with SA and two digits."))
    if not (typed.isascii() and typed.isalnum()):
        raise InvalidValue("ids.iban.characters", N_("An IBAN is letters and digits only."))
    if len(typed) < 24:
        raise InvalidValue("ids.iban.too_short", _IBAN_SHORT, missing=24 - len(typed))
    if len(typed) > 24:
        raise InvalidValue("ids.iban.too_long", _IBAN_LONG, extra=len(typed) - 24)
    if int("".join(str(int(sign, 36)) for sign in typed[4:] + typed[:4])) % 97 != 1:
        raise InvalidValue(
            "ids.iban.check_digits",
            N_("A character of the IBAN is wrong or two were swapped. Compare it with the bank's paper."),
        )
    return typed


def show_iban(stored: str) -> str:
    """An IBAN in groups of four; to be isolated left to right."""
    return " ".join(stored[start : start + 4] for start in range(0, len(stored), 4))


def short_address(text: str) -> str:
    """The short form of a national address: four letters and four digits, upper case (`RRRD2929`)."""
    typed = compact(text).upper()
    if not re.fullmatch(r"[A-Z]{4}[0-9]{4}", typed):
        raise InvalidValue(
            "ids.short_address.shape",
            N_("A short address is four Latin letters and four digits, like RRRD2929."),
        )
    return typed


def postal_code(text: str) -> str:
    """A postal code: five digits, the first of which is a region from 1 to 8."""
    digits = read_digits(text, length=5, words=POSTAL_CODE)
    if digits[0] not in "12345678":
        raise InvalidValue("ids.postal_code.region", N_("A postal code starts with a digit from 1 to 8."))
    return digits


def deed_number(text: str) -> str:
    """The number of a title deed: 3 to 20 digits, old ones with slashes; kept as text with ASCII digits."""
    typed = compact(text)
    if not re.fullmatch(r"[0-9]+(/[0-9]+)*", typed) or not 3 <= len(typed) <= 20:
        raise InvalidValue("ids.deed.shape", N_("A deed number is 3 to 20 digits, as printed on the deed."))
    return typed


def ejar_number(text: str) -> str:
    """The number of a lease in Ejar: eleven digits."""
    return read_digits(text, length=11, words=EJAR)


def mask_id(stored: str) -> str:
    """An identifier with the first and the last two characters readable: `1•••••••72`."""
    if len(stored) <= 4:
        return _MASK * len(stored)
    return stored[0] + _MASK * (len(stored) - 3) + stored[-2:]


def mask_mobile(stored: str) -> str:
    """A mobile with its last two digits readable: `05• ••• ••78`."""
    shown = show_mobile(stored)
    tail = len(shown) - 2
    return "".join(
        sign if place < 2 or place >= tail or not sign.isdigit() else _MASK
        for place, sign in enumerate(shown)
    )
