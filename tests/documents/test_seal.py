"""From approval to a sealed file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from diwan.documents.actions import render_and_sign
from diwan.documents.models import Certificate, IssuedDocument
from diwan.documents.signer.service import Signer
from diwan.files import store
from diwan.outbox.models import Event
from diwan.people.actor import system
from tests.documents import pdfs
from tests.documents.authority import Authority
from tests.documents.conftest import Office
from tests.documents.contents import pending

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
    assert document.number[:4] in text and "DEMO DATA" in text
    assert set(Certificate.objects.values_list("position_code", flat=True)) == {"101-HEAD", ""}
    assert Event.objects.filter(name="documents.document.issued").count() == 1
