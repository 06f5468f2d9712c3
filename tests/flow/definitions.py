"""Reads the workflows beside the tests, with places, and runs them with fixed answers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from diwan.flow import Event, Outcome, Position, Table, Vocabulary, advance, compile_workflow, start
from diwan.rules import CelType, DecisionTable, Rulebook, Verdict, compile_table

FOLDER = Path(__file__).parent / "workflows"
NAMES = ("cl-001", "cl-002", "cl-003", "offices")
VARIABLES = {
    "form.civil_defence_needed": CelType.BOOL,
    "form.supervisor": CelType.STRING,
    "form.area": CelType.DOUBLE,
    "form.changed": CelType.BOOL,
    "facts.risk": CelType.STRING,
    "facts.days_expired": CelType.INT,
    "form.offices": CelType.STRINGS,
    "form.place": CelType.MAP,
    "form.starts": CelType.DATE,
    "item": CelType.STRING,
    "today": CelType.DATE,
}
RENEWAL_ROUTE = {
    "key": "renewal_route",
    "inputs": {
        "changed": {"type": "bool", "from": "form.changed"},
        "expired": {"type": "int", "from": "facts.days_expired", "min": 0},
    },
    "outputs": {"route": {"type": "string", "values": ["instant", "review", "visit"]}},
    "rules": [
        {"id": "same", "when": {"changed": False, "expired": "<= 365"}, "then": {"route": "instant"}},
        {"id": "long", "when": {"expired": "> 365"}, "then": {"route": "visit"}},
    ],
    "otherwise": {"route": "review"},
}
QUIET = {"form": {"area": 80.0, "supervisor": "", "civil_defence_needed": False}, "facts": {"risk": "low"}}
FULL = {
    "form": {"area": 80.0, "supervisor": "sfda", "civil_defence_needed": True},
    "facts": {"risk": "high"},
}


@functools.cache
def text_of(name: str) -> str:
    """The YAML of a workflow."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def definition_of(name: str) -> Any:
    """A fresh plain definition."""
    return YAML(typ="safe").load(text_of(name))


def renewal_route() -> DecisionTable:
    """The decision table of the renewal."""
    return compile_table(RENEWAL_ROUTE, VARIABLES)


@functools.cache
def table_of(name: str) -> Table:
    """A compiled workflow."""
    vocabulary = Vocabulary(variables=VARIABLES, tables={"renewal_route": renewal_route().answers()})
    return compile_workflow(definition_of(name), vocabulary=vocabulary)


@functools.cache
def rulebook_of(name: str) -> Rulebook:
    """The rules of a workflow."""
    return Rulebook(VARIABLES, table_of(name).expressions(), [renewal_route()])


class Run:
    """A case in memory: its position and every effect so far."""

    def __init__(self, name: str, facts: Mapping[str, Any] = QUIET) -> None:
        self.table = table_of(name)
        self.facts = facts
        self.evaluate = rulebook_of(name).evaluate
        self.position = Position()
        self.effects: list[Any] = []
        self.take(start(self.table, facts, self.evaluate))

    def take(self, outcome: Outcome) -> tuple[Any, ...]:
        """Apply an outcome; its effects."""
        self.position = outcome.position
        self.effects.extend(outcome.effects)
        return outcome.effects

    def event(self, event: Event) -> tuple[Any, ...]:
        """Advance by one event; its effects."""
        return self.take(advance(self.table, self.position, event, self.facts, self.evaluate))

    def at(self, step: str) -> int:
        """The id of the token at ``step``."""
        return next(token.id for token in self.position.tokens if token.step == step)

    @property
    def steps(self) -> list[str]:
        """Where the tokens stand, in order of name."""
        return sorted(token.step for token in self.position.tokens)


def never(rule: str, facts: Mapping[str, Any]) -> Verdict:
    """Answers every rule with false."""
    return Verdict(False, {})
