"""Properties over random walks, on the shop licence and on generated workflows."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diwan.flow import (
    CloseTask,
    End,
    FlowError,
    OpenTask,
    PauseClock,
    Position,
    ResumeClock,
    SetState,
    Table,
    WorkflowError,
    advance,
    compile_workflow,
    standing,
    start,
)
from diwan.flow.soundness import _events
from diwan.rules import Verdict
from tests.flow.definitions import NAMES, table_of
from tests.flow.test_soundness import end, join, task

FEW = settings(max_examples=60, deadline=None)


def lists(table: Table) -> set[str | None]:
    """The rules that give lists."""
    return {step.over for step in table.steps.values() if step.over is not None}


class Walk:
    """A random walk that checks every move."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table = table
        self.random = random.Random(seed)
        self.open: dict[int, str] = {}
        self.ids: set[int] = set()
        self.position = Position()
        self.running = True

    def evaluate(self, rule: str, facts: Any) -> Verdict:
        if rule.startswith("table:"):
            return Verdict(self.random.choice(["instant", "visit", "review"]), {})
        if rule in lists(self.table):
            return Verdict(["ENV", "PLN", "HLT"][: self.random.randrange(4)], {})
        return Verdict(self.random.random() < 0.5, {})

    def go(self, steps: int) -> list[Any]:
        trace = [self.checked(start(self.table, {}, self.evaluate))]
        for _ in range(steps):
            events = list(_events(self.table, self.position))
            if not events:
                break
            _label, event = self.random.choice(events)
            trace.append(self.checked(advance(self.table, self.position, event, {}, self.evaluate)))
        return trace

    def checked(self, outcome: Any) -> Any:
        for effect in outcome.effects:
            if isinstance(effect, OpenTask):
                assert effect.token not in self.open
                assert self.table.steps[effect.step].kind == effect.kind
                self.open[effect.token] = effect.step
            elif isinstance(effect, CloseTask):
                assert self.open.pop(effect.token) == effect.step
            elif isinstance(effect, PauseClock):
                assert self.running
                self.running = False
            elif isinstance(effect, ResumeClock):
                assert not self.running
                self.running = True
        position = self.position = outcome.position
        assert self.open == {token.id: token.step for token in position.tokens}
        assert (position.end is None) == bool(position.tokens)
        assert [e for e in outcome.effects if isinstance(e, End)] == (
            [] if position.tokens else [End(position.end, self.table.steps[position.end].state)]
        )
        frames = [frame for token in position.tokens for frame in token.frames]
        for opened in position.joins:
            inside = frames.count(opened.id)
            assert inside >= 1 and opened.arrived < opened.expected
        assert set(frames) <= {opened.id for opened in position.joins}
        assert all(number < position.next_id for number in (*self.open, *frames))
        assert Position.from_json(position.to_json()) == position
        now = standing(self.table, position)
        assert self.running is not now.paused
        told = [e for e in outcome.effects if isinstance(e, SetState)]
        assert not told or told == [SetState(now.state, now.holder, now.step)]
        return outcome


@FEW
@given(st.sampled_from(NAMES), st.integers(0, 2**32))
def test_tokens_are_never_lost_or_doubled(name: str, seed: int) -> None:
    Walk(table_of(name), seed).go(60)


@FEW
@given(st.sampled_from(NAMES), st.integers(0, 2**32))
def test_the_same_events_give_the_same_position_and_effects(name: str, seed: int) -> None:
    assert Walk(table_of(name), seed).go(40) == Walk(table_of(name), seed).go(40)


