"""Looking at finished files with tools of others."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from diwan.documents.models import IssuedDocument
from diwan.documents.signer.keys import Identity
from diwan.files import store
from tests.documents.authority import ROOT


def of(document: IssuedDocument) -> bytes:
    """The stored file of an issued document."""
    assert document.file is not None
    return store.path_of(document.file.classification, document.file.sha256).read_bytes()


def pdfsig(pdf: bytes, *, root: Path, folder: Path) -> str:
    """What poppler's pdfsig says with an NSS database that trusts the root."""
    database, file = folder / "nss", folder / "looked-at.pdf"
    file.write_bytes(pdf)
    if not database.exists():
        subprocess.run(
            [sys.executable, "-m", "peers.authority.trust", str(root), str(database)], cwd=ROOT, check=True
        )
    done = subprocess.run(
        ["pdfsig", "-no-ocsp", "-nssdir", f"sql:{database}", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def text(pdf: bytes) -> str:
    """The text of all pages."""
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def letters(line: str) -> str:
    """The letters of a line in no order: poppler turns Arabic ligatures round when it extracts text."""
    return "".join(sorted(sign for sign in line if sign.isalpha()))


def signed_plainly(pdf: bytes, by: Identity, *, about: str) -> bytes:
    """Signed with a key as a thief would: no time stamp, no validation data."""
    signer = SimpleSigner(
        signing_cert=by.certificate,
        signing_key=by.key,
        cert_registry=SimpleCertificateStore.from_certs(by.chain),  # type: ignore[no-untyped-call]
    )
    metadata = PdfSignatureMetadata(
        field_name="Approval", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=about
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return bytes(asyncio.run(PdfSigner(metadata, signer).async_sign_pdf(writer)).getvalue())
