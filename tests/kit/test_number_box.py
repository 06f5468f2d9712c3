"""One box tells numbers apart."""

import pytest

from diwan.kit import numbers
from diwan.kit.number_box import Kind, tell_apart

CASE = numbers.case_number(2600000014)
DOCUMENT = numbers.document_number(municipality=12, year=2026, serial=7)
BILL = numbers.bill_number(123456789)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        (numbers.show_case_number(2600000014), Kind.CASE, CASE),
        (DOCUMENT, Kind.DOCUMENT, DOCUMENT),
        (numbers.show_bill_number(BILL), Kind.BILL, BILL),
        ("١٠٠٠٠٠٠٠٠٨", Kind.NATIONAL_ID, "1000000008"),
        ("2000000006", Kind.NATIONAL_ID, "2000000006"),
        ("7001234567", Kind.UNIFIED, "7001234567"),
        ("4030123456", Kind.COMMERCIAL_REGISTER, "4030123456"),
        ("1010123456", Kind.COMMERCIAL_REGISTER, "1010123456"),
        ("050 123 4567", Kind.MOBILE, "+966501234567"),
        ("966501234567", Kind.MOBILE, "+966501234567"),
        ("300000000000003", Kind.VAT, "300000000000003"),
        ("SA03 8000 0000 6080 1016 7519", Kind.IBAN, "SA0380000000608010167519"),
        ("rrrd2929", Kind.SHORT_ADDRESS, "RRRD2929"),
        ("1448/ص/١٢٣", Kind.REGISTRATION, "1448/ص/123"),
        ("jl-00123", Kind.POLE, "JL00123"),
        ("12345", Kind.OLD_NUMBER, "12345"),
        ("9990123456", Kind.OLD_NUMBER, "9990123456"),
        ("رخصة  محل", Kind.WORDS, "رخصة محل"),
        ("", Kind.WORDS, ""),
    ],
)
def test_it_tells(typed: str, kind: Kind, value: str) -> None:
    told = tell_apart(typed)
    assert (told.kind, told.value, told.problem) == (kind, value, None)


def test_keys_come_with_cases_and_bills() -> None:
    assert tell_apart(CASE).key == 2600000014
    assert tell_apart(BILL).key == 123456789


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        (CASE[:-1] + str((int(CASE[-1]) + 1) % 10), Kind.CASE, "numbers.case.check_digit"),
        ("112345672" + "0", Kind.NATIONAL_ID, "ids.national_id.check_digit"),
        ("SA0380000000608010167591", Kind.IBAN, "ids.iban.check_digits"),
    ],
)
def test_a_mistyped_number_keeps_its_kind_and_says_why(typed: str, kind: Kind, code: str) -> None:
    told = tell_apart(typed)
    assert told.kind is kind
    assert told.problem is not None and told.problem.code == code
