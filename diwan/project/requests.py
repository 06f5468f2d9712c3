"""The outermost part of every request: its id, its time, its line in the log.

`X-Request-ID` is taken from whoever asks (a proxy, another system) when it has the shape of an id, is made otherwise,
and goes back in the answer. A reading that went well leaves no line; writes, errors and slow answers do.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from diwan.health.calls import write_calls
from diwan.kit import tracing
from diwan.kit.metering import POOL, REQUESTS

log = logging.getLogger("diwan.requests")
SLOW: Final = 1.0
POOL_EVERY: Final = 5.0
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS: Final = READS | {"POST", "PUT", "PATCH", "DELETE"}
HEADER: Final = "X-Request-Id"
#: The children of a labelled figure, found by one look-up: the library's own takes a lock and joins the labels.
_children: dict[tuple[str, str, int], Callable[[float], None]] = {}
_pool_seen = 0.0


class RequestMiddleware:
    """Sets `request.request_id` and the trace; times the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, count, and say which request this was."""
        began = time.perf_counter()
        request_id = tracing.accepted(request.headers.get(HEADER, ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        with tracing.following(request_id):
            response = self.get_response(request)
            response[HEADER] = request_id
            took = time.perf_counter() - began
            _count(request, response.status_code, took)
            if took >= SLOW or response.status_code >= 500 or request.method not in READS:
                _write(request, response.status_code, took)
            write_calls()
        return response


def route_of(request: HttpRequest) -> str:
    """The class of the address: the package that answers (`portal`, `desk`, `api`), or `none` where nothing does."""
    match = request.resolver_match
    if match is None:
        return "none"
    return match.app_names[0] if match.app_names else "machine"


def _count(request: HttpRequest, status: int, took: float) -> None:
    method = request.method if request.method in METHODS else "other"
    key = (route_of(request), str(method), status // 100)
    observe = _children.get(key)
    if observe is None:
        observe = _children[key] = REQUESTS.labels(key[0], key[1], f"{key[2]}xx").observe
    observe(took)
    _look_at_pool()


def _look_at_pool() -> None:
    """How full the pool of this process is, looked at every few seconds."""
    global _pool_seen
    now = time.monotonic()
    if now - _pool_seen < POOL_EVERY:
        return
    _pool_seen = now
    pool = getattr(connection, "pool", None)
    if pool is not None:
        found = pool.get_stats()
        for what in ("pool_size", "pool_available", "requests_waiting"):
            POOL.labels(what).set(found.get(what, 0))


def _write(request: HttpRequest, status: int, took: float) -> None:
    """A line without query or path values: the address as it is declared, not as it was typed."""
    match = request.resolver_match
    level = logging.ERROR if status >= 500 else logging.INFO
    address = f"/{match.route}" if match is not None else "(no such address)"
    log.log(level, "%s %s %s in %d ms", request.method, address, status, int(took * 1000))
