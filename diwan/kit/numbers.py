"""Public numbers of cases, issued documents and bills: pure functions of a key, with a Damm check digit.

The check digit is that of H. M. Damm, "Total anti-symmetrische Quasigruppen" (Marburg 2004), with his quasigroup of
order 10: every single wrong digit and every swap of neighbours is noticed. Numbers are text of fixed length.
"""

from __future__ import annotations

import base64
import secrets
from typing import NamedTuple

from diwan.kit.digits import DigitWords, read_digits
from diwan.kit.errors import N_, InvalidValue, plural_message

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
CASES_A_YEAR = 10**8
#: Municipality code kept free so that a document number never looks like a mobile written 9665XXXXXXXX.
RESERVED_MUNICIPALITY = 966

_CASE = DigitWords(
    "numbers.case",
    N_("A request number is digits only."),
    plural_message(
        "The request number is one digit short. It has 11 digits.",
        "The request number is {missing} digits short. It has 11 digits.",
        count="missing",
    ),
    plural_message(
        "The request number has one digit too many. It has 11 digits.",
        "The request number has {extra} digits too many. It has 11 digits.",
        count="extra",
    ),
)
_DOCUMENT = DigitWords(
    "numbers.document",
    N_("A document number is digits only."),
    plural_message(
        "The document number is one digit short. It has 12 digits.",
        "The document number is {missing} digits short. It has 12 digits.",
        count="missing",
    ),
    plural_message(
        "The document number has one digit too many. It has 12 digits.",
        "The document number has {extra} digits too many. It has 12 digits.",
        count="extra",
    ),
)
_BILL = DigitWords(
    "numbers.bill",
    N_("A bill number is digits only."),
    plural_message(
        "The bill number is one digit short. It has 13 digits.",
        "The bill number is {missing} digits short. It has 13 digits.",
        count="missing",
    ),
    plural_message(
        "The bill number has one digit too many. It has 13 digits.",
        "The bill number has {extra} digits too many. It has 13 digits.",
        count="extra",
    ),
)
_SECRET = DigitWords(
    "numbers.secret",
    N_("The follow-up code is digits only."),
    plural_message(
        "The follow-up code is one digit short. It has 8 digits.",
        "The follow-up code is {missing} digits short. It has 8 digits.",
        count="missing",
    ),
    plural_message(
        "The follow-up code has one digit too many. It has 8 digits.",
        "The follow-up code has {extra} digits too many. It has 8 digits.",
        count="extra",
    ),
)
_MISTYPED = N_("A digit is wrong or two were swapped. Compare the number with the paper.")


class DocumentNumber(NamedTuple):
    """The parts of an issued document's number: municipality code, two-digit year, gap-free serial."""

    municipality: int
    year: int
    serial: int


def damm_digit(digits: str) -> str:
    """The check digit to append to a string of ASCII digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][ord(digit) - 48]
    return str(interim)


def damm_valid(digits: str) -> bool:
    """Whether the last digit is the right check digit."""
    return damm_digit(digits) == "0"


def case_id(*, year: int, serial: int) -> int:
    """The key of a case: two-digit Gregorian year of opening in Riyadh x 10^8 + serial of that year."""
    if not 0 < serial < CASES_A_YEAR:
        raise ValueError(f"case serial out of range: {serial}")
    return year % 100 * CASES_A_YEAR + serial


def case_year(case_id: int) -> int:
    """The Gregorian year (2000-2099) in which the case was opened."""
    return 2000 + case_id // CASES_A_YEAR


def case_number(case_id: int) -> str:
    """The public number of a case: 11 digits."""
    if not 0 < case_id < 100 * CASES_A_YEAR:
        raise ValueError(f"case id out of range: {case_id}")
    body = f"{case_id:010d}"
    return body + damm_digit(body)


def parse_case_number(text: str) -> int:
    """Read a case number as people type it (any digits, spaces, dashes) and return the case id."""
    digits = read_digits(text, length=11, words=_CASE)
    return int(_checked(digits, words=_CASE)[:-1])


def show_case_number(case_id: int) -> str:
    """The case number for people: 3-4-4 with dashes; to be isolated left to right."""
    return _grouped(case_number(case_id), 3, 4, 4)


def document_number(*, municipality: int, year: int, serial: int) -> str:
    """The number of an issued document: municipality (3; 000 is the head office), year (2), gap-free serial (6), check
    digit."""
    if not 0 <= municipality < 1000 or municipality == RESERVED_MUNICIPALITY:
        raise ValueError(f"municipality code out of range: {municipality}")
    if not 0 < serial < 10**6:
        raise ValueError(f"document serial out of range: {serial}")
    body = f"{municipality:03d}{year % 100:02d}{serial:06d}"
    return body + damm_digit(body)


def parse_document_number(text: str) -> DocumentNumber:
    """Read a document number as people type it."""
    digits = _checked(read_digits(text, length=12, words=_DOCUMENT), words=_DOCUMENT)
    return DocumentNumber(int(digits[:3]), int(digits[3:5]), int(digits[5:11]))


def show_document_number(number: str) -> str:
    """A stored document number for people: 4-4-4 with dashes."""
    return _grouped(number, 4, 4, 4)


def bill_number(bill_id: int) -> str:
    """The number of a bill from its key (below 10^12): 13 digits with the check digit."""
    if not 0 < bill_id < 10**12:
        raise ValueError(f"bill id out of range: {bill_id}")
    body = f"{bill_id:012d}"
    return body + damm_digit(body)


def parse_bill_number(text: str) -> int:
    """Read a bill number as people type it and return the bill's key."""
    return int(_checked(read_digits(text, length=13, words=_BILL), words=_BILL)[:-1])


def show_bill_number(number: str) -> str:
    """A stored bill number for people: 4-4-5 with dashes."""
    return _grouped(number, 4, 4, 5)


def new_secret_8() -> str:
    """A fresh secret of a case for phone and kiosk: 8 random digits."""
    return f"{secrets.randbelow(10**8):08d}"


def parse_secret_8(text: str) -> str:
    """Read a typed secret: 8 ASCII digits."""
    return read_digits(text, length=8, words=_SECRET)


def show_secret_8(secret: str) -> str:
    """A secret for people: 4-4 with a dash."""
    return _grouped(secret, 4, 4)


def new_link_secret() -> str:
    """A fresh secret for links: 128 random bits, base64url without padding (22 characters)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def _checked(digits: str, *, words: DigitWords) -> str:
    if not damm_valid(digits):
        raise InvalidValue(f"{words.code}.check_digit", _MISTYPED)
    return digits


def _grouped(digits: str, *sizes: int) -> str:
    parts: list[str] = []
    start = 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return "-".join(parts)
