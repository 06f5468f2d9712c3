"""Questions to registers: an answer is found, not found, silent or malformed, and never an exception."""

import logging
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
from django.conf import settings

from diwan.integrations.registers.connection import Silent, connection
from diwan.kit import clock
from diwan.kit.ports import Answer, AnswerStatus

log = logging.getLogger("diwan.registers")
#: A register's answer is a page of text at most.
LARGEST_ANSWER = 256 * 1024


class HttpRegisters:
    """`GET <registers_url>/v1/<register>?...` with the key in `X-Api-Key` and our request id."""

    def ask(self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float) -> Answer:
        """The record that the query names. `timeout` in seconds holds for the whole question."""
        asked_at, started = clock.now(), time.monotonic()
        status, data = self._ask(register, query, request_id=request_id, timeout=timeout)
        took = int((time.monotonic() - started) * 1000)
        log.info("register=%s request=%s status=%s took=%sms", register, request_id, status, took)
        return Answer(status=status, data=data, asked_at=asked_at, took_ms=took)

    def _ask(
        self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float
    ) -> tuple[AnswerStatus, Mapping[str, Any]]:
        if not settings.DIWAN.registers_url:
            return "silent", {}
        try:
            response = connection().call(
                register,
                "GET",
                f"/v1/{register}",
                request_id=request_id,
                timeout=timeout,
                params={name: _spelled(value) for name, value in query.items() if value not in (None, "")},
            )
        except Silent as error:
            log.warning("register %s is silent: %s (request %s)", register, error, request_id)
            return "silent", {}
        return _read(response, register)


def _spelled(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _read(response: httpx.Response, register: str) -> tuple[AnswerStatus, Mapping[str, Any]]:
    """A record is an object under `record`; "not found" is said by status 404 and `found: false` together."""
    try:
        if len(response.content) > LARGEST_ANSWER:
            raise ValueError("too long")
        body = response.json()
    except ValueError:
        return "malformed", {}
    if not isinstance(body, dict):
        return "malformed", {}
    if response.status_code == 404 and body.get("found") is False:
        return "not_found", {}
    record = body.get("record")
    if (
        response.status_code != 200
        or body.get("found") is not True
        or not isinstance(record, dict)
        or not record
    ):
        return "malformed", {}
    if body.get("register") != register:
        return "malformed", {}
    return "answered", record
