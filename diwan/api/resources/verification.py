"""Is this document real? For programs: by its file, and by its number. Open to everybody, within limits.

Says what the page of verification says, and no more: what is printed on a document is shown only to whoever scans its
code, on the page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext, override
from pydantic import Field

from diwan.api.allowances import too_often
from diwan.api.resources.common import VERIFICATION
from diwan.documents.queries import Standing, record
from diwan.documents.verify import MAX_BYTES, CheckingBusy, SignatureFound, Verdict, verify_pdf
from diwan.documents.words import FINDINGS, STANDINGS
from diwan.kit import numbers
from diwan.kit.errors import N_, InvalidValue
from diwan.people.actions import count_attempt
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import FORM, PDF, VERIFY, Access, Answer, Body, Operation, Parameter, answers
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Both, Told, with_example
from diwan.ui.callers import client_address

FILES: Final = 20
"""Files from one address in the window; the page counts under the same key."""
LOOKS: Final = 120
WITH_TOKEN: Final = 2_000
WINDOW: Final = timedelta(minutes=15)
ENVELOPE: Final = 64 * 1024
BUSY_SECONDS: Final = 10
PRINTED: Final = Parameter(
    "number", "Number of a document as printed, spaces and dashes allowed", {"type": "string", "maxLength": 40},
    "101260000176",
)  # fmt: skip
_SAYS: Final = {"ar": "صحيحة", "en": "Authentic"}


class SignatureTold(Told):
    """One signature or seal that was found in the file."""

    finding: str
    name: str
    title: Both
    seal: bool
    ours: bool = Field(description="Whether it was made under our authority")
    at: datetime | None = Field(description="When it was made, as its timestamp proves")
    level: str = Field(description="How far the proof goes: timestamped, long-term, ...")


class VerdictTold(Told):
    """What was found of a file."""

    model_config = with_example(
        {
            "finding": "valid", "good": True, "says": _SAYS, "advice": _SAYS, "number": "101260000176",
            "standing": "valid", "same_as_issued": True,
            "signatures": [
                {
                    "finding": "valid", "name": "Amanah", "title": {"ar": "ختم الأمانة", "en": "Seal"}, "seal": True,
                    "ours": True, "at": "2026-11-29T07:10:00Z", "level": "lta",
                }
            ],
        }
    )  # fmt: skip
    finding: str = Field(description="Code, e.g. valid, changed, revoked, not_signed, unreadable")
    good: bool = Field(description="Whether the document may be relied on today")
    says: Both
    advice: Both
    number: str | None
    standing: str | None = Field(description="How the document of this number stands today")
    same_as_issued: bool | None
    signatures: list[SignatureTold]


class StandingTold(Told):
    """How a document stands today."""

    model_config = with_example(
        {
            "number": "101260000176", "standing": "valid", "good": True, "says": _SAYS,
            "title": {"ar": "رخصة نشاط تجاري", "en": "Shop licence"},
            "issued_by": {"ar": "بلدية", "en": "Municipality"}, "valid_from": "2026-11-29",
            "valid_to": "2027-11-28", "issued_at": "2026-11-29T07:10:00Z", "revoked_at": None,
        }
    )  # fmt: skip
    number: str
    standing: str
    good: bool
    says: Both
    title: Both
    issued_by: Both
    valid_from: date
    valid_to: date | None
    issued_at: datetime | None
    revoked_at: datetime | None


@answers(
    Operation(
        method="POST", path="verifications", key="verify_file", tag=VERIFICATION, access=Access.OPEN, scope=VERIFY,
        body=Body(None, kinds=(PDF, "application/octet-stream", FORM), files=("file",), most=MAX_BYTES + ENVELOPE),
        title=N_("Verify a file"),
        about=N_(
            "Send the PDF as the body or as the part `file`. Every file is answered with a finding; none is kept."
        ),
        answers=(Answer(200, "The finding", VerdictTold),),
    )
)  # fmt: skip
def verifications(call: Call) -> Reply:
    """Judge a file, within three seconds.

    Problems: 400 without a file, 413 over 20 MB, 429 with Retry-After when one asks too often or too many files are
    being checked.
    """
    _counted(call, name="verify file", limit=FILES)
    pdf = _file(call.request)
    try:
        verdict = verify_pdf(pdf)
    except CheckingBusy as error:
        raise Refused(
            429,
            "busy",
            N_("Many files are being checked just now. Try again."),
            {"Retry-After": str(BUSY_SECONDS)},
        ) from error
    return Reply(body=_verdict(verdict), headers={"Cache-Control": "no-store"})


@answers(
    Operation(
        method="GET", path="documents/{number}", key="verify_number", tag=VERIFICATION, access=Access.OPEN,
        scope=VERIFY, parameters=(PRINTED,), title=N_("Verify a number"),
        about=N_("How the document of this number stands today; 404 for a number that was never given."),
        answers=(Answer(200, "How it stands", StandingTold, headers=("ETag",)),),
    )
)  # fmt: skip
def document(call: Call, number: str) -> Reply:
    """How a document stands today; 404 for a number that was never given."""
    _counted(call, name="verify", limit=LOOKS)
    try:
        numbers.parse_document_number(number)
    except InvalidValue as error:
        raise _unknown() from error
    found = record(number=number)
    if found is None:
        raise _unknown()
    return Reply(
        body=StandingTold(
            number=found.number,
            standing=found.standing,
            good=found.standing is Standing.VALID,
            says=_both(STANDINGS[found.standing].headline),
            title=Both(ar=found.title_ar, en=found.title_en),
            issued_by=Both(ar=found.municipality_ar, en=found.municipality_en),
            valid_from=found.valid_from,
            valid_to=found.valid_to,
            issued_at=found.issued_at,
            revoked_at=found.revoked_at,
        ),
        headers={"Cache-Control": "no-store"},
    )


def _counted(call: Call, *, name: str, limit: int) -> None:
    """Count one look of the caller: of the client, if it showed a token, else of its address."""
    if call.client is not None:
        attempt = count_attempt(key=f"{name}:client {call.client.pk}", limit=WITH_TOKEN, window=WINDOW)
    else:
        attempt = count_attempt(key=f"{name}:{client_address(call.request)}", limit=limit, window=WINDOW)
    if not attempt.allowed:
        raise too_often(attempt.retry_after)


def _file(request: HttpRequest) -> bytes:
    if request.content_type == FORM:
        file = request.FILES.get("file")
        pdf = file.read(MAX_BYTES + 1) if isinstance(file, UploadedFile) else b""
    else:
        pdf = request.read(MAX_BYTES + 1)
    if len(pdf) > MAX_BYTES:
        raise Refused(413, "too_large", N_("The file is larger than 20 MB."))
    if not pdf:
        raise Refused(400, "file", N_("Send the PDF as the body, or as the part `file` of a form."))
    return bytes(pdf)


def _verdict(verdict: Verdict) -> VerdictTold:
    told = FINDINGS[verdict.finding]
    return VerdictTold(
        finding=verdict.finding,
        good=verdict.good,
        says=_both(told.headline),
        advice=_both(told.advice),
        number=verdict.number or None,
        standing=verdict.standing,
        same_as_issued=verdict.same_as_issued,
        signatures=[_signature(one) for one in verdict.signatures],
    )


def _signature(one: SignatureFound) -> SignatureTold:
    values: dict[str, Any] = {
        "finding": one.finding, "name": one.name, "title": Both(ar=one.title_ar, en=one.title_en),
        "seal": one.is_seal, "ours": one.ours, "at": one.at, "level": one.level,
    }  # fmt: skip
    return SignatureTold(**values)


def _both(text: str) -> Both:
    """A sentence of the page in both languages."""
    found = {}
    for language in ("ar", "en"):
        with override(language):
            found[language] = gettext(text)
    return Both(**found)


def _unknown() -> Refused:
    return Refused(404, "documents.not_found", N_("No document was issued under this number."))
