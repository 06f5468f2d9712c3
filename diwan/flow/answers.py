"""What the rules of a move read of the exits taken before: `outcomes.<step>`, and inside an each `answered.<step>`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diwan.flow.effects import Decided
from diwan.flow.graph import inside
from diwan.flow.position import Outcome
from diwan.flow.table import ITEM, Table

Answered = Mapping[str, Sequence[str]]


def taken(
    outcomes: Mapping[str, str], answered: Answered, *, step: str, outcome: str, data: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Sequence[str]]]:
    """Outcomes and answers once a token with this data leaves the step by an exit."""
    kept = dict(answered)
    if ITEM in data:
        kept[step] = [*answered.get(step, ()), outcome]
    return {**outcomes, step: outcome}, kept


def still_answered(table: Table, answered: Answered, outcome: Outcome) -> dict[str, Sequence[str]]:
    """The answers after a move: an each that opens again begins its list of answers anew."""
    kept = dict(answered)
    for effect in outcome.effects:
        if kept and isinstance(effect, Decided) and table.steps[effect.step].kind == "each":
            again = inside(table, effect.step)
            kept = {step: answers for step, answers in kept.items() if step not in again}
    return kept
