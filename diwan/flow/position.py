"""Where a case stands: tokens and join counters. Named tuples: they are made at every step, and a frozen dataclass
takes three times as long to make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diwan.flow.effects import Effect
from diwan.flow.table import Table

_OTHERS = frozenset({"us", "entity"})

NO_DATA: Mapping[str, Any] = {}


class Token(NamedTuple):
    """A token waiting at a step.

    ``id`` is kept while it moves; ``frames`` are the ids of the open splits it is inside, outermost first; ``data`` is
    small and JSON-able (``origin``: the step that returned the case to the applicant).
    """

    id: int
    step: str
    frames: tuple[int, ...] = ()
    data: Mapping[str, Any] = NO_DATA


class Join(NamedTuple):
    """An open split: how many tokens its join expects and has seen. ``id`` stands in the tokens' ``frames``."""

    id: int
    split: str
    expected: int
    arrived: int


class Position(NamedTuple):
    """Where a case stands. No token: it has ended at the step ``end``."""

    tokens: tuple[Token, ...] = ()
    joins: tuple[Join, ...] = ()
    next_id: int = 1
    returns: int = 0
    end: str | None = None

    def token(self, token_id: int) -> Token | None:
        """The token with this id, or None."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        return None

    def to_json(self) -> dict[str, Any]:
        """A plain JSON-able picture, for tests and diagnosis (storage is rows)."""
        return {
            "tokens": [[t.id, t.step, list(t.frames), dict(t.data)] for t in self.tokens],
            "joins": [[j.id, j.split, j.expected, j.arrived] for j in self.joins],
            "next_id": self.next_id,
            "returns": self.returns,
            "end": self.end,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Position:
        """The reverse of `to_json`."""
        return cls(
            tokens=tuple(Token(i, step, tuple(frames), data) for i, step, frames, data in value["tokens"]),
            joins=tuple(Join(*row) for row in value["joins"]),
            next_id=value["next_id"],
            returns=value["returns"],
            end=value["end"],
        )


class Outcome(NamedTuple):
    """The answer of `start` and `advance`."""

    position: Position
    effects: tuple[Effect, ...]


class Standing(NamedTuple):
    """The one public answer about a position: state, holder, the step whose text is shown, whether the clock rests."""

    state: str
    holder: str
    step: str
    paused: bool


def standing(table: Table, position: Position) -> Standing:
    """What the citizen reads.

    With several tokens: one that waits for the applicant or payer comes first (they can act), then the one that moved
    last. The clock rests only when every token's step says so: while anybody else works, time counts against us.
    """
    tokens = position.tokens
    if not tokens:
        end = table.steps[position.end or table.start]
        return Standing(end.state, end.holder, end.key, True)
    steps = table.steps
    if len(tokens) == 1:
        only = steps[tokens[0].step]
        return Standing(only.state, only.holder, only.key, only.paused)
    if len({token.step for token in tokens}) == 1:
        only = steps[tokens[0].step]
        return Standing(only.state, only.holder, only.key, only.paused)
    shown = None
    paused = True
    for token in tokens:
        step = steps[token.step]
        if not step.paused:
            paused = False
        if (
            shown is None
            or shown.holder == "us"
            or shown.holder == "entity"
            or step.holder in ("applicant", "payer")
        ):
            shown = step
    assert shown is not None
    return Standing(shown.state, shown.holder, shown.key, paused)


def returns_left(table: Table, position: Position) -> int | None:
    """How often the case can still be returned to the applicant; None without a limit, 0: the next one ends it."""
    return None if table.returns is None else max(0, table.returns.most - position.returns)
