"""What stands behind the seal, and what a stranger's certificate is called: read strictly, told plainly."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from diwan.documents import following
from diwan.documents.contents import render_document
from diwan.documents.models import IssuedDocument
from diwan.documents.verify import Finding, verify_pdf
from diwan.kit import clock
from tests.documents import later, pdfs, pki
from tests.documents.authority import Authority


def only_stamps(pdf: bytes) -> bool:
    """The strict reading of what stands behind the seal, alone."""
    reader: Any = PdfFileReader(io.BytesIO(pdf))
    return following.only_stamps(reader, pdf, reader.embedded_regular_signatures[-1])


def test_behind_the_seal_only_time_stamps_may_stand(issued: IssuedDocument, authority: Authority) -> None:
    pdf, service = pdfs.of(issued), f"{authority.url}/tsa"
    opened = later.Opened(pdf)
    assert only_stamps(pdf) and only_stamps(opened.update(opened.proven())), "one more proof"
    assert verify_pdf(later.stamped(pdf, url=service)).good, "a stamp of the trusted service, hidden"
    made = {name: attack(opened) for name, attack in later.LATER.items()}
    assert {name: only_stamps(forged) for name, forged in made.items()} == dict.fromkeys(made, False)
    for forged in (later.stamped(made["another title"], url=service), later.what_nothing_leads_to(opened)):
        assert verify_pdf(forged).finding is Finding.CHANGED


def test_a_digit_that_fills_up_the_seal_and_a_packed_file(issued: IssuedDocument) -> None:
    pdf = pdfs.of(issued)
    filled = list(re.finditer(rb"/Contents\s*<[0-9A-Fa-f]{2000,}>", pdf))[1].end() - 2
    assert verify_pdf(pdf[:filled] + b"1" + pdf[filled + 1 :]).finding is Finding.CHANGED
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("licence.pdf", pdf)
    assert verify_pdf(packed.getvalue()).finding is Finding.UNREADABLE, "it was not changed: it is no PDF"


def test_a_name_of_several_parts_and_turning_signs_is_one_plain_text(
    issued: IssuedDocument, trusting: Path
) -> None:
    now = clock.real_now()
    names = ("Amanah\u202e\u0000", "x" * 60, "y" * 64)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one) for one in names])
    root = pki.made(pki.name("Root"), begin=now - pki.DAY, end=now + pki.DAY)
    signer = pki.made(subject, by=root, begin=now - pki.DAY, end=now + pki.DAY)
    signed = pdfs.signed_plainly(render_document(issued).pdf, pki.identity(signer, root), about="x" * 400_000)
    verdict = verify_pdf(signed)
    assert verdict.signatures[-1].name == f"Amanah / {names[1]} / {names[2]}"
    assert verdict.finding is Finding.UNKNOWN_AUTHORITY
