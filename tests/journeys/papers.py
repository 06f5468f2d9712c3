"""Looking at an issued file with tools of others: pdfsig, the QR code's address, and a file that was tampered with."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pikepdf
import zxingcpp
from PIL import Image
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject

from tests.journeys.city import ROOT
from tests.journeys.steps import expect
from tools import machine


def pdf_tools() -> None:
    """poppler's tools, found or installed; stops with the command to type when that cannot be."""
    if not machine.pdf_tools():
        raise SystemExit(
            "The journey looks at the signature with pdfsig. Type: sudo apt-get install poppler-utils"
        )


def trusting(authority: str, folder: Path) -> Path:
    """An NSS database that trusts the authority's root, as a reader of PDF files would be told to."""
    database = folder / "nss"
    shutil.rmtree(database, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / "root.pem"
    root.write_bytes(httpx.get(f"{authority}/root.pem", trust_env=False).raise_for_status().content)
    subprocess.run(
        [sys.executable, "-m", "peers.authority.trust", str(root), str(database)],
        cwd=ROOT, check=True, env={**os.environ, "DIWAN_PROFILE": "demo"},
    )  # fmt: skip
    return database


def signatures(pdf: Path, database: Path) -> str:
    """What pdfsig says."""
    done = subprocess.run(
        ["pdfsig", "-no-ocsp", "-nssdir", f"sql:{database}", str(pdf)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def expect_valid(pdf: Path, database: Path, *, signer: str = "") -> str:
    """Stop unless pdfsig finds a valid signature of a trusted signer; the signers' names."""
    report = signatures(pdf, database)
    expect("Signature is Valid" in report, f"pdfsig does not call {pdf.name} valid:\n{report}")
    expect("Certificate is Trusted" in report, f"pdfsig does not trust the signer of {pdf.name}:\n{report}")
    expect("isn't Trusted" not in report and "is Invalid" not in report, f"pdfsig complains:\n{report}")
    names = re.findall(r"Signer Certificate Common Name: (.+)", report)
    expect(any(signer in name for name in names), f"{signer} did not sign {pdf.name}, but {names}")
    return ", ".join(name for name in names if "Time Stamping" not in name)


def with_a_page_added(pdf: bytes) -> bytes:
    """The file with one blank page appended behind the signature, as a forger would do without breaking it open."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    contents = writer.add_object(StreamObject(stream_data=b""))
    blank = PageObject(contents=contents, media_box=(0, 0, 595, 842))  # type: ignore[no-untyped-call]
    writer.insert_page(blank)  # type: ignore[no-untyped-call]
    changed = io.BytesIO()
    writer.write(changed)  # type: ignore[no-untyped-call]
    return changed.getvalue()


def pages(pdf: bytes) -> int:
    """How many pages a file has."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def address_in_code(pdf: Path) -> str:
    """The address in the QR code of the first page, read from the printed page as a telephone reads it."""
    print_out = pdf.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(print_out)],
        check=True,
    )
    with Image.open(print_out.with_suffix(".png")) as picture:
        codes = [found.text for found in zxingcpp.read_barcodes(picture) if "QR" in str(found.format)]
    expect(len(codes) == 1, f"{pdf.name} shows {len(codes)} QR codes")
    return str(codes[0])
