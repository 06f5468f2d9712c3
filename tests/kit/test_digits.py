"""Digits as people type them."""

from decimal import Decimal

import pytest

from diwan.kit.digits import compact, parse_decimal, parse_integer, to_arabic_indic, to_ascii
from diwan.kit.errors import InvalidValue


def test_it_converts_both_ways() -> None:
    assert to_ascii("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ abc") == "0123456789 0123456789 abc"
    assert to_arabic_indic("1,091,000.50 ر.س") == "١٬٠٩١٬٠٠٠٫٥٠ ر.س"
    assert compact("\u2067٢٦١ - 0000–0014\u2069") == "26100000014"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1250.50", "1250.50"),
        ("١٬٢٥٠٫٥٠", "1250.50"),
        ("1,091,000", "1091000"),
        ("۱۲۳", "123"),
        (" 12 000 ", "12000"),
        ("-3.5", "-3.5"),
        ("\u2212٣", "-3"),
        (".5", "0.5"),
        ("١،٠٠٠", "1000"),
    ],
)
def test_numbers_are_read(typed: str, value: str) -> None:
    assert parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["", "abc", "1,5", "1.2.3", "1e5", "NaN", "12,34,567", "--1", "²", "1,000,00"]
)
def test_what_is_not_a_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_decimal(typed)
    assert caught.value.code == "digits.not_a_number"


def test_whole_numbers() -> None:
    assert parse_integer("١٬٢٥٠") == 1250
    with pytest.raises(InvalidValue) as caught:
        parse_integer("1.0")
    assert caught.value.code == "digits.not_whole"
