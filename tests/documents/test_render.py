"""Printed documents: what is on the paper, in which fonts, and that it cannot be bent by what people typed."""

from __future__ import annotations

import io
import re
import subprocess
from typing import Any

import pikepdf
import pytest

from diwan.documents import codes
from diwan.documents.render import RenderFailed, Template, render
from tests.documents import pdfs, samples

EVERY: list[tuple[Template, dict[str, Any]]] = [
    ("licence", samples.licence()),
    ("licence-card", samples.licence()),
    ("certificate", {**samples.licence(), "valid_to": None}),
    ("receipt", samples.receipt()),
    ("receipt-80mm", samples.receipt()),
    ("bill", samples.bill()),
    ("slip", samples.slip()),
]
MM = 72 / 25.4


def made(template: Template, data: dict[str, Any]) -> bytes:
    return render(template=template, data=data, created=samples.CREATED).pdf


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            (round(float(page.mediabox[2]) / MM), round(float(page.mediabox[3]) / MM))
            for page in document.pages
        ]


@pytest.mark.parametrize(("template", "data"), EVERY)
def test_every_document_is_an_archivable_pdf_in_our_two_fonts(
    template: Template, data: dict[str, Any]
) -> None:
    pdf = made(template, data)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
    listing = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    names = re.findall(r"[A-Z]{6}\+(\S+)", listing)
    assert names and all(name.startswith(("Diwan-Arabic", "Diwan-Latin")) for name in names)


@pytest.mark.parametrize(("template", "data"), EVERY)
def test_the_same_data_gives_the_same_bytes(template: Template, data: dict[str, Any]) -> None:
    assert made(template, data) == made(template, data)


def test_a_licence_is_one_page_for_the_wall_and_one_of_conditions_with_the_card() -> None:
    assert pages(made("licence", samples.licence())) == [(210, 297), (210, 297)]


def test_a_licence_with_many_rows_still_fits() -> None:
    data = samples.licence()
    data["sections"][1]["rows"] += data["sections"][1]["rows"][:3]
    data["activities"] = data["activities"] * 2
    assert len(pages(made("licence", data))) == 2


def test_a_receipt_roll_is_80_mm_wide_and_a_card_of_card_size() -> None:
    ((width, height),) = pages(made("receipt-80mm", samples.receipt()))
    assert width == 80 and 120 < height < 220
    assert pages(made("licence-card", samples.licence())) == [(86, 54), (86, 54)]


def test_a_licence_says_number_both_calendars_and_who_approved() -> None:
    text = pdfs.text(made("licence", samples.licence()))
    for expected in ("1012 6000 0417", "1449/06/22", "2027/11/20", "Eng. Fahd Nasser Al-Otaibi", "11:35"):
        assert expected in text
    for expected in ("رخصة نشاط تجاري", "رئيس بلدية النخيل الفرعية", "مطعم ليالي الواحة"):
        assert pdfs.letters(expected) in {pdfs.letters(line) for line in text.splitlines()}


def test_without_a_mark_there_is_none() -> None:
    assert "DEMO" in pdfs.text(made("licence", samples.licence()))
    assert "DEMO" not in pdfs.text(made("licence", samples.licence(watermark=[])))


def test_an_unlimited_document_says_so() -> None:
    assert "unlimited" in pdfs.text(made("licence", samples.licence(valid_to=None)))


def test_what_people_typed_is_printed_and_never_run() -> None:
    name = '#panic("x") $a^2$ \\ *b* </script> "; 100%'
    data = samples.licence()
    data["sections"][0]["rows"][3]["value"] = {"ar": name, "en": name}
    text = pdfs.text(made("licence", data))
    assert all(part in text for part in ('panic("x")', "a^2", "*b*", "</script"))


def test_a_receipt_carries_number_secret_date_and_telephone() -> None:
    for template in ("receipt", "receipt-80mm"):
        text = pdfs.text(render(template=template, data=samples.receipt(), created=samples.CREATED).pdf)
        for expected in ("260 0000 4178", "4071 8823", "Sunday 29 November 2026", "940"):
            assert expected in text


def test_a_bill_gives_the_reason_of_every_line() -> None:
    text = pdfs.text(made("bill", samples.bill()))
    for expected in ("1,440.00", "480.00", "1,920.00", "SAR 12.00", "2600000091"):
        assert expected in text


def test_data_of_another_shape_is_refused_by_name() -> None:
    data = samples.licence()
    del data["holder" if "holder" in data else "activities"]
    with pytest.raises(RenderFailed) as failed:
        made("licence", data)
    assert "activities" in failed.value.params["detail"]


def test_a_barcode_holds_digits_only() -> None:
    assert "<path" in codes.code128_svg("26000004178")
    for text in ("A1", "٢٦", "", "12 34"):
        with pytest.raises(ValueError):
            codes.code128_svg(text)


def test_a_barcode_reads_back_as_its_digits() -> None:
    """Decoded by hand from the drawn bars: start C, pairs, code B for the last digit of an odd number, stop."""
    svg = codes.code128_svg("26000004178")
    bars = [(int(a), int(b)) for a, b in re.findall(r"M(\d+) 0h(\d+)v1", svg)]
    assert bars[0][0] == codes.QUIET_MODULES
    width = int(re.search(r"viewBox=\"0 0 (\d+) 1\"", svg)[1])  # type: ignore[index]
    assert width - (bars[-1][0] + bars[-1][1]) == codes.QUIET_MODULES
    assert (width - 2 * codes.QUIET_MODULES - 13) % 11 == 0
