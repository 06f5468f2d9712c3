"""A workflow in which measured shares decide in place of rules. Pure.

The core of the engine moves simulated cases as it moves real ones; only what a rule would answer is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final

from diwan.flow import Table
from diwan.flow.move import Evaluate
from diwan.flow.table import Branch, Step
from diwan.rules.verdict import Verdict

_EACH: Final = "each "
_YES, _NO = Verdict(True, {}), Verdict(False, {})


def drawn(table: Table, decisions: Mapping[str, Mapping[str, float]]) -> tuple[Table, list[float]]:
    """The workflow with each condition replaced by a number, and for each number the share with which it holds.

    Of a decision: the share of those that came so far; without measurements its ways are equally frequent. A way of a
    split that has a condition is taken as often as it was, without measurements never. An each opens as many as it did
    on the average (`""`), without measurements one.
    """
    chances: list[float] = []
    steps = dict(table.steps)
    for key, step in table.steps.items():
        if step.kind == "decision":
            steps[key] = _decision(step, decisions.get(key, {}), chances)
        elif step.kind == "split":
            steps[key] = _split(step, decisions.get(key, {}), chances)
        elif step.kind == "each":
            many = decisions.get(key, {}).get("", 1.0)
            steps[key] = replace(step, over=_EACH + _number(chances, many))
    return replace(table, steps=steps), chances


def _number(chances: list[float], share: float) -> str:
    chances.append(share)
    return str(len(chances) - 1)


def _decision(step: Step, counts: Mapping[str, float], chances: list[float]) -> Step:
    ways = [branch.to for branch in step.branches] + ([step.otherwise] if step.otherwise else [])
    weights = _weights(ways, counts)
    branches: list[Branch] = []
    left = sum(weights)
    for branch, weight in zip(step.branches, weights, strict=False):
        share = weight / left if left > 0 else 0.0
        branches.append(Branch(branch.to, when=_number(chances, share)))
        left -= weight
    otherwise = step.otherwise or (step.branches[-1].to if step.branches else None)
    return replace(step, table=None, branches=tuple(branches), otherwise=otherwise)


def _weights(ways: list[str], counts: Mapping[str, float]) -> list[float]:
    """A weight a way; several ways to the same step share what was counted."""
    if not sum(counts.get(to, 0) for to in set(ways)):
        return [1.0] * len(ways)
    return [counts.get(to, 0.0) / ways.count(to) for to in ways]


def _split(step: Step, counts: Mapping[str, float], chances: list[float]) -> Step:
    """Ways with a condition are taken as often as they were, of the times the split was come to (`""`)."""
    whole = counts.get("", 0.0)

    def share(to: str) -> float:
        return min(1.0, counts.get(to, 0.0) / whole) if whole else 0.0

    branches = [
        branch if branch.when is None else Branch(branch.to, when=_number(chances, share(branch.to)))
        for branch in step.branches
    ]
    return replace(step, branches=tuple(branches))


def by_chance(chances: list[float], random: Random) -> Evaluate:
    """What the core asks in place of rules."""

    def evaluate(rule: str, facts: Mapping[str, Any]) -> Verdict:
        if rule.startswith(_EACH):
            many = chances[int(rule.removeprefix(_EACH))]
            return Verdict([str(n) for n in range(int(many) + (random.random() < many % 1))], {})
        return _YES if random.random() < chances[int(rule)] else _NO

    return evaluate
