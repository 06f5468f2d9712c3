"""What the pages of verification say: of a record, of a file, of a signature, of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from diwan.documents.models import IssuedDocument
from diwan.documents.queries import Standing
from diwan.documents.verify import Finding, SignatureFound, Verdict
from diwan.documents.words import FINDINGS, STANDINGS
from diwan.kit import numbers
from diwan.kit.digits import to_ascii
from diwan.kit.errors import InvalidValue
from diwan.notify.models import Message
from diwan.payments.models import Bill

_KINDS = {
    Standing.VALID: "success",
    Standing.NOT_YET_VALID: "info",
    Standing.EXPIRED: "warning",
    Standing.REVOKED: "error",
    Standing.SUSPENDED: "error",
    Standing.VOID: "error",
    Standing.PENDING: "info",
}
_NUMBERS = re.compile(r"\d[\d\s-]{6,20}\d")
MOST_NUMBERS = 8


def standing_words(standing: Standing) -> tuple[str, str, str]:
    """How a document stands: headline, kind of alert, what to do."""
    said = STANDINGS[standing]
    return _(said.headline), _KINDS[standing], _(said.advice)


def finding_words(verdict: Verdict) -> tuple[str, str, str]:
    """What was found about a file: headline, kind of alert, what to do. A whole file of a document that no longer holds
    is no good news."""
    said = FINDINGS[verdict.finding]
    if verdict.finding is not Finding.VALID:
        kind = (
            "error"
            if verdict.finding in (Finding.CHANGED, Finding.UNKNOWN_AUTHORITY, Finding.REVOKED_SIGNER)
            else "warning"
        )
        return _(said.headline), kind, _(said.advice)
    if verdict.standing is not None and verdict.standing is not Standing.VALID:
        headline, kind, advice = standing_words(verdict.standing)
        return _("The file is authentic, but: {standing}").format(standing=headline), kind, advice
    return _(said.headline), "success", _(said.advice)


def signature_words(found: SignatureFound) -> str:
    """How one signature stands, in a word."""
    return _(FINDINGS[found.finding].headline)


def printed(document: IssuedDocument | None, language: str) -> list[dict[str, Any]]:
    """What is printed on a document, for whoever scanned its code: sections with rows of plain text."""
    if document is None:
        return []
    return [
        {
            "title": _in(section["title"], language),
            "rows": [(_in(row["label"], language), _in(row["value"], language)) for row in section["rows"]],
        }
        for section in document.data.get("sections", [])
    ]


def approver(document: IssuedDocument | None, language: str) -> dict[str, Any] | None:
    """Whose approval a document rests on: the post and the time; None for a standing authority or without the code."""
    if document is None or not document.mandate.position_code:
        return None
    mandate = document.mandate
    return {
        "title": mandate.title_en if language == "en" else mandate.title_ar,
        "name": mandate.approver_en if language == "en" else mandate.approver_ar,
        "at": mandate.approved_at,
    }


@dataclass(frozen=True, slots=True)
class SentByUs:
    """Whether we wrote to a mobile about a number, and when (newest first, at most five)."""

    sent: bool
    at: tuple[datetime, ...] = ()


def sent_by_us(*, text: str, mobile: str) -> SentByUs:
    """Whether a message about a request, document or bill named in the text went from us to this mobile.

    Both must be known to whoever asks; the answer tells nothing but the times.
    """
    cases = set(_cases_named(text))
    if not cases:
        return SentByUs(False)
    rows = Message.objects.filter(
        case_id__in=cases,
        channel="sms",
        address=mobile,
        state__in=(Message.State.SENT, Message.State.DELIVERED),
    )
    newest = rows.order_by("-sent_at").values_list("sent_at", flat=True)[:5]
    times = tuple(at for at in newest if at is not None)
    return SentByUs(bool(times), times)


def _cases_named(text: str) -> Iterable[int]:
    for found in list(_NUMBERS.finditer(to_ascii(text)))[:MOST_NUMBERS]:
        digits = re.sub(r"\D", "", found.group())
        if len(digits) == 11:
            try:
                yield numbers.parse_case_number(digits)
            except InvalidValue:
                continue
        elif len(digits) == 12:
            yield from IssuedDocument.objects.filter(number=digits).values_list("case_id", flat=True)
        elif len(digits) == 13:
            yield from Bill.objects.filter(number=digits).values_list("case_id", flat=True)


def _in(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get("ltr") or value.get(language) or value.get("ar") or "")
    return str(value)
