"""Refusals as problem details (RFC 9457), with the product's own error codes and texts in the caller's language."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext, ngettext

from diwan.cases.actions.drafts import DraftNotFound
from diwan.cases.actions.open_cases import KeyReused
from diwan.cases.errors import CaseNotFound, NotAllowed, Outrun
from diwan.kit.errors import DiwanError, FieldErrors, text_of

_STATUS: dict[type[DiwanError], int] = {
    CaseNotFound: 404,
    DraftNotFound: 404,
    NotAllowed: 403,
    Outrun: 409,
    KeyReused: 409,
    FieldErrors: 422,
}


class Refused(Exception):
    """A refusal that belongs to the protocol, not to the product."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """A problem document; `type` names the code under the API's own address space."""
    body = {"type": f"urn:diwan:problem:{code}", "title": code, "status": status, "detail": detail, **more}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def answers_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator: errors of protocol and product become problem documents; nothing else is swallowed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as error:
            answer = problem(error.status, error.code, error.detail)
            for name, value in error.headers.items():
                answer[name] = value
            return answer
        except FieldErrors as error:
            fields = {
                path: [{"code": found.code, "text": _text(found)} for found in problems]
                for path, problems in error.errors.items()
            }
            return problem(422, error.code, _text(error.problem), fields=fields)
        except DiwanError as error:
            return problem(_STATUS.get(type(error), 409), error.code, _text(error.problem))

    return wrapped


def _text(found: Any) -> str:
    return text_of(found, gettext=gettext, ngettext=ngettext)
