"""The connection to the gateway of the registers: kept open, cut off for a while when it fails again and again."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from diwan.health.calls import note_call
from diwan.kit.breaker import Breaker


class Silent(Exception):
    """No usable answer came; the text says why, for the log and the officer's page."""


@dataclass(slots=True)
class Connection:
    """One HTTP client for all threads of this process, one breaker for each register."""

    http: httpx.Client
    breakers: dict[str, Breaker] = field(default_factory=lambda: defaultdict(Breaker))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self,
        register: str,
        method: str,
        path: str,
        *,
        request_id: str,
        timeout: float,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        idempotency_key: str = "",
    ) -> httpx.Response:
        """One request within `timeout` seconds. Raises Silent for no answer, a server error or an open circuit."""
        with self._lock:
            breaker = self.breakers[register]
        if not breaker.may_try():
            raise Silent("left alone after several failures")
        headers = {"X-Request-Id": request_id}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        try:
            limits = httpx.Timeout(timeout, pool=timeout)
            response = self.http.request(
                method, path, params=params, json=body, headers=headers, timeout=limits
            )
        except httpx.HTTPError as error:
            self._failed(register, type(error).__name__)
            raise Silent(type(error).__name__) from error
        if response.status_code >= 500 or response.status_code in (401, 403, 429):
            self._failed(register, f"HTTP {response.status_code}")
            raise Silent(f"HTTP {response.status_code}")
        breaker.succeeded()
        note_call(connector_name(register), ok=True, breaker=breaker)
        return response

    def _failed(self, register: str, why: str) -> None:
        breaker = self.breakers[register]
        breaker.failed()
        note_call(connector_name(register), ok=False, error=why, breaker=breaker)


def connector_name(register: str) -> str:
    """The name under which the health of a register, or of a body that answers later, is kept."""
    return register.replace("/", ".") if register.startswith("requests/") else f"registers.{register}"


@cache
def connection() -> Connection:
    """The connection of this process, made on first use from the settings."""
    config = settings.DIWAN
    return Connection(
        httpx.Client(
            base_url=config.registers_url,
            headers={"X-Api-Key": config.registers_key, "Accept": "application/json"},
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=30),
            follow_redirects=False,
        )
    )
