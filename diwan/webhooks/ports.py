"""What the sending of a webhook asks of HTTP; the adapter in `diwan.integrations` fills it, by `WEBHOOK_SENDER`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP `status`, or 0 and the code of what went wrong.

    Codes: `silent` (no connection or no answer in time), `no_name` (the name leads nowhere), `tls`, `blocked` (the name
    leads to an address that is not open), `malformed`. `retry_after`: seconds for which the receiver asks to be spared.
    """

    status: int
    error: str = ""
    retry_after: float | None = None
    took_ms: int = 0


Signed = Callable[[], Mapping[str, str]]


class Sender(Protocol):
    """Posts to addresses that partners have given. Never raises for an outside fault; safe for threads."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """The receiver's answer, within the sender's own limits of time and size; a redirect is not followed."""


@cache
def sender() -> Sender:
    """The sender of this process."""
    made: Sender = import_string(settings.WEBHOOK_SENDER)()
    return made
