"""Refusals as problem details (RFC 9457): a stable code for programs, and words in the caller's language for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext, ngettext, override

from diwan.cases.actions.drafts import DraftChanged, DraftNotFound
from diwan.cases.actions.open_cases import KeyReused
from diwan.cases.errors import CaseNotFound, NotAllowed, NotCovered, Outrun
from diwan.files.actions import UploadMissing
from diwan.files.errors import CheckUnavailable, NoSuchFile, UploadRefused
from diwan.kit.errors import N_, DiwanError, FieldErrors, InvalidValue, text_of
from diwan.people.errors import TooManyAttempts
from diwan.rest.refusals import Refused

STATUS: Final[Mapping[type[DiwanError], int]] = {
    CaseNotFound: 404,
    DraftNotFound: 404,
    NoSuchFile: 404,
    NotAllowed: 403,
    NotCovered: 403,
    Outrun: 409,
    KeyReused: 409,
    DraftChanged: 412,
    UploadMissing: 422,
    UploadRefused: 422,
    InvalidValue: 422,
    FieldErrors: 422,
    TooManyAttempts: 429,
    CheckUnavailable: 503,
}
TITLES: Final[Mapping[int, str]] = {
    400: N_("Malformed request"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Method not offered"),
    406: N_("Format not offered"),
    409: N_("Conflict"),
    412: N_("Changed meanwhile"),
    413: N_("Too large"),
    415: N_("Format not taken"),
    422: N_("Some answers need attention"),
    428: N_("Precondition missing"),
    429: N_("Too many requests"),
    500: N_("Something went wrong"),
    503: N_("Not available just now"),
}
KIND: Final = "application/problem+json"
REFUSALS: Final = (Refused, DiwanError, SuspiciousOperation, MultiPartParserError)
"""What becomes a problem document; anything else is a fault of ours."""


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    language: str = "",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """A problem document; `type` names the code under the API's own address space."""
    body = {
        "type": f"urn:diwan:problem:{code}", "title": gettext(TITLES.get(status, TITLES[500])), "status": status,
        "code": code, "detail": detail, **more,
    }  # fmt: skip
    answer = JsonResponse(
        body,
        status=status,
        content_type=KIND,
        json_dumps_params={"ensure_ascii": False},
        headers=dict(headers or {}),
    )
    answer["Cache-Control"] = "no-store"
    if language:
        answer["Content-Language"] = language
    return answer


def language_of(request: HttpRequest) -> str:
    """The language that the program asks for in Accept-Language, else the deployment's; no cookie has a say here."""
    known = {code for code, _name in settings.LANGUAGES}
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        code = part.partition(";")[0].strip()[:2].lower()
        if code in known:
            return code
    return str(settings.LANGUAGE_CODE)


def problem_of(
    error: Exception, request: HttpRequest, *, also: Mapping[type[DiwanError], int] | None = None
) -> JsonResponse | None:
    """The problem document of a refusal; None for what is no refusal. `also`: statuses of an operation's own errors."""
    language = language_of(request)
    with override(language):
        if isinstance(error, Refused):
            detail = gettext(error.message).format(**error.params)
            return problem(error.status, error.code, detail, language=language, headers=error.headers)
        if isinstance(error, FieldErrors):
            fields = {
                path: [{"code": found.code, "text": said(found)} for found in problems]
                for path, problems in error.errors.items()
            }
            return problem(422, error.code, said(error.problem), language=language, fields=fields)
        if isinstance(error, DiwanError):
            return problem(_status(error, also or {}), error.code, said(error.problem), language=language)
        if isinstance(error, RequestDataTooBig):
            return problem(413, "too_large", gettext("The body is too large."), language=language)
        if isinstance(error, SuspiciousOperation | MultiPartParserError):
            return problem(400, "malformed", gettext("The request cannot be read."), language=language)
    return None


def words_of(error: Exception) -> tuple[int, str, Mapping[str, str]] | None:
    """Status, one sentence and headers of a refusal, in the language in force; None for what is no refusal.

    For protocols with a form of their own: what is wrong with a form stands behind the name of each field.
    """
    if isinstance(error, Refused):
        return error.status, gettext(error.message).format(**error.params), error.headers
    if isinstance(error, FieldErrors):
        found = [f"{path}: {said(problems[0])}" for path, problems in error.errors.items()]
        return 422, " ".join(found), {}
    if isinstance(error, DiwanError):
        return _status(error, {}), said(error.problem), {}
    if isinstance(error, RequestDataTooBig):
        return 413, gettext("The body is too large."), {}
    if isinstance(error, SuspiciousOperation | MultiPartParserError):
        return 400, gettext("The request cannot be read."), {}
    return None


def _status(error: DiwanError, also: Mapping[type[DiwanError], int]) -> int:
    for kind in type(error).__mro__:
        found = also.get(kind) or STATUS.get(kind)
        if found is not None:
            return found
    return 409


def answers_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator: errors of protocol and product become problem documents; nothing else is swallowed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except REFUSALS as error:
            told = problem_of(error, request)
            if told is None:
                raise
            return told

    return wrapped


def broken(request: HttpRequest) -> JsonResponse:
    """The answer to a fault of ours below `/api/` (500)."""
    return _plain(
        request, 500, "broken", N_("The request failed on our side. Try again; nothing was changed.")
    )


def unreadable(request: HttpRequest) -> JsonResponse:
    """The answer to a request that the server itself could not read (400)."""
    return _plain(request, 400, "malformed", N_("The request cannot be read."))


def _plain(request: HttpRequest, status: int, code: str, message: str) -> JsonResponse:
    language = language_of(request)
    with override(language):
        return problem(status, code, gettext(message), language=language)


def said(found: Any) -> str:
    """The sentence of a problem, in the language in force."""
    return text_of(found, gettext=gettext, ngettext=ngettext)
