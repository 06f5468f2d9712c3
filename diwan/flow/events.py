"""What can happen to a position. Who may cause it, and when it is late, is decided by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Completed:
    """A person acted, an automatic act ended or a document was issued: the token leaves by ``outcome``."""

    token: int
    outcome: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expired:
    """The deadline of the token's step has passed and the step says that this moves the case."""

    token: int


@dataclass(frozen=True, slots=True)
class Paid:
    """The bill of the token's payment step is paid."""

    token: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message for which the token's `wait` step waits has arrived."""

    token: int
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature of the token's chain that is not the last one: the same step waits for the next post above."""

    token: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The applicant withdraws the whole."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The organisation cancels the whole."""


@dataclass(frozen=True, slots=True)
class Intervened:
    """A ruling over the whole case that the workflow names."""

    name: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """An ended case is opened again at step ``to``."""

    to: str


Event = Completed | Expired | Paid | Message | Signed | Withdrawn | Cancelled | Intervened | Reopened
