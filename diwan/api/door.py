"""The door of the API: what is the same for every operation, from who calls to how the answer is dressed.

Order: format, limits, token, scope, path, query, precondition, key, body; then the operation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from diwan.api import allowances, reading, repeating
from diwan.api.problems import KIND, REFUSALS, problem_of
from diwan.api.tokens import client_of, require_scope
from diwan.kit.errors import N_
from diwan.people.actor import ANONYMOUS, Actor
from diwan.rest.calls import IF_MATCH_MISSING, Call, Client, Reply
from diwan.rest.declaring import JSON, Access, Operation
from diwan.rest.refusals import Refused
from diwan.ui.callers import client_address

OF_ADDRESS: Final = 1_200
"""Requests a minute of one address without a token."""
OF_ADDRESS_WITH_TOKEN: Final = 12_000
OF_TOKEN: Final = 6_000
View = Callable[..., HttpResponseBase]


def door(operations: Mapping[str, Operation]) -> View:
    """The Django view of one path: method -> operation. A GET answers HEAD too."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method
        found = operations.get(method or "")
        try:
            if found is None:
                raise _not_offered(operations)
            if found.own_door:
                answer: HttpResponseBase = found.view(request, **parts)
                return answer
            return _through(found, request, parts)
        except REFUSALS as error:
            told = problem_of(error, request, also=found.errors if found is not None else None)
            if told is None:
                raise
            return told

    return view


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponseBase:
    """Whatever is asked below the API's address where nothing is: 404 as a problem."""
    told = problem_of(Refused(404, "not_found", N_("There is nothing at this address.")), request)
    if told is None:
        raise TypeError("a refusal is always told")
    return told


def _not_offered(operations: Mapping[str, Operation]) -> Refused:
    offered = sorted({*operations, *(["HEAD"] if "GET" in operations else [])})
    allowed = ", ".join(offered)
    return Refused(
        405, "method", N_("This address takes {methods} only."), {"Allow": allowed}, methods=allowed
    )


def _through(operation: Operation, request: HttpRequest, parts: Mapping[str, str]) -> HttpResponseBase:
    reading.require_acceptable(request, tuple({answer.kind for answer in operation.answers} | {JSON, KIND}))
    client, by = _caller(operation, request)
    reading.require_path(operation, parts)
    query = reading.query_of(operation, request)
    if operation.conditional and not request.headers.get("If-Match"):
        raise Refused(428, "if_match", IF_MATCH_MISSING)
    key = reading.idempotency_key(request) if operation.writes else ""
    body = reading.body_of(operation, request)
    call = Call(request=request, by=by, client=client, query=query, body=body)

    def act() -> HttpResponseBase:
        return _dressed(operation.view(call, **parts), call)

    if operation.writes and client is not None:
        return repeating.once(operation, request, client=client.pk, key=key, act=act)
    return _unless_known(act(), request)


def _caller(operation: Operation, request: HttpRequest) -> tuple[Client | None, Actor]:
    """Who calls, within the limits of address and token. Raises Refused (401, 403, 429)."""
    given = bool(request.headers.get("Authorization"))
    limit = OF_ADDRESS_WITH_TOKEN if given else OF_ADDRESS
    allowances.spend(f"address {client_address(request)}{' token' * given}", limit=limit)
    if operation.access is not Access.TOKEN and not given:
        return None, ANONYMOUS
    client, by = client_of(request)
    if operation.scope:
        require_scope(client, operation.scope)
    allowances.spend(f"client {client.pk}", limit=OF_TOKEN)
    return client, by


def _dressed(reply: Reply, call: Call) -> HttpResponseBase:
    """The response of a reply: JSON, ETag, and how long it may be kept."""
    if isinstance(reply.body, HttpResponseBase):
        response: HttpResponseBase = reply.body
    elif reply.body is None:
        response = HttpResponse(status=reply.status)
        del response.headers["Content-Type"]
    else:
        text = reply.body.model_dump_json(by_alias=True, exclude_unset=False)
        response = HttpResponse(text, status=reply.status, content_type=JSON)
        if call.request.method in ("GET", "HEAD") or reply.etag:
            response["ETag"] = reply.etag or tag_of(text)
    for name, value in reply.headers.items():
        response[name] = value
    response.headers.setdefault("Cache-Control", "no-cache" if call.client is None else "private, no-cache")
    patch_vary_headers(response, ("Accept", "Authorization"))
    return response


def tag_of(text: str) -> str:
    """The ETag of a text, in its quotes."""
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _unless_known(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """304 for a read whose ETag the caller names in If-None-Match (weak comparison, RFC 9110)."""
    tag = response.headers.get("ETag", "")
    given = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if (
        request.method not in ("GET", "HEAD")
        or response.status_code != 200
        or not tag
        or not given & {tag, "*"}
    ):
        return response
    known = HttpResponse(status=304)
    del known.headers["Content-Type"]
    for name in ("ETag", "Cache-Control", "Vary", "Link"):
        if name in response.headers:
            known[name] = response.headers[name]
    return known
