"""From approval to a sealed file, and what happens when something stops in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from diwan.documents import signing
from diwan.documents.actions import declare_standing_authority, render_and_sign, void_number
from diwan.documents.actions import seal as seal_action
from diwan.documents.models import Certificate, IssuedDocument
from diwan.documents.signer.service import Signer
from diwan.documents.verify import Finding, verify_pdf
from diwan.outbox.models import Event
from diwan.people.actor import system
from tests.documents import pdfs
from tests.documents.authority import Authority, switch
from tests.documents.conftest import START, Office
from tests.documents.contents import CASE, numbered, pending, standing

BY = system("test")


def test_a_document_approved_by_a_head_is_signed_by_the_post_and_sealed(
    office: Office, signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    document = render_and_sign(document_id=pending(office).pk, by=BY)

    assert document.state == IssuedDocument.State.ISSUED
    assert document.number is not None and document.number.startswith("10126000001")
    pdf = pdfs.of(document)
    report = pdfs.pdfsig(pdf, root=authority.root, folder=tmp_path)
    assert report.count("Signature is Valid") == 2
    assert report.count("Certificate is Trusted") == 2
    assert report.index("رئيس بلدية النخيل") < report.index("ختم أمانة محافظة الواحة")
    text = pdfs.text(pdf)
    assert f"{document.number[:4]} {document.number[4:8]} {document.number[8:]}" in text
    assert "Eng. head, Head of An Nakheel" in text
    assert "DEMO DATA" in text
    assert set(Certificate.objects.values_list("position_code", flat=True)) == {"101-HEAD", ""}
    assert Event.objects.filter(name="documents.document.issued").count() == 1


def test_an_instant_document_is_only_sealed_and_names_the_decision(
    office: Office, signer: Signer, authority: Authority, tmp_path: Path
) -> None:
    declare_standing_authority(
        code="instant",
        template="licence",
        decision_number="118/1448",
        statement={
            "ar": "صدرت آليا بموجب قرار الأمين رقم 118",
            "en": "Issued automatically under decision 118",
        },
        valid_from=START,
        by=BY,
    )
    document = numbered(office, standing(office, authority="instant"))

    sealed = render_and_sign(document_id=document.pk, by=BY)

    report = pdfs.pdfsig(pdfs.of(sealed), root=authority.root, folder=tmp_path)
    assert report.count("Signature is Valid") == 1 and "ختم أمانة" in report
    assert "Issued automatically under decision 118" in pdfs.text(pdfs.of(sealed))
    assert verify_pdf(pdfs.of(sealed)).finding is Finding.VALID, (
        "proofs and stamp stand behind its only signature"
    )


def test_asked_twice_the_signer_gives_the_same_file(office: Office, signer: Signer) -> None:
    document = pending(office)
    render_and_sign(document_id=document.pk, by=BY)

    assert signing.sign(document.pk) == signing.sign(document.pk)
    assert signer.count == 1


def test_killed_after_the_signature_the_second_run_takes_the_same_file(
    office: Office, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = pending(office)
    with monkeypatch.context() as broken:
        broken.setattr(seal_action, "keep_content", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            render_and_sign(document_id=document.pk, by=BY)
    signed = signing.sign(document.pk).sha256

    issued = render_and_sign(document_id=document.pk, by=BY)

    assert issued.file is not None and issued.file.sha256 == signed
    assert signer.count == 1


def test_sealed_once_the_document_comes_back_unchanged(office: Office, signer: Signer) -> None:
    first = render_and_sign(document_id=pending(office).pk, by=BY)
    again = render_and_sign(document_id=first.pk, by=BY)
    assert (again.file_id, again.issued_at) == (first.file_id, first.issued_at)


def test_a_silent_authority_leaves_the_document_waiting(
    office: Office, signer: Signer, authority: Authority
) -> None:
    document = pending(office)
    with switch(authority, "tsa", "down"), pytest.raises(signing.SignerUnavailable):
        render_and_sign(document_id=document.pk, by=BY)
    document.refresh_from_db()
    assert document.state == IssuedDocument.State.PENDING

    assert render_and_sign(document_id=document.pk, by=BY).state == IssuedDocument.State.ISSUED


def test_without_a_signer_the_document_waits(office: Office, trusting: Path) -> None:
    document = pending(office)
    with pytest.raises(signing.SignerUnavailable):
        render_and_sign(document_id=document.pk, by=BY)


def test_a_voided_number_is_not_sealed(office: Office, signer: Signer) -> None:
    document = pending(office)
    void_number(document_id=document.pk, reason="wrong district", by=office.head)

    assert render_and_sign(document_id=document.pk, by=BY).state == IssuedDocument.State.VOID
    with pytest.raises(signing.SigningRefused):
        signing.sign(document.pk)


def test_each_document_of_a_series_has_the_next_number(office: Office) -> None:
    numbers = [pending(office, case_id=CASE + step).number for step in range(3)]
    assert [number[5:11] for number in numbers if number] == ["000001", "000002", "000003"]
