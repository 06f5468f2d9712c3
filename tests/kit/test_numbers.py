"""Public numbers and their check digit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit import numbers
from diwan.kit.errors import InvalidValue


def _code(call: object, text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        call(text)  # type: ignore[operator]
    return caught.value.code


def test_the_damm_digit_of_the_published_example() -> None:
    assert numbers.damm_digit("572") == "4"
    assert numbers.damm_valid("5724")
    assert not numbers.damm_valid("5274")


def test_a_case_number_is_a_function_of_its_id() -> None:
    key = numbers.case_id(year=2026, serial=14)
    assert key == 2600000014
    number = numbers.case_number(key)
    assert len(number) == 11 and number.startswith("2600000014")
    shown = numbers.show_case_number(key)
    assert re.fullmatch(r"260-0000-014\d", shown)
    assert numbers.case_year(key) == 2026
    arabic = shown.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    persian = number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (number, shown, shown.replace("-", " "), arabic, persian, f"\u2066{shown}\u2069 "):
        assert numbers.parse_case_number(typed) == key


def test_case_number_refusals_are_exact() -> None:
    number = numbers.case_number(2600000014)
    assert _code(numbers.parse_case_number, number[:-2]) == "numbers.case.too_short"
    assert _code(numbers.parse_case_number, number + "1") == "numbers.case.too_long"
    assert _code(numbers.parse_case_number, "abc") == "numbers.case.not_digits"
    assert _code(numbers.parse_case_number, "") == "numbers.case.not_digits"
    assert _code(numbers.parse_case_number, "2600000015" + number[-1]) == "numbers.case.check_digit"
    for wrong in (0, 10**10):
        with pytest.raises(ValueError):
            numbers.case_number(wrong)
    for serial in (0, 10**8):
        with pytest.raises(ValueError):
            numbers.case_id(year=2026, serial=serial)


@given(st.integers(1, 10**10 - 1), st.integers(0, 10), st.integers(1, 9))
def test_every_single_error_and_neighbour_swap_is_noticed(key: int, place: int, change: int) -> None:
    number = numbers.case_number(key)
    assert numbers.parse_case_number(number) == key
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert not numbers.damm_valid(wrong)
    if place < 10 and number[place] != number[place + 1]:
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert not numbers.damm_valid(swapped)


def test_document_numbers() -> None:
    number = numbers.document_number(municipality=12, year=2026, serial=345)
    assert len(number) == 12 and number.startswith("01226000345")
    assert numbers.show_document_number(number) == f"{number[:4]}-{number[4:8]}-{number[8:]}"
    assert numbers.parse_document_number(numbers.show_document_number(number)) == (12, 26, 345)
    assert _code(numbers.parse_document_number, number[:-1]) == "numbers.document.too_short"
    assert _code(numbers.parse_document_number, "9" + number[1:]) == "numbers.document.check_digit"
    assert numbers.document_number(municipality=0, year=2026, serial=345).startswith("00026000345")
    for municipality, serial in ((-1, 1), (1000, 1), (966, 1), (12, 0), (12, 10**6)):
        with pytest.raises(ValueError):
            numbers.document_number(municipality=municipality, year=2026, serial=serial)


def test_bill_numbers() -> None:
    number = numbers.bill_number(260000000123)
    assert len(number) == 13
    assert numbers.parse_bill_number(numbers.show_bill_number(number)) == 260000000123
    assert _code(numbers.parse_bill_number, number + "12") == "numbers.bill.too_long"
    assert _code(numbers.parse_bill_number, str(int(number) + 1)) == "numbers.bill.check_digit"
    with pytest.raises(ValueError):
        numbers.bill_number(10**12)


def test_secrets() -> None:
    assert re.fullmatch(r"\d{8}", numbers.new_secret_8())
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", numbers.new_link_secret())
    assert len({numbers.new_link_secret() for _ in range(50)}) == 50
    assert numbers.parse_secret_8("٠١٢٣-٤٥٦٧") == "01234567"
    assert numbers.show_secret_8("01234567") == "0123-4567"
    assert _code(numbers.parse_secret_8, "123") == "numbers.secret.too_short"
