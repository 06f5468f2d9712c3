"""Identifiers: the vectors of the domain notes, and an exact reason for every refusal."""

from collections.abc import Callable

import pytest

from diwan.kit import ids
from diwan.kit.errors import InvalidValue

VALID_IDS = [
    "1000000008",
    "2000000006",
    "1012345672",
    "1098765439",
    "1100000015",
    "2123456788",
    "2987654320",
    "2345678904",
]
VALID_IBANS = ["SA0380000000608010167519", "SA1510000000608010167519", "SA0205000000608010167519"]


@pytest.mark.parametrize("number", VALID_IDS)
def test_ids_are_read(number: str) -> None:
    assert ids.national_id(number) == number
    assert (
        ids.national_id(f" {number[:3]} {number[3:]}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
        == number
    )
    assert ids.is_citizen(number) == number.startswith("1")


@pytest.mark.parametrize("number", VALID_IBANS)
def test_ibans_are_read(number: str) -> None:
    assert ids.iban(number.lower()) == number
    assert ids.iban(ids.show_iban(number)) == number
    assert ids.show_iban(number).split(" ")[0] == number[:4]


REFUSALS: list[tuple[Callable[[str], str], str, str]] = [
    (ids.national_id, "1071724369", "ids.national_id.check_digit"),
    (ids.national_id, "2000000000", "ids.national_id.check_digit"),
    (ids.national_id, "100000000", "ids.national_id.too_short"),
    (ids.national_id, "10000000080", "ids.national_id.too_long"),
    (ids.national_id, "3000000000", "ids.national_id.first_digit"),
    (ids.national_id, "0501234567", "ids.national_id.is_mobile"),
    (ids.national_id, "7001234567", "ids.national_id.is_unified"),
    (ids.national_id, "10000O0008", "ids.national_id.not_digits"),
    (ids.national_id, "", "ids.national_id.not_digits"),
    (ids.unified_number, "7101234567", "ids.unified.prefix"),
    (ids.unified_number, "700123456", "ids.unified.too_short"),
    (ids.commercial_register, "10101234567", "ids.cr.too_long"),
    (ids.vat_number, "300000000000001", "ids.vat.ends"),
    (ids.vat_number, "30000000000003", "ids.vat.too_short"),
    (ids.mobile, "0512345", "ids.mobile.too_short"),
    (ids.mobile, "05123456789", "ids.mobile.too_long"),
    (ids.mobile, "0112345678", "ids.mobile.prefix"),
    (ids.mobile, "+15551234567", "ids.mobile.prefix"),
    (ids.mobile, "mobile", "ids.mobile.not_digits"),
    (ids.iban, "GB82WEST12345698765432", "ids.iban.prefix"),
    (ids.iban, "SA038000000060801016751", "ids.iban.too_short"),
    (ids.iban, "SA03800000006080101675190", "ids.iban.too_long"),
    (ids.iban, "SA0380000000608010167591", "ids.iban.check_digits"),
    (ids.iban, "SA03800000006080101675*9", "ids.iban.characters"),
    (ids.short_address, "RRR2929", "ids.short_address.shape"),
    (ids.postal_code, "2343", "ids.postal_code.too_short"),
    (ids.postal_code, "93431", "ids.postal_code.region"),
    (ids.deed_number, "12", "ids.deed.shape"),
    (ids.deed_number, "صك", "ids.deed.shape"),
    (ids.ejar_number, "1012345678", "ids.ejar.too_short"),
]


@pytest.mark.parametrize(("reader", "typed", "code"), REFUSALS)
def test_refusals_are_exact(reader: Callable[[str], str], typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        reader(typed)
    assert caught.value.code == code
    assert str(caught.value).startswith(code)


def test_too_short_says_by_how_many() -> None:
    with pytest.raises(InvalidValue) as caught:
        ids.national_id("1000000")
    assert caught.value.params["missing"] == 3
    assert "3 digits short" in str(caught.value)
    with pytest.raises(InvalidValue) as caught:
        ids.national_id("100000000")
    assert "one digit short" in str(caught.value)


@pytest.mark.parametrize(
    "typed",
    [
        "0501234567",
        "501234567",
        "+966501234567",
        "00966501234567",
        "966501234567",
        "+966 (0)50-123-4567",
        "٠٥٠ ١٢٣ ٤٥٦٧",
    ],
)
def test_mobiles_in_every_usual_spelling(typed: str) -> None:
    assert ids.mobile(typed) == "+966501234567"


def test_other_identifiers_are_read() -> None:
    assert ids.unified_number("٧٠٠١٢٣٤٥٦٧") == "7001234567"
    assert ids.commercial_register("4030-123456") == "4030123456"
    assert ids.vat_number("300000000000003") == "300000000000003"
    assert ids.short_address("rrrd ٢٩٢٩") == "RRRD2929"
    assert ids.postal_code("٢٣٤٣١") == "23431"
    assert ids.deed_number("٣١٠١٢٣٤٥٦٧٨٩") == "310123456789"
    assert ids.deed_number("123/4/5") == "123/4/5"
    assert ids.ejar_number("10123456789") == "10123456789"


def test_showing_and_masking() -> None:
    assert ids.show_mobile("+966501234567") == "050 123 4567"
    assert ids.show_mobile("+4915112345678") == "+4915112345678"
    assert ids.mask_id("1000000072") == "1•••••••72"
    assert ids.mask_id("123") == "•••"
    assert ids.mask_mobile("+966501234578") == "05• ••• ••78"
