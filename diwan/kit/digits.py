"""Digits as people type them: Western, Arabic-Indic or Persian, with their separators; stored as ASCII."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from diwan.kit.errors import N_, InvalidValue

_ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_TO_ASCII = str.maketrans(_ARABIC_INDIC + _PERSIAN, "0123456789" * 2)
_TO_ARABIC_INDIC = str.maketrans("0123456789", _ARABIC_INDIC)
#: Invisible marks, spaces and every dash: what people and phones put between the digits of a number.
_FILLERS = re.compile("[\\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2010-\u2015\u2212_.-]+")
_DECIMAL = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|[+-]?\.\d+")


@dataclass(frozen=True, slots=True)
class DigitWords:
    """The messages for one kind of digit string; `code` is the prefix of the error codes."""

    code: str
    not_digits: str
    too_short: str
    too_long: str


def to_ascii(text: str) -> str:
    """Replace Arabic-Indic (U+0660-0669) and Persian (U+06F0-06F9) digits by 0-9; leave all else."""
    return text.translate(_TO_ASCII)


def to_arabic_indic(text: str) -> str:
    """Replace 0-9 by Arabic-Indic digits, and separators between digits by U+066B and U+066C, for display only."""
    text = re.sub(r"(?<=\d),(?=\d)", "٬", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "٫", text)
    return text.translate(_TO_ARABIC_INDIC)


def compact(text: str) -> str:
    """ASCII digits without spaces, dashes, dots and invisible marks; other characters stay."""
    return _FILLERS.sub("", to_ascii(text))


def read_digits(text: str, *, length: int, words: DigitWords) -> str:
    """Return exactly `length` ASCII digits or raise InvalidValue (not_digits, too_short with `missing`, too_long
    with `extra`)."""
    digits = compact(text)
    if not digits.isascii() or not digits.isdigit():
        raise InvalidValue(f"{words.code}.not_digits", words.not_digits, length=length)
    if len(digits) < length:
        raise InvalidValue(
            f"{words.code}.too_short", words.too_short, length=length, missing=length - len(digits)
        )
    if len(digits) > length:
        raise InvalidValue(
            f"{words.code}.too_long", words.too_long, length=length, extra=len(digits) - length
        )
    return digits


def parse_decimal(text: str) -> Decimal:
    """Read a plain number: any digits, `.` or U+066B as decimal point, `,` U+060C or U+066C between thousands.

    A comma that is not between groups of three is refused rather than guessed.
    """
    plain = _FILLERS_NUMBER.sub("", to_ascii(text)).translate(_SEPARATORS)
    if not plain.isascii() or not _DECIMAL.fullmatch(plain):
        raise InvalidValue(
            "digits.not_a_number", N_("This is not a number. Enter digits, for example 1250.50.")
        )
    return Decimal(plain.replace(",", ""))


def parse_integer(text: str) -> int:
    """Read a whole number; a fraction is refused (1.0 too)."""
    number = parse_decimal(text)
    if number.as_tuple().exponent != 0:
        raise InvalidValue("digits.not_whole", N_("Enter a whole number, without a fraction."))
    return int(number)


_FILLERS_NUMBER = re.compile("[\\s\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "\u2212": "-"})