def can_end(table: Table, position: Position) -> bool:
    """Whether an end can be reached, by searching with random answers from here."""
    seen: set[str] = set()
    todo = [position]
    while todo:
        here = todo.pop()
        if not here.tokens:
            return True
        key = str(sorted((token.step, str(dict(token.data))) for token in here.tokens)) + str(here.returns)
        if key in seen:
            continue
        seen.add(key)
        for _label, event in _events(table, here):
            for answer in (False, True):
                value = {False: "instant", True: "review"}[answer]

                def evaluate(rule: str, facts: Any, answer: bool = answer, value: str = value) -> Verdict:
                    if rule in lists(table):
                        return Verdict(["ENV", "PLN"] if answer else [], {})
                    return Verdict(value if rule.startswith("table:") else answer, {})

                todo.append(advance(table, here, event, {}, evaluate).position)
    return False


@FEW
@given(st.sampled_from(NAMES), st.integers(0, 2**32), st.integers(0, 25))
def test_every_position_reached_can_end(name: str, seed: int, length: int) -> None:
    walk = Walk(table_of(name), seed)
    walk.go(length)
    assert can_end(walk.table, walk.position)


shapes = st.recursive(
    st.just("task"),
    lambda inner: st.one_of(
        st.tuples(st.just("row"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("either"), inner, inner),
        st.tuples(st.just("each"), inner),
        st.tuples(st.just("all"), st.lists(st.tuples(st.booleans(), inner), min_size=1, max_size=3)),
    ),
    max_leaves=7,
)


class Draw:
    """A block-structured workflow from a shape."""

    def __init__(self) -> None:
        self.steps: dict[str, Any] = {}
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def block(self, shape: Any, to: str) -> str:
        """Build ``shape`` leading to ``to``; the key of its first step."""
        key = self.name()
        if shape == "task":
            self.steps[key] = task(ok=to, again=key)
        elif shape[0] == "row":
            for part in reversed(shape[1]):
                to = self.block(part, to)
            return to
        elif shape[0] == "either":
            first, second = self.block(shape[1], to), self.block(shape[2], to)
            branches = [{"when": f"c_{key}", "to": first}]
            self.steps[key] = {"kind": "decision", "branches": branches, "otherwise": second}
        elif shape[0] == "each":
            gather = self.name()
            self.steps[gather] = join(key, to)
            self.steps[key] = {"kind": "each", "over": f"l_{key}", "to": self.block(shape[1], gather)}
        else:
            gather = self.name()
            self.steps[gather] = join(key, to)
            branches = []
            for sometimes, part in shape[1]:
                branch = {"to": self.block(part, gather)}
                if sometimes:
                    branch["when"] = f"if_{branch['to']}"
                branches.append(branch)
            self.steps[key] = {"kind": "split", "branches": branches}
        return key

    def definition(self, shape: Any) -> dict[str, Any]:
        self.steps["finish"] = end()
        return {"key": "drawn", "start": self.block(shape, "finish"), "steps": self.steps}


@FEW
@given(shapes, st.integers(0, 2**32))
def test_every_block_structured_workflow_is_sound_and_runs(shape: Any, seed: int) -> None:
    definition = Draw().definition(shape)
    try:
        table = compile_workflow(definition)
    except WorkflowError as error:
        assert {fault.code for fault in error.faults} == {"flow.each_inside"}
        return
    walk = Walk(table, seed)
    walk.go(120)
    assert can_end(table, walk.position)


@settings(max_examples=150, deadline=None)
@given(shapes, st.integers(0, 2**32), st.data())
def test_a_workflow_bent_at_random_is_refused_or_runs(shape: Any, seed: int, data: st.DataObject) -> None:
    """The proof has no holes: what it lets pass never breaks on any walk tried."""
    definition = Draw().definition(shape)
    tasks = sorted(key for key, step in definition["steps"].items() if step["kind"] == "task")
    bent = data.draw(st.sampled_from(tasks))
    to = data.draw(st.sampled_from(sorted(definition["steps"])))
    definition["steps"][bent]["actions"]["ok"]["to"] = to
    try:
        table = compile_workflow(definition)
    except WorkflowError:
        return
    try:
        walk = Walk(table, seed)
        walk.go(80)
    except FlowError as error:
        raise AssertionError(f"passed the proof and broke: {error}") from error
    assert can_end(table, walk.position)
