"""Forged, broken and hostile files: one table of what is made of an issued file and what must be found.

Nothing in these tables may ever come out as valid; most have a name of their own in what was published about the
signatures of PDFs (shadow attacks, universal signature forgery, incremental saving, signature wrapping).
"""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from django.conf import settings
from pyhanko.pdf_utils import generic

from diwan.documents import checking, validation, verify
from diwan.documents.checking import Checker, CheckingBusy
from diwan.documents.contents import render_document
from diwan.documents.models import Certificate, IssuedDocument
from diwan.documents.verify import Finding, verify_pdf
from diwan.files import store
from diwan.kit import clock
from tests.documents import attacks, hostile, pdfs, pki
from tests.documents.authority import ROOT

CHANGED = {
    **attacks.UPDATES,
    **attacks.FORGERIES,
    **{f"range: {key}": one for key, one in attacks.RANGES.items()},
}
del CHANGED["cut in the middle"]
_KEPT: dict[str, bytes] = {}


@pytest.fixture
def issued_file(request: pytest.FixtureRequest, trusting: Path, db: None) -> bytes:
    """The bytes of an issued file: made once, since only the file and the roots are looked at."""
    if not _KEPT:
        _KEPT["pdf"] = pdfs.of(request.getfixturevalue("issued"))
    return _KEPT["pdf"]


@pytest.mark.parametrize("attack", CHANGED.values(), ids=CHANGED.keys())
def test_every_change_is_found(issued_file: bytes, attack: attacks.Attack) -> None:
    forged = attack(issued_file)
    assert forged != issued_file
    verdict = verify_pdf(forged)
    assert verdict.finding is Finding.CHANGED and not verdict.good


@pytest.mark.parametrize("build", hostile.LOOPS.values(), ids=hostile.LOOPS.keys())
def test_what_never_ends_is_answered(build: Callable[[], bytes], trusting: Path, db: None) -> None:
    assert verify_pdf(build()).finding in (Finding.UNREADABLE, Finding.NOT_SIGNED, Finding.UNCHECKABLE)


