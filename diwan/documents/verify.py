"""Is this PDF ours, whole, and in force? The core of the verify page; by number alone see `queries.record`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from asn1crypto import pem
from django.conf import settings

from diwan.documents.checking import CHECKER
from diwan.documents.checking import CheckingBusy as CheckingBusy
from diwan.documents.models import Certificate, IssuedDocument
from diwan.documents.queries import Standing, by_number, file_of, standing

MAX_BYTES = 20 * 1024 * 1024
_NUMBER = re.compile(r"\b(\d{12})\s*$")


class Finding(StrEnum):
    """What was found about the file itself. The order is that of severity; the worst of all signatures counts."""

    VALID = "valid"
    UNPROVEN = "unproven"
    EXPIRED = "expired"
    REVOKED_SIGNER = "revoked_signer"
    UNKNOWN_AUTHORITY = "unknown_authority"
    CHANGED = "changed"
    NOT_SIGNED = "not_signed"
    UNREADABLE = "unreadable"
    UNCHECKABLE = "uncheckable"


_SEVERITY = list(Finding)


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """One signature: who (title of the post, or the seal), when (by the time stamp), and how it stands.

    `ours` is whether the certificate is one that our signer obtained; `level` is what changed in the file after it.
    """

    finding: Finding
    name: str
    title_ar: str
    title_en: str
    position_code: str
    is_seal: bool
    ours: bool
    at: dt.datetime
    level: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about a file. `standing` is the record's own state (a whole file may be of a revoked licence)."""

    finding: Finding
    signatures: tuple[SignatureFound, ...] = ()
    number: str = ""
    standing: Standing | None = None
    document: IssuedDocument | None = None
    same_as_issued: bool = False

    @property
    def good(self) -> bool:
        """Whether the file is whole, ours, and its document in force today."""
        return self.finding is Finding.VALID and self.standing is Standing.VALID


def verify_pdf(pdf: bytes) -> Verdict:
    """Judge a file that somebody brought, within three seconds. Never raises for its content; a file over 20 MB is
    `unreadable`, one that takes too long or too much memory `uncheckable`. Raises `checking.CheckingBusy`.

    A file that is signed by our authority but not sealed by us, or whose number is not on record, is
    `unknown_authority`: only the organisation's seal makes a document ours. One that bears our seal and number but does
    not begin with the very bytes that we issued is `changed`, whatever its signatures say.
    """
    if len(pdf) > MAX_BYTES:
        return Verdict(Finding.UNREADABLE)
    return _verdict(pdf, _judge(pdf))


def verify_own(pdf: bytes) -> Verdict:
    """Judge a file of our own store the same way, in this process and without hurry: for checks of a whole copy."""
    # Imported here since it loads a library of half a second that only this and the confined process need.
    from diwan.documents import validation

    roots = settings.DIWAN.under_data(settings.DIWAN.authority_roots)
    lists = [path.read_bytes() for path in sorted(roots.parent.glob("*.crl"))]
    known = roots.read_bytes() if roots.exists() else b""
    return _verdict(pdf, validation.judge(pdf, roots=known, status_lists=lists))


def _verdict(pdf: bytes, judged: dict[str, Any]) -> Verdict:
    """What was found in the file, put beside what is on record."""
    if judged["state"] != "readable":
        return Verdict(Finding(judged["state"]))
    signatures = tuple(_signature(item) for item in judged["signatures"])
    number = _number(judged["signatures"])
    document = by_number(number) if number else None
    finding = max((item.finding for item in signatures), key=_SEVERITY.index)
    sealed, ours = any(item.is_seal for item in signatures), all(item.ours for item in signatures)
    if finding is Finding.VALID and not (sealed and ours and document):
        finding = Finding.UNKNOWN_AUTHORITY
    if ours and document and not _as_issued(pdf, document, finding):
        finding = Finding.CHANGED
    return Verdict(
        finding=finding,
        signatures=signatures,
        number=number,
        standing=standing(document) if document else None,
        document=document,
        same_as_issued=bool(document and document.file and document.file.sha256 == sha256(pdf).hexdigest()),
    )


def _judge(pdf: bytes) -> dict[str, Any]:
    """What the checker says; a file that breaks its bounds is `uncheckable`."""
    config = settings.DIWAN
    answer = CHECKER.ask(pdf, roots=config.under_data(config.authority_roots))
    return answer or {"state": Finding.UNCHECKABLE, "signatures": []}


def _as_issued(pdf: bytes, document: IssuedDocument, finding: Finding) -> bool:
    """Whether nothing in the issued file's own bytes speaks against the finding: a valid file is the issued one, to
    which at most time stamps were added; one that is not proven may also be a part of it, cut off.

    Content that the store no longer holds cannot be compared: the signatures alone speak then.
    """
    if finding not in (Finding.VALID, Finding.UNPROVEN):
        return True
    try:
        issued = file_of(document)
    except OSError:
        return True
    if issued is None or pdf.startswith(issued.content):
        return True
    return finding is Finding.UNPROVEN and issued.content.startswith(pdf)


def _certificate(serial: str, digest: str) -> Certificate | None:
    """The certificate that our signer obtained with this serial, when it is this very one (digest of its DER): another
    authority may give the same number."""
    known = Certificate.objects.filter(serial=serial).first()
    if known is None or sha256(pem.unarmor(known.pem.encode())[2]).hexdigest() != digest:
        return None
    return known


def _signature(item: dict[str, Any]) -> SignatureFound:
    """One signature with what we know of its certificate: our own note of a revocation counts at once, before any list
    of the authority names it."""
    known = _certificate(item["serial"], item["certificate"])
    finding, at = Finding(item["state"]), dt.datetime.fromisoformat(item["at"])
    revoked_at = known.revoked_at if known else None
    if finding is Finding.VALID and revoked_at is not None and at >= revoked_at:
        finding = Finding.REVOKED_SIGNER
    return SignatureFound(
        finding=finding,
        name=item["name"],
        title_ar=known.subject_ar if known else item["name"],
        title_en=known.subject_en if known else item["name"],
        position_code=known.position_code if known else "",
        is_seal=known is not None and known.position_code == "",
        ours=known is not None,
        at=at,
        level=item["level"],
    )


def _number(signatures: list[dict[str, Any]]) -> str:
    """The document number that every signature speaks of; empty when they disagree or name none."""
    found = {match.group(1) for item in signatures if (match := _NUMBER.search(item["about"]))}
    return found.pop() if len(found) == 1 else ""
