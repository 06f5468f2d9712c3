"""`diwan.api.open311.ports.Fetcher` over the guarded connections by which webhooks go out."""

from __future__ import annotations

import logging
import ssl
import threading
from time import monotonic
from typing import Final

import httpcore
from django.conf import settings

from diwan.integrations.webhooks.connection import (
    Blocked,
    Deadline,
    GuardedBackend,
    NoName,
    Resolver,
    resolve,
)
from diwan.kit.errors import InvalidValue
from diwan.kit.outward import Target, read_target

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
        config = settings.DIWAN
        self._ports: tuple[int, ...] = config.webhooks_ports
        self._loopback: bool = config.demo_loopback_webhooks
        self._total = total
        self._deadline = Deadline()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_keepalive_connections=0,
            network_backend=GuardedBackend(
                ports=self._ports,
                loopback=self._loopback,
                deadline=self._deadline,
                resolver=resolver,
                dialer=dialer,
            ),
        )

    def get(self, url: str, *, most: int) -> bytes | None:
        """The content at the address, or None."""
        if not self._free.acquire(blocking=False):
            return None
        try:
            self._deadline.at = monotonic() + self._total
            return self._read(read_target(url, ports=self._ports, loopback=self._loopback), most)
        except (InvalidValue, Blocked, NoName, *_SILENT) as error:
            log.info("a picture was not fetched: %s", type(error).__name__)
            return None
        finally:
            self._free.release()

    def _read(self, target: Target, most: int) -> bytes | None:
        address = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        name = f"[{target.host}]" if ":" in target.host else target.host
        usual = 443 if target.scheme == "https" else 80
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("host", name if target.port == usual else f"{name}:{target.port}"),
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
