"""Is this document real? For programs: by its file, and by its number. Open to everybody, within limits.

Says what the page of verification says, and no more: what is printed on a document is shown only to whoever scans its
code, on the page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from diwan.api.problems import Refused, answers_problems
from diwan.api.tokens import client_of
from diwan.documents.queries import Standing, record
from diwan.documents.verify import MAX_BYTES, CheckingBusy, SignatureFound, Verdict, verify_pdf
from diwan.documents.words import FINDINGS, STANDINGS
from diwan.kit import clock, numbers
from diwan.kit.errors import InvalidValue
from diwan.people.actions import count_attempt
from diwan.ui.callers import client_address

FILES: Final = 20
"""Files from one address in the window; the page counts under the same key."""
LOOKS: Final = 120
WITH_TOKEN: Final = 2_000
WINDOW: Final = timedelta(minutes=15)
ENVELOPE: Final = 64 * 1024
BUSY_SECONDS: Final = 10
_KINDS: Final = ("application/pdf", "application/octet-stream")


@csrf_exempt
@require_POST
@answers_problems
def verifications(request: HttpRequest) -> JsonResponse:
    """`POST /api/v1/verifications`: the PDF as the body (application/pdf), or multipart with `file` -> 200.

    Every file is answered with a finding within three seconds. Problems: 400 without a file, 413 over 20 MB, 415 for
    another kind of body, 429 with Retry-After when one asks too often or too many files are being checked.
    """
    _counted(request, name="verify file", limit=FILES)
    pdf = _file(request)
    try:
        verdict = verify_pdf(pdf)
    except CheckingBusy as error:
        raise _later("busy", "Many files are being checked just now. Try again.", BUSY_SECONDS) from error
    return _json(_verdict(verdict))


@require_GET
@answers_problems
def document(request: HttpRequest, number: str) -> JsonResponse:
    """`GET /api/v1/documents/{number}`: how a document stands today; 404 for a number that was never given."""
    _counted(request, name="verify", limit=LOOKS)
    try:
        numbers.parse_document_number(number)
    except InvalidValue as error:
        raise _unknown() from error
    found = record(number=number)
    if found is None:
        raise _unknown()
    said = STANDINGS[found.standing]
    return _json(
        {
            "number": found.number,
            "standing": found.standing,
            "good": found.standing is Standing.VALID,
            "says": _both(said.headline),
            "title": {"ar": found.title_ar, "en": found.title_en},
            "issued_by": {"ar": found.municipality_ar, "en": found.municipality_en},
            "valid_from": found.valid_from,
            "valid_to": found.valid_to,
            "issued_at": found.issued_at,
            "revoked_at": found.revoked_at,
        }
    )


def _counted(request: HttpRequest, *, name: str, limit: int) -> None:
    """Count one look of the caller: of a token, if it gives one that holds, else of its address."""
    if request.headers.get("Authorization"):
        client, _ = client_of(request)
        attempt = count_attempt(key=f"{name}:client {client.pk}", limit=WITH_TOKEN, window=WINDOW)
    else:
        attempt = count_attempt(key=f"{name}:{client_address(request)}", limit=limit, window=WINDOW)
    if not attempt.allowed:
        at = f"{clock.local(attempt.retry_at):%H:%M}"
        raise _later("too_many", f"Too many requests. Try again at {at}.", attempt.retry_after)


def _file(request: HttpRequest) -> bytes:
    size = str(request.META.get("CONTENT_LENGTH") or "0")
    if size.isdigit() and int(size) > MAX_BYTES + ENVELOPE:
        raise _too_large()
    if size == "0":
        raise _nothing()
    if request.content_type == "multipart/form-data":
        file = request.FILES.get("file")
        pdf = file.read(MAX_BYTES + 1) if isinstance(file, UploadedFile) else b""
    elif request.content_type in _KINDS:
        pdf = request.read(MAX_BYTES + 1)
    else:
        raise Refused(
            415, "media_type", "Send the file as application/pdf, or as multipart/form-data in `file`."
        )
    if len(pdf) > MAX_BYTES:
        raise _too_large()
    if not pdf:
        raise _nothing()
    return bytes(pdf)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    said = FINDINGS[verdict.finding]
    return {
        "finding": verdict.finding,
        "good": verdict.good,
        "says": _both(said.headline),
        "advice": _both(said.advice),
        "number": verdict.number or None,
        "standing": verdict.standing,
        "same_as_issued": verdict.same_as_issued,
        "signatures": [_signature(one) for one in verdict.signatures],
    }


def _signature(one: SignatureFound) -> dict[str, Any]:
    return {
        "finding": one.finding,
        "name": one.name,
        "title": {"ar": one.title_ar, "en": one.title_en},
        "seal": one.is_seal,
        "ours": one.ours,
        "at": one.at,
        "level": one.level,
    }


def _both(text: str) -> dict[str, str]:
    """A sentence of the page in both languages."""
    found = {}
    for language in ("ar", "en"):
        with override(language):
            found[language] = gettext(text)
    return found


def _json(body: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def _unknown() -> Refused:
    return Refused(404, "documents.not_found", "No document was issued under this number.")


def _nothing() -> Refused:
    return Refused(400, "file", "Send the PDF as the body, or as the multipart field `file`.")


def _too_large() -> Refused:
    return Refused(413, "too_large", "The file is larger than 20 MB.")


def _later(code: str, detail: str, seconds: int) -> Refused:
    return Refused(429, code, detail, {"Retry-After": str(seconds)})
