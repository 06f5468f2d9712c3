"""One box for every number: tell from the shape alone what kind of number a person typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from diwan.kit import ids, numbers
from diwan.kit.digits import compact
from diwan.kit.errors import InvalidValue, Problem


class Kind(StrEnum):
    """What a typed text looks like."""

    CASE = "case"
    DOCUMENT = "document"
    BILL = "bill"
    NATIONAL_ID = "national_id"
    UNIFIED = "unified"
    COMMERCIAL_REGISTER = "commercial_register"
    MOBILE = "mobile"
    VAT = "vat"
    IBAN = "iban"
    SHORT_ADDRESS = "short_address"
    REGISTRATION = "registration"
    POLE = "pole"
    OLD_NUMBER = "old_number"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Told:
    """The kind, the value in stored form (ASCII digits, no fillers), the problem when it fails its own check, and
    for cases and bills the key."""

    kind: Kind
    value: str
    problem: Problem | None = None
    key: int | None = None


_REGISTRATION = re.compile(r"(\d{2}|\d{4})/([A-Za-z\d\u0621-\u064a]{1,6})/(\d{1,9})")
_POLE = re.compile(r"[A-Z]{1,4}\d{2,8}")


def tell_apart(text: str) -> Told:
    """Say what a typed text is.

    8 letters and digits are a short address, 10 digits an id, a unified or a register number, 11 a case, 12 a
    document, 13 a bill, year/type/serial a registration, letters before digits the number of a lamp pole, other
    digits an old number, all else words. A number that fails its check keeps its kind and carries the problem.
    """
    typed = compact(text)
    if re.fullmatch(r"(\+|00)?9665\d{8}|05\d{8}", typed):
        return _read(Kind.MOBILE, ids.mobile, typed)
    if re.fullmatch(r"\d+", typed, re.ASCII):
        return _tell_digits(typed)
    if _REGISTRATION.fullmatch(typed):
        return Told(Kind.REGISTRATION, typed)
    upper = typed.upper()
    if re.match(r"SA\d{2}", upper) and upper.isalnum() and len(upper) > 14:
        return _read(Kind.IBAN, ids.iban, upper)
    if re.fullmatch(r"[A-Z]{4}[0-9]{4}", upper):
        return Told(Kind.SHORT_ADDRESS, upper)
    if _POLE.fullmatch(upper):
        return Told(Kind.POLE, upper)
    return Told(Kind.WORDS, " ".join(text.split()))


def _tell_digits(digits: str) -> Told:
    if len(digits) == 11:
        return _keyed(Kind.CASE, numbers.parse_case_number, digits)
    if len(digits) == 12:
        return _keyed(Kind.DOCUMENT, numbers.parse_document_number, digits)
    if len(digits) == 13:
        return _keyed(Kind.BILL, numbers.parse_bill_number, digits)
    if len(digits) == 15 and digits[0] == digits[-1] == "3":
        return Told(Kind.VAT, digits)
    if len(digits) == 10:
        return _tell_ten(digits)
    return Told(Kind.OLD_NUMBER, digits)


def _tell_ten(digits: str) -> Told:
    """Ten digits: 700... is a unified number; a valid Luhn with 1 or 2 an id; else a register number that starts with
    one of the usual offices (1010, 4030, 2050 and their like end their prefix in 0), else a mistyped id."""
    if digits.startswith("700"):
        return Told(Kind.UNIFIED, digits)
    if digits[0] in "12" and ids.luhn_valid(digits):
        return Told(Kind.NATIONAL_ID, digits)
    if digits[0] in "12" and digits[3] != "0":
        return _read(Kind.NATIONAL_ID, ids.national_id, digits)
    if digits[0] in "12345" and digits[3] == "0":
        return Told(Kind.COMMERCIAL_REGISTER, digits)
    return Told(Kind.OLD_NUMBER, digits)


def _read(kind: Kind, reader: Callable[[str], str], typed: str) -> Told:
    try:
        return Told(kind, reader(typed))
    except InvalidValue as error:
        return Told(kind, typed, error.problem)


def _keyed(kind: Kind, reader: Callable[[str], object], digits: str) -> Told:
    try:
        key = reader(digits)
    except InvalidValue as error:
        return Told(kind, digits, error.problem)
    return Told(kind, digits, key=key if isinstance(key, int) else None)
