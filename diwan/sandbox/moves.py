"""What was done in a run, as it is kept: one plain mapping a move, without what is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

MOST: Final = 400
"""Moves of one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move.

    `do`: send, act (a step is left by `outcome`), sign (in a chain, not the last signature), message, wait (until the
    day of the step, or a working day without one), withdraw, cancel, intervene and reopen (`outcome` names the ruling,
    or the step). `who` is an employee's code. `checks` are states by code, `votes` choices by employee, `failing` the
    items of a checklist that are not met. `values` and `papers` are the form as it was then, where the move takes it.
    """

    do: str
    step: str = ""
    token: int = 0
    outcome: str = ""
    who: str = ""
    note: str = ""
    reason: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, str] = field(default_factory=dict)
    failing: Sequence[str] = ()
    values: Mapping[str, Any] | None = None
    papers: Sequence[str] | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        whole = {"values", "papers"}  # empty ones mean something
        kept = {
            name: value for name, value in found.items() if value or (name in whole and value is not None)
        }
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Move:
        """The reverse of `to_json`."""
        return cls(**value)
