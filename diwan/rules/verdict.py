"""What an evaluation answers: the value, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """The answer of one evaluation with its explanation.

    ``value`` is the plain result; ``inputs`` the values the rule has read, by name, JSON-able;
    ``fired`` the ids of the decision-table rows that held (empty for an expression).
    """

    value: Any
    inputs: Mapping[str, Any]
    fired: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The explanation as stored with an automatic act."""
        return {"value": self.value, "inputs": dict(self.inputs), "fired": list(self.fired)}
