"""The verify core: what is said of a file that somebody brings, and of a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from diwan.documents import words
from diwan.documents.actions import (
    refresh_status_lists,
    revoke_certificate,
    revoke_document,
)
from diwan.documents.contents import render_document
from diwan.documents.models import Certificate, IssuedDocument
from diwan.documents.queries import Standing, file_of, record, standing
from diwan.documents.signer.service import Signer
from diwan.documents.validation import judge
from diwan.documents.verify import Finding, verify_pdf
from diwan.kit import clock
from tests.conftest import Some
from tests.documents import attacks, pdfs
from tests.documents.authority import Authority, running, switch
from tests.documents.conftest import Office
from tests.documents.contents import FROM, IN_FORCE, TO


def test_a_file_as_issued_is_valid_and_says_who_and_when(issued: IssuedDocument) -> None:
    with clock.frozen(IN_FORCE):
        verdict = verify_pdf(pdfs.of(issued))
    assert verdict.finding is Finding.VALID and verdict.good and verdict.same_as_issued
    assert verdict.number == issued.number and verdict.standing is Standing.VALID
    head, seal = verdict.signatures
    assert (head.title_ar, head.position_code, head.is_seal) == ("رئيس بلدية النخيل", "101-HEAD", False)
    assert (seal.title_en, seal.is_seal, seal.level) == ("Seal of Al Wahah Municipality", True, "lta_updates")
    assert abs(head.at - clock.real_now()) < dt.timedelta(minutes=5)


def test_it_stays_valid_without_the_authority(issued: IssuedDocument, authority: Authority) -> None:
    with switch(authority, "ocsp", "down"), switch(authority, "crl", "down"):
        assert verify_pdf(pdfs.of(issued)).finding is Finding.VALID


@pytest.mark.parametrize(
    "change",
    [attacks.a_byte_changed, attacks.a_page_added, attacks.saved_anew_with_a_page, attacks.a_note_put_on_it],
)
def test_a_changed_file_is_changed(issued: IssuedDocument, change: Callable[[bytes], bytes]) -> None:
    verdict = verify_pdf(change(pdfs.of(issued)))
    assert verdict.finding is Finding.CHANGED and not verdict.good and not verdict.same_as_issued


def test_no_byte_can_be_changed_unnoticed(issued: IssuedDocument, trusting: Path, some_of: Some[int]) -> None:
    pdf, roots = pdfs.of(issued), (trusting / "authority" / "roots.pem").read_bytes()
    for place in some_of(range(200, len(pdf), len(pdf) // 23)):
        changed = bytearray(pdf)
        changed[place] ^= 0x10
        judged = judge(bytes(changed), roots=roots)
        whole = judged["state"] == "readable" and all(
            item["state"] == "valid" for item in judged["signatures"]
        )
        assert not whole or not pdf[place : place + 1].strip(b"0"), place


def test_a_file_cut_back_before_the_seal_is_not_ours(issued: IssuedDocument) -> None:
    whole = pdfs.of(issued)
    first_end = whole.index(b"%%EOF", whole.index(b"/ETSI.CAdES.detached")) + 6
    verdict = verify_pdf(whole[:first_end])
    assert not verdict.good
    assert verdict.finding in (Finding.UNKNOWN_AUTHORITY, Finding.UNPROVEN)


def test_a_rendering_without_signature_is_not_signed(issued: IssuedDocument) -> None:
    assert verify_pdf(render_document(issued).pdf).finding is Finding.NOT_SIGNED


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"<<" * 5000])
def test_what_is_no_pdf_is_unreadable(content: bytes, trusting: Path, db: None) -> None:
    assert verify_pdf(content).finding is Finding.UNREADABLE


def test_a_file_that_is_too_large_is_not_looked_at(trusting: Path, db: None) -> None:
    assert verify_pdf(b"%PDF" + bytes(21 * 1024 * 1024)).finding is Finding.UNREADABLE


def test_a_signature_under_another_authority_is_unknown(
    issued: IssuedDocument, trusting: Path, tmp_path: Path
) -> None:
    with running(tmp_path / "other") as other:
        (trusting / "authority" / "roots.pem").write_bytes(other.root.read_bytes())
    assert verify_pdf(pdfs.of(issued)).finding is Finding.UNKNOWN_AUTHORITY


def test_a_certificate_that_is_not_of_our_signer_is_not_ours(issued: IssuedDocument) -> None:
    Certificate.objects.filter(position_code="").delete()
    assert verify_pdf(pdfs.of(issued)).finding is Finding.UNKNOWN_AUTHORITY


def test_a_whole_file_of_a_revoked_licence_is_not_good(issued: IssuedDocument, office: Office) -> None:
    with clock.frozen(IN_FORCE):
        revoke_document(document_id=issued.pk, reason="x", by=office.head)
        verdict = verify_pdf(pdfs.of(issued))
    assert verdict.finding is Finding.VALID and verdict.standing is Standing.REVOKED and not verdict.good


def test_a_number_tells_its_standing_and_hides_the_rest_without_the_token(issued: IssuedDocument) -> None:
    assert issued.number is not None
    typed = f"{issued.number[:4]}-{issued.number[4:8]}-{issued.number[8:]}"
    with clock.frozen(IN_FORCE):
        found = record(number=typed)
        shown = record(number=typed, token=issued.verify_token)
        wrong = record(number=typed, token="x" * 22)
    assert found is not None and found.standing is Standing.VALID and found.document is None
    assert shown is not None and shown.document == issued
    assert wrong is not None and wrong.document is None


def test_an_unknown_and_a_mistyped_number_are_alike(issued: IssuedDocument) -> None:
    assert issued.number is not None
    assert record(number="999269999999") is None
    assert record(number=issued.number[:-1] + str((int(issued.number[-1]) + 1) % 10)) is None
    assert record(number="not a number") is None


def test_the_standing_goes_by_the_day(issued: IssuedDocument) -> None:
    assert standing(issued, today=FROM - dt.timedelta(days=1)) is Standing.NOT_YET_VALID
    assert standing(issued, today=FROM) is Standing.VALID
    assert standing(issued, today=TO) is Standing.VALID
    assert standing(issued, today=TO + dt.timedelta(days=1)) is Standing.EXPIRED


def test_fresh_lists_of_revoked_certificates_change_nothing_for_what_was_signed_before(
    issued: IssuedDocument, office: Office, trusting: Path
) -> None:
    revoke_certificate(position_code="101-HEAD", reason="cessation_of_operation", by=office.head)
    assert refresh_status_lists() >= 1
    assert list((trusting / "authority").glob("*.crl"))
    assert verify_pdf(pdfs.of(issued)).finding is Finding.VALID


def test_a_signature_after_the_revocation_is_of_a_revoked_signer(
    issued: IssuedDocument, signer: Signer, office: Office, trusting: Path, authority: Authority
) -> None:
    """Signed with a stolen key and without any validation data, when the list names the certificate already."""
    revoke_certificate(position_code="101-HEAD", reason="key_compromise", by=office.head)
    refresh_status_lists()
    stolen = signer.store.identity("101-HEAD")
    assert stolen is not None
    pdf = pdfs.signed_plainly(render_document(issued).pdf, stolen, about=f"Licence {issued.number}")
    verdict = verify_pdf(pdf)
    assert verdict.finding is Finding.REVOKED_SIGNER and not verdict.good


def test_the_sealed_file_is_named_by_its_number(issued: IssuedDocument) -> None:
    found = file_of(issued)
    assert found is not None and found.name == f"{issued.number}.pdf"
    assert found.content == pdfs.of(issued)


def test_every_finding_and_standing_has_its_words() -> None:
    assert set(words.FINDINGS) == set(Finding)
    assert set(words.STANDINGS) == set(Standing)
