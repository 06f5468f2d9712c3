"""What the product asks of outside systems, as protocols; adapters in `diwan.integrations` fill them, named in settings."""

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