def encrypted(pdf: bytes) -> bytes:
    """With a password to open it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    return out.getvalue()


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda pdf: b"",
    "cut in the middle": attacks.UPDATES["cut in the middle"],
    "only the beginning": lambda pdf: pdf[:9],
    "encrypted": encrypted,
    "a photo": lambda pdf: b"\xff\xd8\xff\xe0" + bytes(500),
    "a web page": lambda pdf: b"<!doctype html><title>x</title>",
    "zeros": lambda pdf: bytes(5000),
    "an archive": lambda pdf: b"PK\x03\x04" + pdf[:500],
}


@pytest.mark.parametrize("build", BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_read_is_unreadable(issued_file: bytes, build: Callable[[bytes], bytes]) -> None:
    assert verify_pdf(build(issued_file)).finding is Finding.UNREADABLE


def test_a_sealed_file_that_is_not_the_issued_one_is_changed(issued: IssuedDocument) -> None:
    """Even where every signature holds: the store keeps what we issued."""
    pdf, stored = pdfs.of(issued), issued.file
    assert stored is not None
    path = store.path_of(stored.classification, stored.sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF another" + pdf)
    assert verify_pdf(pdf).finding is Finding.CHANGED
    path.unlink()
    assert verify_pdf(pdf).finding is Finding.VALID


def issued_under(issued: IssuedDocument, trusting: Path, signer: pki.Made, root: pki.Made) -> verify.Verdict:
    """What is said of the unsigned rendering, signed by somebody under a root; the root becomes a trusted one."""
    about = f"Licence {issued.number}"
    signed = pdfs.signed_plainly(render_document(issued).pdf, pki.identity(signer, root), about=about)
    return verify_pdf(signed)


def test_a_look_alike_authority_is_unknown(issued: IssuedDocument, trusting: Path) -> None:
    """Same names, same serial number, other keys."""
    now = clock.real_now()
    real = Certificate.objects.get(position_code="")
    leaf, *above = x509.load_pem_x509_certificates(real.pem.encode())
    root = pki.made(above[0].subject, begin=now - pki.DAY, end=now + 900 * pki.DAY)
    fake = pki.made(
        leaf.subject, by=root, begin=now - pki.DAY, end=now + 300 * pki.DAY, serial=leaf.serial_number
    )
    verdict = issued_under(issued, trusting, fake, root)
    assert verdict.finding is Finding.UNKNOWN_AUTHORITY
    assert not any(one.ours or one.is_seal for one in verdict.signatures)


def test_another_trusted_authority_with_our_serial_number_is_not_ours(
    issued: IssuedDocument, trusting: Path
) -> None:
    now = clock.real_now()
    leaf = x509.load_pem_x509_certificate(Certificate.objects.get(position_code="").pem.encode())
    root = pki.made(pki.name("Another"), begin=now - pki.DAY, end=now + 900 * pki.DAY)
    roots = trusting / "authority" / "roots.pem"
    roots.write_bytes(roots.read_bytes() + root.pem)
    other = pki.made(leaf.subject, by=root, begin=now - pki.DAY, end=now + pki.DAY, serial=leaf.serial_number)
    verdict = issued_under(issued, trusting, other, root)
    assert not verdict.good and not any(one.ours for one in verdict.signatures)


@pytest.mark.parametrize("expired", ["authority", "signer"])
def test_an_expired_certificate_is_expired(issued: IssuedDocument, trusting: Path, expired: str) -> None:
    now = clock.real_now()
    ends = {"authority": now + 900 * pki.DAY, "signer": now + 300 * pki.DAY, expired: now - 5 * pki.DAY}
    begin = now - 700 * pki.DAY
    root = pki.made(pki.name("Authority"), begin=begin, end=ends["authority"])
    (trusting / "authority" / "roots.pem").write_bytes(root.pem)
    signer = pki.made(pki.name("Seal"), by=root, begin=begin, end=ends["signer"])
    assert issued_under(issued, trusting, signer, root).finding is Finding.EXPIRED


def test_without_roots_nobody_is_known(issued: IssuedDocument, trusting: Path) -> None:
    (trusting / "authority" / "roots.pem").unlink()
    assert verify_pdf(pdfs.of(issued)).finding is Finding.UNKNOWN_AUTHORITY


def test_our_own_note_of_a_revocation_counts_before_any_list(issued: IssuedDocument) -> None:
    seal = Certificate.objects.filter(position_code="")
    seal.update(revoked_at=clock.real_now() + dt.timedelta(minutes=1))
    assert verify_pdf(pdfs.of(issued)).finding is Finding.VALID, "revoked after the signature"
    seal.update(revoked_at=clock.real_now() - dt.timedelta(hours=1))
    assert verify_pdf(pdfs.of(issued)).finding is Finding.REVOKED_SIGNER, "revoked before the signature"


def test_a_later_time_stamp_may_not_show_anything(issued_file: bytes) -> None:
    now = clock.real_now()
    begin, end = now - pki.DAY, now + pki.DAY
    root = pki.made(pki.name("Root"), begin=begin, end=end)
    stamps = pki.made(pki.name("Stamps"), by=root, begin=begin, end=end, stamps=True)
    shown = pki.stamped(issued_file, stamps, box=(0, 0, 300, 300))
    assert verify_pdf(shown).finding is Finding.CHANGED
    hidden = verify_pdf(pki.stamped(issued_file, stamps))
    assert hidden.finding is not Finding.VALID, "nobody knows the stamping authority"


def test_a_file_that_takes_too_long_is_cut_off_and_said_so(trusting: Path) -> None:
    short = Checker(seconds=0.2)
    try:
        roots = trusting / "authority" / "roots.pem"
        assert short.ask(hostile.LOOPS["a table without end"](), roots=roots) is None
        small = short.ask(b"%PDF-1.7", roots=roots)
        assert small is None or small["state"] == "unreadable"
    finally:
        short.close()


def test_what_the_checker_cannot_answer_is_uncheckable(
    monkeypatch: pytest.MonkeyPatch, issued_file: bytes
) -> None:
    monkeypatch.setattr(checking.CHECKER, "memory", 1024 * 1024)
    assert verify_pdf(issued_file).finding is Finding.UNCHECKABLE


def test_only_few_files_are_checked_at_once(trusting: Path) -> None:
    full = Checker(at_once=0)
    with pytest.raises(CheckingBusy):
        full.ask(b"%PDF-1.7", roots=trusting / "authority" / "roots.pem")


def test_the_limits_are_settings() -> None:
    config = settings.DIWAN
    assert (config.verify_milliseconds, config.verify_memory_mb, config.verify_at_once) == (2400, 640, 2)
    bounded = checking.CHECKER
    assert (bounded.memory, bounded.at_once) == (config.verify_memory_mb * 1024 * 1024, config.verify_at_once)


@pytest.mark.parametrize(
    "text",
    [b"<>", b"<48656C6c6F>", b"<4>", b"<48 65\n6C>", b"<48%a comment\n65>", b"<48zz>", b"<4865", b"", b"<< /A 1 >>",
     b"<FEFF0645>", b"<" + b"ab" * 9000 + b">/Next", b"<" + b"cd" * 40_000 + b">"],
    ids=lambda text: text[:12].decode(),
)  # fmt: skip
def test_hexadecimal_texts_are_read_as_the_library_reads_them(text: bytes) -> None:
    def told(read: Callable[[io.BytesIO], object]) -> tuple[object, ...]:
        stream = io.BytesIO(text)
        try:
            found = read(stream)
        except Exception as error:
            return type(error), str(error)
        return type(found), found, stream.tell()

    library = generic.read_hex_string_from_stream
    assert told(validation.hex_reader(library)) == told(library)


def test_a_checker_that_has_gone_is_started_again(trusting: Path) -> None:
    checker, roots = Checker(seconds=30), trusting / "authority" / "roots.pem"
    try:
        for _ in range(2):
            answer = checker.ask(b"hello", roots=roots)
            assert answer is not None and answer["state"] == "unreadable"
            assert checker._process is not None
            checker._process.kill()
            checker._process.wait()
    finally:
        checker.close()


_TRIED = """
import os, socket
from diwan.documents.confinement import Limits, confine, filter_system_calls
assert filter_system_calls()
pair = socket.socketpair()
for act in (socket.socket, os.fork, lambda: os.execv("/bin/true", ["true"]), lambda: os.unlink("/nowhere"),
            lambda: os.kill(os.getppid(), 0)):
    try:
        act()
    except PermissionError:
        continue
    raise SystemExit("allowed")
confine(Limits(seconds=20, memory=300 * 1024 * 1024))
try:
    bytearray(400 * 1024 * 1024)
except MemoryError:
    print("confined")
"""


def test_the_process_of_a_file_reaches_no_network_no_program_and_no_other_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TRIED], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout == "confined\n", done.stderr
