"""The door of GeoReport v2: limits, key, jurisdiction, and refusals in the protocol's own form.

Order: format, limits, method, size, key, jurisdiction; then what answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt

from diwan.api import allowances
from diwan.api.door import OF_ADDRESS, OF_ADDRESS_WITH_TOKEN, OF_TOKEN
from diwan.api.open311.asked import FORM_KINDS, Asked
from diwan.api.open311.rendering import FORMATS, JSON, XML, Told, rendered
from diwan.api.problems import REFUSALS, language_of, words_of
from diwan.api.tokens import client_by
from diwan.kit.errors import N_
from diwan.people.actor import ANONYMOUS, Actor
from diwan.rest.calls import Client
from diwan.rest.refusals import Refused
from diwan.ui.callers import client_address

MOST_BYTES: Final = 64 * 1024 * 1024
"""Five photos and the form around them; each photo has its own limit."""
_ERRORS: Final = "errors"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the root element of its XML, the structure, and further headers."""

    root: str
    told: Told
    headers: Mapping[str, str]

    @classmethod
    def of(cls, root: str, told: Told, **headers: str) -> Answer:
        """An answer; `headers` by their names with underscores."""
        return cls(root, told, {name.replace("_", "-"): value for name, value in headers.items()})


Act = Callable[..., Answer]
View = Callable[..., HttpResponse]


def spoken(**acts: Act) -> View:
    """The Django view of one path: method -> what answers `(asked, **parts)`. A GET answers HEAD too."""

    @csrf_exempt
    def view(request: HttpRequest, form: str = "", **parts: str) -> HttpResponse:
        language = language_of(request)
        with override(language):
            try:
                answer = _through(acts, request, form, language, parts)
            except REFUSALS as error:
                return refusal(error, form, language)
            response = _dressed(answer.root, answer.told, form, 200, language)
            for name, value in answer.headers.items():
                response[name] = value
            return response

    return view


def _through(
    acts: Mapping[str, Act], request: HttpRequest, form: str, language: str, parts: Mapping[str, str]
) -> Answer:
    method = "GET" if request.method == "HEAD" else str(request.method)
    given = bool(request.headers.get("Authorization") or request.GET.get("api_key"))
    limit = OF_ADDRESS_WITH_TOKEN if given else OF_ADDRESS
    allowances.spend(f"address {client_address(request)}{' token' * given}", limit=limit)
    act = acts.get(method)
    if act is None:
        allowed = ", ".join(sorted({*acts, *(["HEAD"] if "GET" in acts else [])}))
        raise Refused(
            405, "method", N_("This address takes {methods} only."), {"Allow": allowed}, methods=allowed
        )
    if method == "POST":
        _require_form(request)
    client, by = _caller(request, method)
    asked = Asked(request, form, language, by.changed(language=language), client)
    _require_jurisdiction(asked)
    return act(asked, **parts)


def _require_form(request: HttpRequest) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise Refused(413, "too_large", N_("The body is larger than {most} kB."), most=MOST_BYTES // 1024)
    if request.content_type not in FORM_KINDS:
        kinds = ", ".join(FORM_KINDS)
        raise Refused(415, "media_type", N_("Send the body as one of: {kinds}."), kinds=kinds)


def _caller(request: HttpRequest, method: str) -> tuple[Client | None, Actor]:
    """Whose `api_key` came, in the form, in the address or as Authorization. Raises Refused (403, 429)."""
    sent = request.POST if method == "POST" else request.GET
    kind, _space, held = request.headers.get("Authorization", "").partition(" ")
    key = (
        sent.get("api_key", "")
        or request.GET.get("api_key", "")
        or (held if kind.lower() == "bearer" else "")
    )
    if not key.strip():
        if method == "POST":
            raise _no_key()
        return None, ANONYMOUS
    found = client_by(key.strip())
    if found is None:
        raise _no_key()
    client, by = found
    allowances.spend(f"client {client.pk}", limit=OF_TOKEN)
    return client, by


def _no_key() -> Refused:
    return Refused(403, "api_key", N_("The api_key is missing or does not hold."))


def jurisdiction() -> str:
    """Our `jurisdiction_id`: the name of the host, without "www.", as the protocol suggests."""
    return str(urlsplit(settings.DIWAN.public_url).hostname or "").removeprefix("www.")


def _require_jurisdiction(asked: Asked) -> None:
    """There is one jurisdiction here, so that it need not be named. Raises Refused (404) for another one."""
    named = (asked.one("jurisdiction_id") or asked.request.GET.get("jurisdiction_id", "")).lower()
    if named and named.removeprefix("www.") != jurisdiction():
        raise Refused(
            404, "jurisdiction_id", N_("jurisdiction_id was not found: this is {ours}."), ours=jurisdiction()
        )


def refusal(error: Exception, form: str, language: str) -> HttpResponse:
    """A refusal in the protocol's form. Its language is in force. Raises TypeError for what is no refusal."""
    found = words_of(error)
    if found is None:
        raise TypeError("no refusal") from error
    status, text, headers = found
    # What our own forms call 409 and 422 is the protocol's "General Service Error".
    status = 400 if status in (409, 422) else status
    response = failed(status, text, form, language)
    for name, value in headers.items():
        response[name] = value
    return response


def failed(status: int, text: str, form: str, language: str) -> HttpResponse:
    """An answer of one error."""
    response = _dressed(_ERRORS, [{"code": status, "description": text}], form, status, language)
    response["Cache-Control"] = "no-store"
    return response


def _dressed(root: str, told: Told, form: str, status: int, language: str) -> HttpResponse:
    form = form if form in FORMATS else XML
    response = HttpResponse(rendered(root, told, form), status=status, content_type=FORMATS[form])
    response["Content-Language"] = language
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Accept-Language",))
    return response


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Whatever is asked below the address where nothing is: 404 in the format that the address ends with."""
    return _plain(request, 404, N_("There is nothing at this address."))


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours (500)."""
    return _plain(request, 500, N_("The request failed on our side. Try again; nothing was changed."))


def unreadable(request: HttpRequest) -> HttpResponse:
    """The answer to a request that the server itself could not read (400)."""
    return _plain(request, 400, N_("The request cannot be read."))


def _plain(request: HttpRequest, status: int, message: str) -> HttpResponse:
    language = language_of(request)
    with override(language):
        form = JSON if request.path.endswith(f".{JSON}") else XML
        return failed(status, gettext(message), form, language)
