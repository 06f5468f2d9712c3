"""`diwan.webhooks.ports.Sender` over HTTP/1.1 with kept connections."""

import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Final

import httpcore

from diwan.integrations.webhooks.connection import (
    Blocked,
    Deadline,
    NoName,
    Resolver,
    address_of,
    allowed_target,
    guarded_pool,
    resolve,
)
from diwan.kit.errors import InvalidValue
from diwan.kit.outward import Target
from diwan.webhooks.ports import Reply

log = logging.getLogger("diwan.webhooks")
#: Seconds for the whole of a request, and for its connection.
TOTAL: Final = 15.0
CONNECT: Final = 5.0
#: Bytes of an answer that are read; its rest, and the connection with it, is thrown away.
LARGEST: Final = 64 * 1024
AGENT: Final = "Diwan-Webhooks/1"


class HttpSender:
    """Posts to partners. One pool of connections for the process; every connection is guarded."""

    def __init__(
        self,
        *,
        total: float = TOTAL,
        resolver: Resolver = resolve,
        dialer: httpcore.NetworkBackend | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._total = total
        self._deadline = Deadline()
        self._pool = guarded_pool(
            deadline=self._deadline,
            resolver=resolver,
            dialer=dialer,
            trust=trust,
            max_connections=64,
            max_keepalive_connections=32,
            keepalive_expiry=30,
        )

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """The receiver's answer, or what went wrong; never an exception for an outside fault."""
        began = monotonic()
        self._deadline.at = began + self._total
        try:
            target = allowed_target(url)
            status, wait = self._exchange(target, body, headers)
        except Exception as error:
            code = _code_of(error)
            if code == "malformed" and not isinstance(error, httpcore.ProtocolError):
                log.exception("an event could not be posted")
            return Reply(0, code, took_ms=_ms(began))
        return Reply(status, retry_after=wait, took_ms=_ms(began))

    def _exchange(self, target: Target, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None]:
        address, host = address_of(target)
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("host", host),
            ("user-agent", AGENT),
            ("accept", "*/*"),
            ("content-length", str(len(body))),
            *headers.items(),
        ]
        timeout = {"connect": CONNECT, "read": self._total, "write": self._total, "pool": self._total}
        with self._pool.stream(
            "POST", address, headers=sent, content=body, extensions={"timeout": timeout}
        ) as response:
            size = 0
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > LARGEST:
                    break
            return response.status, _retry_after(response.headers)


def _code_of(error: Exception) -> str:
    """The code of `Reply.error` for a failure."""
    if isinstance(error, Blocked | InvalidValue):
        return "blocked"
    if isinstance(error, NoName):
        return "no_name"
    if isinstance(error, httpcore.ConnectError) and isinstance(error.__context__, ssl.SSLError):
        return "tls"
    broken = isinstance(error, httpcore.RemoteProtocolError) and "disconnected" in str(error)
    if broken or isinstance(error, httpcore.TimeoutException | httpcore.NetworkError):
        return "silent"
    return "malformed"


def _retry_after(headers: list[tuple[bytes, bytes]]) -> float | None:
    """Seconds of the header Retry-After (RFC 9110, 10.2.3): a number of seconds or a date; None for anything else."""
    for name, value in headers:
        if name.lower() == b"retry-after":
            text = value.decode("latin-1").strip()
            if text.isascii() and text.isdigit() and len(text) <= 9:
                return float(text)
            try:
                return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
            except (ValueError, TypeError):
                return None
    return None


def _ms(began: float) -> int:
    return int((monotonic() - began) * 1000)
