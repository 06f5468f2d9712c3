"""Reading documents: by number, by the token of the QR, of a case; what waits for its seal; certificates."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from diwan.documents.models import Certificate, IssuedDocument
from diwan.files.queries import read_content
from diwan.kit import clock
from diwan.kit.digits import compact
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import parse_document_number


class Standing(StrEnum):
    """How a document stands today."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    VOID = "void"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Record:
    """What the amanah says of a number. `document` is given only to who shows the token of the QR."""

    number: str
    standing: Standing
    title_ar: str
    title_en: str
    municipality_ar: str
    municipality_en: str
    valid_from: dt.date
    valid_to: dt.date | None
    issued_at: dt.datetime | None
    revoked_at: dt.datetime | None
    document: IssuedDocument | None


def standing(document: IssuedDocument, *, today: dt.date | None = None) -> Standing:
    """How the document stands on a day (today in Riyadh)."""
    day = today or clock.today()
    if document.state == IssuedDocument.State.VOID:
        return Standing.VOID
    if document.state == IssuedDocument.State.PENDING:
        return Standing.PENDING
    if document.revoked_since is not None:
        return Standing.REVOKED
    if day < document.valid_from:
        return Standing.NOT_YET_VALID
    if document.valid_to is not None and day > document.valid_to:
        return Standing.EXPIRED
    return Standing.VALID if document.suspended_at is None else Standing.SUSPENDED


def by_number(number: str) -> IssuedDocument | None:
    """The document with this number as people type it (any digits, spaces, dashes); None also for a mistyped one."""
    try:
        parse_document_number(number)
    except InvalidValue:
        return None
    digits = "".join(sign for sign in compact(number) if sign.isdigit())
    return (
        IssuedDocument.objects.select_related("municipality", "file", "mandate").filter(number=digits).first()
    )


def record(*, number: str, token: str = "") -> Record | None:
    """The public record of a number, or None. A wrong token is treated like none: it only hides `document`."""
    document = by_number(number)
    if document is None or document.number is None:
        return None
    shown = bool(token) and hmac.compare_digest(token.encode(), document.verify_token.encode())
    return Record(
        number=document.number,
        standing=standing(document),
        title_ar=document.title_ar,
        title_en=document.title_en,
        municipality_ar=document.municipality.name_ar,
        municipality_en=document.municipality.name_en,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        issued_at=document.issued_at,
        revoked_at=document.revoked_since,
        document=document if shown else None,
    )


def documents_of_case(case_id: int) -> QuerySet[IssuedDocument]:
    """Every document of a case, newest first."""
    return IssuedDocument.objects.select_related("file").filter(case_id=case_id).order_by("-created_at")


def pending_documents(*, limit: int = 100) -> list[int]:
    """Ids of documents that wait for their seal, oldest first."""
    found = IssuedDocument.objects.filter(state=IssuedDocument.State.PENDING, number__isnull=False)
    return list(found.order_by("created_at").values_list("pk", flat=True)[:limit])


def certificates() -> QuerySet[Certificate]:
    """Certificates of posts and of the seal, newest first for each post."""
    return Certificate.objects.order_by("position_code", "-issued_at")


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """The sealed file, ready to be sent."""

    name: str
    content: bytes
    sha256: str


def file_of(document: IssuedDocument) -> IssuedFile | None:
    """The sealed file of a document; None while it waits for its seal. The caller has asked whether it may be read."""
    if document.file is None or document.number is None:
        return None
    stored = document.file
    return IssuedFile(
        name=f"{document.number}.pdf",
        content=read_content(stored.classification, stored.sha256),
        sha256=stored.sha256,
    )
