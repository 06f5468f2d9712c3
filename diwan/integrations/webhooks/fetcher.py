"""`diwan.api.open311.ports.Fetcher` over the guarded connections by which webhooks go out."""

from __future__ import annotations

import logging
import ssl
import threading
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

log = logging.getLogger("diwan.fetcher")
TOTAL: Final = 5.0
"""Seconds for the whole of a request: somebody waits for the answer."""
AT_ONCE: Final = 2
"""Requests of one process at a time, so that slow addresses do not take all its threads."""
AGENT: Final = "Diwan-Pictures/1"
_SILENT: Final = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class HttpFetcher:
    """Reads what stands at an address of the open internet. No redirect is followed and nothing of ours is sent."""

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
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._pool = guarded_pool(
            deadline=self._deadline,
            resolver=resolver,
            dialer=dialer,
            trust=trust,
            max_keepalive_connections=0,
        )

    def get(self, url: str, *, most: int) -> bytes | None:
        """The content at the address, or None."""
        if not self._free.acquire(blocking=False):
            return None
        try:
            self._deadline.at = monotonic() + self._total
            return self._read(allowed_target(url), most)
        except (InvalidValue, Blocked, NoName, *_SILENT) as error:
            log.info("a picture was not fetched: %s", type(error).__name__)
            return None
        finally:
            self._free.release()

    def _read(self, target: Target, most: int) -> bytes | None:
        address, host = address_of(target)
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("host", host),
            ("user-agent", AGENT),
            ("accept", "image/*"),
        ]
        timeout = {"connect": self._total, "read": self._total, "write": self._total, "pool": self._total}
        with self._pool.stream("GET", address, headers=sent, extensions={"timeout": timeout}) as response:
            if response.status != 200:
                return None
            content = bytearray()
            for chunk in response.iter_stream():
                content += chunk
                if len(content) > most:
                    return None
            return bytes(content)
