"""Is this document real, is this message ours? By number, by the QR, by the file itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from diwan.documents.queries import Record, record
from diwan.documents.verify import MAX_BYTES, Verdict, verify_pdf
from diwan.kit import ids, numbers
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.people.actions import count_attempt
from diwan.people.doors import actor_of
from diwan.ui.callers import client_address
from diwan.web.portal import authentic
from diwan.web.signin.words import problems, say

LOOKS: Final = 120
FILES: Final = 20
MESSAGES: Final = 20
WINDOW: Final = timedelta(minutes=15)
RECEIVED: Final = 100 * 1024 * 1024
"""Up to here a file is received, to be told in words that it is too large: a browser shows no answer sent earlier."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By number (`?number=`), or by dropping the PDF. What is far too large is refused before it is received."""
    size = str(request.META.get("CONTENT_LENGTH") or "")
    if request.method == "POST" and size.isdigit() and int(size) > RECEIVED:
        return _page(request, {}, {"file": _("The file is larger than 20 MB.")}, status=413)
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _file_checked(request)
    typed = request.GET.get("number", "").strip()[:40]
    if not typed:
        return _page(request, {})
    try:
        count_attempt(key=f"verify:{client_address(request)}", limit=LOOKS, window=WINDOW).require()
        numbers.parse_document_number(typed)
    except InvalidValue as error:
        return _page(request, {"typed": typed}, {"number": say(error)}, status=422)
    except DiwanError as error:
        return _page(request, {"typed": typed}, {"number": say(error)}, status=429)
    return _recorded(request, record(number=typed), typed)


@require_GET
def by_code(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """By the QR printed on the document, which shows what is printed on it too."""
    try:
        count_attempt(key=f"verify:{client_address(request)}", limit=LOOKS, window=WINDOW).require()
    except DiwanError as error:
        return _page(request, {"typed": number}, {"number": say(error)}, status=429)
    return _recorded(request, record(number=number, token=token), number)


@require_http_methods(["GET", "POST"])
def message_check(request: HttpRequest) -> HttpResponse:
    """Did this message come from us? The number in it and the mobile it came to; the answer says when we wrote."""
    context: dict[str, Any] = {"breadcrumb": [(_("Is this message from us?"), "")]}
    if request.method == "GET":
        return render(request, "portal/message_check.html", context)
    typed = {name: request.POST.get(name, "")[:1000] for name in ("message", "mobile")}
    errors: dict[str, str] = {}
    mobile = ""
    try:
        mobile = ids.mobile(typed["mobile"])
    except InvalidValue as error:
        errors["mobile"] = say(error)
    if not typed["message"].strip():
        errors["message"] = _("Paste the message, or type a number that stands in it.")
    if not errors:
        try:
            count_attempt(key=f"message:{client_address(request)}", limit=MESSAGES, window=WINDOW).require()
            context["answer"] = authentic.sent_by_us(text=typed["message"], mobile=mobile)
        except DiwanError as error:
            errors[""] = say(error)
    context |= {"values": typed, **problems(errors)}
    return render(request, "portal/message_check.html", context, status=422 if errors else 200)


def _file_checked(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _page(request, {}, {"file": _("Choose the PDF file first.")}, status=422)
    try:
        count_attempt(key=f"verify file:{client_address(request)}", limit=FILES, window=WINDOW).require()
        verdict = verify_pdf(file.read(MAX_BYTES + 1))
    except DiwanError as error:
        return _page(request, {}, {"file": say(error)}, status=429)
    context = {"verdict": _verdict(verdict, actor_of(request).language), "filename": (file.name or "")[:120]}
    return _page(request, context)


def _recorded(request: HttpRequest, found: Record | None, typed: str) -> HttpResponse:
    if found is None:
        return _page(request, {"typed": typed, "unknown": True}, status=404)
    language = actor_of(request).language
    return _page(request, {"typed": typed, "found": _record(found, language)})


def _record(found: Record, language: str) -> dict[str, Any]:
    word, kind, text = authentic.standing_words(found.standing)
    english = language == "en"
    return {
        "number": numbers.show_document_number(found.number),
        "title": found.title_en if english else found.title_ar,
        "municipality": found.municipality_en if english else found.municipality_ar,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "issued_at": found.issued_at,
        "revoked_at": found.revoked_at,
        "word": word,
        "kind": kind,
        "text": text,
        "sections": authentic.printed(found.document, language),
        "approver": authentic.approver(found.document, language),
    }


def _verdict(verdict: Verdict, language: str) -> dict[str, Any]:
    title, kind, text = authentic.finding_words(verdict)
    standing = authentic.standing_words(verdict.standing) if verdict.standing is not None else None
    english = language == "en"
    return {
        "title": title,
        "kind": kind,
        "text": text,
        "number": numbers.show_document_number(verdict.number) if verdict.number else "",
        "standing": standing,
        "signatures": [
            {
                "name": (one.title_en if english else one.title_ar) or one.name,
                "is_seal": one.is_seal,
                "at": one.at,
                "word": authentic.signature_words(one),
            }
            for one in verdict.signatures
        ],
    }


def _page(
    request: HttpRequest, context: dict[str, Any], errors: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    whole = {**context, **problems(errors or {}), "breadcrumb": [(_("Check a document"), "")]}
    return render(request, "portal/verify.html", whole, status=status)
