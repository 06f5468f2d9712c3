"""Random walks of every packaged workflow, step by step beside another engine that runs the diagram of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from diwan.catalogue.compiled import CompiledService
from diwan.flow import Completed, Event, Expired, Message, Paid, Position, Table, advance, start
from diwan.flow.position import returns_left
from diwan.flow.table import PAID
from diwan.rules import Verdict
from tests.bpmn.oracle import Oracle
from tests.catalogue.conftest import packaged, services  # noqa: F401  fixtures
from tests.catalogue.test_procedures import _slugs
from tests.conftest import Some

WALKS, STEPS = 8, 40


class Walk:
    """One case in both engines, with rules that answer at random, anew for each event."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table, self.random = table, random.Random(seed)
        self._answers: dict[str, Any] = {}
        self.oracle = Oracle(table, self._rule, self._answer)
        self.trail = ["start"]
        self.position = start(table, {}, self._evaluate).position
        self.agree()

    def _rule(self, text: str) -> bool:
        """Never into an `each`: a sheet knows no number of instances (they are walked in `flow/test_several.py`)."""
        steps = self.table.steps
        branches = [branch for step in steps.values() for branch in step.branches]
        if any(branch.when == text and steps[branch.to].kind == "each" for branch in branches):
            return False
        return bool(self._answers.setdefault(text, self.random.random() < 0.5))

    def _answer(self, name: str) -> str:
        values = [
            branch.value
            for step in self.table.steps.values()
            if step.table == name
            for branch in step.branches
            if branch.value is not None
        ]
        return str(self._answers.setdefault(f"table:{name}", self.random.choice(values)))

    def _evaluate(self, rule: str, facts: Mapping[str, Any]) -> Verdict:
        if rule.startswith("table:"):
            return Verdict(self._answer(rule.removeprefix("table:")), {})
        if any(step.over == rule for step in self.table.steps.values()):
            return Verdict(
                ["RDS"], {}
            )  # on the sheet a gateway with one way out: several are `flow/test_several.py`
        return Verdict(self._rule(rule), {})

    def agree(self) -> None:
        """Both stand at the same steps, or have both ended."""
        ours = sorted(token.step for token in self.position.tokens)
        assert self.oracle.standing() == ours, " > ".join(self.trail)
        assert self.oracle.ended == (not ours), " > ".join(self.trail)

    def go(self) -> bool:
        """One event in both; False at the end."""
        choices = list(_events(self.table, self.position))
        if not choices:
            return False
        step, outcome, event = self.random.choice(choices)
        self._answers.clear()
        self.trail.append(f"{step}.{outcome}")
        self.position = advance(self.table, self.position, event, {}, self._evaluate).position
        if isinstance(event, Expired):
            self.oracle.late(step)
        else:
            self.oracle.complete(step, outcome)
        self.agree()
        return True


def _events(table: Table, position: Position) -> list[tuple[str, str, Event]]:
    """What can happen next and is drawn: not what closes other branches, nor a return beyond the limit."""
    found: list[tuple[str, str, Event]] = []
    for token in position.tokens:
        step = table.steps[token.step]
        for outcome, exit_ in step.exits.items():
            beyond = exit_.effect == "return" and returns_left(table, position) == 0
            if (
                exit_.cancels
                or beyond
                or (table.steps.get(exit_.to, step).terminates and len(position.tokens) > 1)
            ):
                continue
            if outcome == step.on_expired:
                if step.deadline is not None:
                    found.append((step.key, outcome, Expired(token.id)))
                if step.kind not in ("task", "visit", "outside", "party", "vote"):
                    continue
            if step.kind == "payment":
                found.append((step.key, "on_paid" if outcome == PAID else outcome, Paid(token.id)))
            elif step.kind == "wait":
                found.append((step.key, outcome, Message(token.id, outcome)))
            else:
                found.append((step.key, outcome, Completed(token.id, outcome)))
    return found


@pytest.mark.parametrize("slug", _slugs())
def test_both_engines_agree_at_every_step(
    slug: str,
    services: dict[str, CompiledService],  # noqa: F811
    some_of: Some[int],
) -> None:
    table = services[slug].flow
    ends = set()
    for seed in some_of(range(WALKS)):
        walk = Walk(table, seed)
        for _ in range(STEPS):
            if not walk.go():
                break
        ends.add(walk.position.end)
    assert ends - {None}
