"""What the product asks of outside systems, as protocols; adapters in `diwan.integrations` fill them, by settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

AnswerStatus = Literal["answered", "not_found", "silent", "malformed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register said: `answered` with data, `not_found`, or nothing usable (`silent`, `malformed`)."""

    status: AnswerStatus
    data: Mapping[str, Any] = field(default_factory=dict)
    asked_at: datetime = field(default_factory=datetime.now)
    took_ms: int = 0


class RegisterClient(Protocol):
    """Asks outside registers. Never raises for an outside fault: silence is an answer."""

    def ask(self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float) -> Answer:
        """The answer of a register within `timeout` seconds."""


RequestStatus = Literal["pending", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class RequestState:
    """How a request to a body that answers later stands; `reference` is ours, `id` theirs, `reason` by language."""

    id: str
    body: str
    reference: str
    status: RequestStatus
    reason: Mapping[str, str] = field(default_factory=dict)
    approval_number: str = ""


class RequestClient(Protocol):
    """Requests to outside bodies that acknowledge at once and answer later. Silence is None, never an exception."""

    def submit(
        self, body: str, *, reference: str, facts: Mapping[str, Any], request_id: str, timeout: float
    ) -> RequestState | None:
        """Send a request; the same reference again is the same request."""

    def poll(self, body: str, identity: str, *, request_id: str, timeout: float) -> RequestState | None:
        """How the request stands now."""
