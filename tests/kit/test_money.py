"""Money: rounding, showing, reading, and amounts in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit.errors import InvalidValue
from diwan.kit.money import Halalas, money_parts, parse_money, plain_amount, show_money, to_halalas, to_riyals
from diwan.kit.tafqit import amount_in_english, number_words, tafqit


@pytest.mark.parametrize(
    ("riyals", "halalas"),
    [
        ("1.005", 101),
        ("1.004", 100),
        ("0.125", 13),
        ("2.675", 268),
        ("-1.005", -101),
        ("0", 0),
        ("1091000", 109100000),
    ],
)
def test_half_up(riyals: str, halalas: int) -> None:
    assert to_halalas(Decimal(riyals)) == halalas


@given(st.integers(-(10**16), 10**16).map(Halalas))
def test_riyals_there_and_back(amount: Halalas) -> None:
    assert to_halalas(to_riyals(amount)) == amount
    if amount >= 0:
        assert parse_money(show_money(amount)) == parse_money(show_money(amount, "en")) == amount


def test_showing() -> None:
    amount = Halalas(109100000)
    assert show_money(amount) == "1,091,000.00 ر.س"
    assert show_money(amount, "en") == "SAR 1,091,000.00"
    assert plain_amount(Halalas(-5)) == "-0.05"
    assert [part.ltr for part in money_parts(amount)] == [True, False]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,091,000.00 ر.س", 109100000),
        ("١٬٠٩١٬٠٠٠٫٥٠ ريال", 109100050),
        ("500 ريالا سعوديا", 50000),
        ("SAR 12.5", 1250),
        ("\u20c1 7", 700),
        ("0", 0),
    ],
)
def test_reading(typed: str, amount: int) -> None:
    assert parse_money(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.005", "money.decimals"),
        ("-1", "money.negative"),
        ("1000000000000000", "money.too_large"),
        ("مائة", "digits.not_a_number"),
        ("", "digits.not_a_number"),
    ],
)
def test_reading_refuses(typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_money(typed)
    assert caught.value.code == code


RIYALS = {
    0: "صفر ريال سعودي",
    1: "ريال سعودي واحد",
    2: "ريالان سعوديان",
    3: "ثلاثة ريالات سعودية",
    8: "ثمانية ريالات سعودية",
    10: "عشرة ريالات سعودية",
    11: "أحد عشر ريالا سعوديا",
    12: "اثنا عشر ريالا سعوديا",
    13: "ثلاثة عشر ريالا سعوديا",
    18: "ثمانية عشر ريالا سعوديا",
    20: "عشرون ريالا سعوديا",
    21: "واحد وعشرون ريالا سعوديا",
    22: "اثنان وعشرون ريالا سعوديا",
    60: "ستون ريالا سعوديا",
    99: "تسعة وتسعون ريالا سعوديا",
    100: "مائة ريال سعودي",
    101: "مائة وريال سعودي واحد",
    102: "مائة وريالان سعوديان",
    103: "مائة وثلاثة ريالات سعودية",
    110: "مائة وعشرة ريالات سعودية",
    111: "مائة وأحد عشر ريالا سعوديا",
    200: "مائتا ريال سعودي",
    202: "مائتان وريالان سعوديان",
    250: "مائتان وخمسون ريالا سعوديا",
    300: "ثلاثمائة ريال سعودي",
    800: "ثمانمائة ريال سعودي",
    999: "تسعمائة وتسعة وتسعون ريالا سعوديا",
    1000: "ألف ريال سعودي",
    1001: "ألف وريال سعودي واحد",
    1200: "ألف ومائتا ريال سعودي",
    2000: "ألفا ريال سعودي",
    2003: "ألفان وثلاثة ريالات سعودية",
    3000: "ثلاثة آلاف ريال سعودي",
    3500: "ثلاثة آلاف وخمسمائة ريال سعودي",
    10000: "عشرة آلاف ريال سعودي",
    11000: "أحد عشر ألف ريال سعودي",
    11500: "أحد عشر ألفا وخمسمائة ريال سعودي",
    91050: "واحد وتسعون ألفا وخمسون ريالا سعوديا",
    100000: "مائة ألف ريال سعودي",
    101000: "مائة وواحد ألف ريال سعودي",
    102000: "مائة واثنان ألف ريال سعودي",
    103000: "مائة وثلاثة آلاف ريال سعودي",
    200000: "مائتا ألف ريال سعودي",
    250000: "مائتان وخمسون ألف ريال سعودي",
    1000000: "مليون ريال سعودي",
    1091000: "مليون وواحد وتسعون ألف ريال سعودي",
    1000002: "مليون وريالان سعوديان",
    2000000: "مليونا ريال سعودي",
    2002000: "مليونان وألفا ريال سعودي",
    5250000: "خمسة ملايين ومائتان وخمسون ألف ريال سعودي",
    12500000: "اثنا عشر مليونا وخمسمائة ألف ريال سعودي",
    1000000000: "مليار ريال سعودي",
    3000000000: "ثلاثة مليارات ريال سعودي",
    2000000000000: "تريليونا ريال سعودي",
}


@pytest.mark.parametrize(("riyals", "words"), RIYALS.items())
def test_riyals_in_arabic_words(riyals: int, words: str) -> None:
    assert tafqit(Halalas(riyals * 100)) == words + " لا غير"


@pytest.mark.parametrize(
    ("halalas", "words"),
    [
        (1, "هللة واحدة"),
        (2, "هللتان"),
        (3, "ثلاث هللات"),
        (8, "ثماني هللات"),
        (10, "عشر هللات"),
        (11, "إحدى عشرة هللة"),
        (12, "اثنتا عشرة هللة"),
        (13, "ثلاث عشرة هللة"),
        (18, "ثماني عشرة هللة"),
        (20, "عشرون هللة"),
        (21, "إحدى وعشرون هللة"),
        (22, "اثنتان وعشرون هللة"),
        (28, "ثمان وعشرون هللة"),
        (99, "تسع وتسعون هللة"),
        (10050, "مائة ريال سعودي وخمسون هللة"),
        (10000050, "مائة ألف ريال سعودي وخمسون هللة"),
        (101, "ريال سعودي واحد وهللة واحدة"),
    ],
)
def test_halalas_in_arabic_words(halalas: int, words: str) -> None:
    assert tafqit(Halalas(halalas)) == words + " لا غير"


@given(st.integers(0, 10**17 - 1).map(Halalas))
def test_words_are_always_well_joined(amount: Halalas) -> None:
    words = tafqit(amount)
    assert words.endswith(" لا غير") and "  " not in words and " و " not in words
    assert amount_in_english(amount).endswith(" only")


def test_numbers_in_words() -> None:
    assert number_words(0) == "صفر"
    assert (number_words(1), number_words(1, "f")) == ("واحد", "واحدة")
    assert (number_words(2), number_words(2, "f")) == ("اثنان", "اثنتان")
    assert number_words(12, "f") == "اثنتا عشرة"
    assert number_words(200) == "مائتان"
    assert number_words(2000) == "ألفان"
    assert number_words(11000) == "أحد عشر ألفا"
    assert number_words(1448) == "ألف وأربعمائة وثمانية وأربعون"
    with pytest.raises(ValueError):
        number_words(-1)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Zero Saudi riyals only"),
        (100, "One Saudi riyal only"),
        (1, "One halala only"),
        (109100000, "One million ninety-one thousand Saudi riyals only"),
        (1234550, "Twelve thousand three hundred forty-five Saudi riyals and fifty halalas only"),
    ],
)
def test_english_words(amount: int, words: str) -> None:
    assert amount_in_english(Halalas(amount)) == words


def test_words_refuse_what_is_out_of_range() -> None:
    for amount in (-1, 10**17):
        with pytest.raises(ValueError):
            tafqit(Halalas(amount))
