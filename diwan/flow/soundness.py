"""The proof: walks every position that the workflow can reach, with the same core that moves real cases.

Conditions are treated as free: each may be true or false whenever it is asked (one text answers the same within one
move). So a workflow found sound is sound whatever the facts are. Found wanting: a move that breaks (a join without its
split, an end beside an open branch, an endless circle), a position from which no end can be reached, a step or a join
that no case ever reaches. More positions than `MAX_STATES` is a refusal, not a pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from diwan.flow.core import advance, start
from diwan.flow.effects import Decided
from diwan.flow.errors import FlowError
from diwan.flow.events import (
    Cancelled,
    Completed,
    Event,
    Expired,
    Intervened,
    Message,
    Paid,
    Reopened,
    Signed,
    Withdrawn,
)
from diwan.flow.move import TABLE_RULE
from diwan.flow.position import Join, Outcome, Position, Token
from diwan.flow.reader import Reader
from diwan.flow.table import ITEM, ORIGIN, PAID, Cancel, Intervention, Step, Table, Withdraw
from diwan.rules.verdict import Verdict

MAX_STATES = 20_000
"""Positions explored before publishing is refused."""
MAX_MOVES = 200_000
"""Moves tried before publishing is refused (many conditions at one split multiply them)."""

_PROBE = "join "


class _Chooser:
    """Answers rules from a script of choices and remembers how many choices each had."""

    def __init__(self, answers: Mapping[str, tuple[Any, ...]]) -> None:
        self.answers = answers
        self.script: list[int] = []
        self.asked: list[int] = []
        self.memory: dict[str, Verdict] = {}

    def __call__(self, rule: str, facts: Mapping[str, Any]) -> Verdict:
        known = self.memory.get(rule)
        if known is None:
            values = self.answers.get(rule, (False, True))
            turn = len(self.asked)
            if turn == len(self.script):
                self.script.append(0)
            self.asked.append(len(values))
            known = self.memory[rule] = Verdict(values[self.script[turn]], facts)
        return known

    def next(self) -> bool:
        """Turn to the next script; False when all were tried."""
        del self.script[len(self.asked) :]
        while self.script and self.script[-1] + 1 == self.asked[len(self.script) - 1]:
            self.script.pop()
        if not self.script:
            return False
        self.script[-1] += 1
        self.asked, self.memory = [], {}
        return True


class _Walk:
    def __init__(self, table: Table) -> None:
        self.table = _probed(table)
        self.answers = _answers(table)
        self.seen: dict[Position, tuple[Position | None, str]] = {}
        self.back: dict[Position, list[Position]] = {}
        self.visited: set[str] = set()
        self.broken: dict[tuple[str, str], tuple[FlowError, Position | None, str]] = {}
        self.todo: deque[Position] = deque()
        self.tried = 0

    def moves(self, position: Position | None, event: Event | None, label: str) -> None:
        """Make one move in every way the rules can answer."""
        chooser = _Chooser(self.answers)
        while self.tried <= MAX_MOVES:
            self.tried += 1
            try:
                if position is None or event is None:
                    outcome = start(self.table, {}, chooser)
                else:
                    outcome = advance(self.table, position, event, {}, chooser)
            except FlowError as error:
                self.broken.setdefault(
                    (error.code, str(error.params.get("step", ""))), (error, position, label)
                )
            else:
                self.arrive(outcome, position, label)
            if not chooser.next():
                return

    def arrive(self, outcome: Outcome, before: Position | None, label: str) -> None:
        for effect in outcome.effects:
            if type(effect) is Decided:
                self.visited.add(effect.step)
        after = _canonical(self.table, outcome.position)
        self.visited.update(token.step for token in after.tokens)
        self.visited.update(join.split for join in after.joins)
        if after.end is not None:
            self.visited.add(after.end)
        if after not in self.seen:
            self.seen[after] = (before, label)
            self.back[after] = []
            self.todo.append(after)
        if before is not None:
            self.back[after].append(before)

    def explored(self) -> bool:
        """Follow everything that can happen; False when there is too much of it."""
        while self.todo:
            position = self.todo.popleft()
            for label, event in _events(self.table, position):
                self.moves(position, event, label)
            if len(self.seen) > MAX_STATES or self.tried > MAX_MOVES:
                return False
        return True

    def stuck(self) -> Position | None:
        """The first position found from which no end can be reached."""
        fine: set[Position] = set()
        todo = [position for position in self.seen if position.end is not None and not position.tokens]
        while todo:
            position = todo.pop()
            if position not in fine:
                fine.add(position)
                todo.extend(self.back[position])
        return next((position for position in self.seen if position not in fine), None)

    def trail(self, position: Position | None, last: str = "") -> tuple[str, ...]:
        """How a case comes to ``position``."""
        steps = [last] if last else []
        while position is not None:
            position, label = self.seen[position]
            steps.append(label)
        return tuple(reversed(steps))


def check_soundness(reader: Reader, table: Table) -> None:
    """Explore the workflow and note what is unsound."""
    walk = _Walk(table)
    walk.moves(None, None, "start")
    if not walk.explored():
        reader.fault("flow.too_many_states", ("steps",), most=MAX_STATES)
        return
    for (_code, step), (error, before, label) in walk.broken.items():
        path = ("steps", step) if step in table.steps else ("steps",)
        reader.fault(
            "flow.broken",
            path,
            name=step,
            reason=error.problem,
            trail=walk.trail(before, label),
        )
    _stuck(reader, walk)
    if not reader.faults:
        _missed(reader, table, walk)


def flaw_from(table: Table, position: Position) -> str | None:
    """What is unsound about going on from a position that this workflow did not bring about itself: the code of a fault
    (`flow.broken`, `flow.stuck`, `flow.too_many_states`), or None when an end can be reached whatever happens."""
    walk = _Walk(table)
    walk.arrive(Outcome(position, ()), None, "here")
    if not walk.explored():
        return "flow.too_many_states"
    if walk.broken:
        return "flow.broken"
    return "flow.stuck" if walk.stuck() is not None else None


def same_place(table: Table, position: Position) -> Position:
    """The position without what makes no difference to where it can go: equal for cases that stand alike."""
    return _canonical(table, position)


def _stuck(reader: Reader, walk: _Walk) -> None:
    position = walk.stuck()
    if position is not None:
        names = " + ".join(token.step for token in position.tokens)
        path = ("steps", position.tokens[0].step) if position.tokens else ("steps",)
        reader.fault("flow.stuck", path, name=names, trail=walk.trail(position))


def _missed(reader: Reader, table: Table, walk: _Walk) -> None:
    """Steps and joins that no case reaches."""
    for key, step in table.steps.items():
        if step.kind == "join":
            if _PROBE + key not in walk.visited:
                reader.fault("flow.join_never", ("steps", key), name=key)
        elif step.kind not in ("split", "each") and key not in walk.visited:
            reader.fault("flow.unreachable", ("steps", key), name=key)


def _probed(table: Table) -> Table:
    """The same workflow with a trivial decision behind each join, which tells that it fired."""
    steps = dict(table.steps)
    for key, step in table.steps.items():
        if step.kind == "join":
            steps[_PROBE + key] = Step(_PROBE + key, "decision", otherwise=step.next)
            steps[key] = replace(step, next=_PROBE + key)
    return replace(table, steps=steps)


def _answers(table: Table) -> dict[str, tuple[Any, ...]]:
    """What each decision table can answer: the values named, and another one when every asker has an otherwise."""
    found: dict[str, dict[Any, None]] = {}
    closed: set[str] = set()
    for step in table.steps.values():
        if step.table is not None:
            rule = TABLE_RULE + step.table
            found.setdefault(rule, {}).update(dict.fromkeys(branch.value for branch in step.branches))
            if step.otherwise is None:
                closed.add(rule)
    lists = {step.over: ((), ("1",), ("1", "2")) for step in table.steps.values() if step.over is not None}
    return {
        **{rule: (*values, *(() if rule in closed else (None,))) for rule, values in found.items()},
        **lists,
    }


def _events(table: Table, position: Position) -> Iterator[tuple[str, Event]]:
    """Everything that can happen to a position, each with a label for the trail."""
    if not position.tokens:
        rule = table.reopen
        if rule is not None and (not rule.ends or position.end in rule.ends):
            for to in rule.to:
                yield f"reopened:{to}", Reopened(to)
        return
    for token in position.tokens:
        step = table.steps[token.step]
        for outcome in step.exits:
            yield f"{token.step}:{outcome}", _event(step, token, outcome)
        if step.kind == "chain":
            yield f"{token.step}:signed", Signed(token.id)
    places = [token.step for token in position.tokens]
    whole: list[tuple[str, Event, Withdraw | Cancel | Intervention | None]] = [
        ("withdrawn", Withdrawn(), table.withdraw),
        ("cancelled", Cancelled(), table.cancel),
        *((name, Intervened(name), rule) for name, rule in table.interventions.items()),
    ]
    for label, event, allowed in whole:
        if allowed is not None and (
            not allowed.allowed_in or all(place in allowed.allowed_in for place in places)
        ):
            yield label, event


def _event(step: Step, token: Token, outcome: str) -> Event:
    if step.kind in ("applicant", "choice", "payment", "wait") and outcome == step.on_expired:
        return Expired(token.id)
    if step.kind == "payment" and outcome == PAID:
        return Paid(token.id)
    if step.kind == "wait":
        return Message(token.id, outcome)
    return Completed(token.id, outcome)


def _canonical(table: Table, position: Position) -> Position:
    """The same position with tokens in a fixed order and ids that do not grow."""
    splits = {join.id: join.split for join in position.joins}
    ordered = sorted(
        position.tokens,
        key=lambda token: (
            token.step,
            str(token.data.get(ORIGIN, "")),
            [splits.get(f, "") for f in token.frames],
            token.frames,
        ),
    )
    frames: dict[int, int] = {}
    for token in ordered:
        for frame in token.frames:
            frames.setdefault(frame, len(frames) + 1)
    for join in position.joins:
        frames.setdefault(join.id, len(frames) + 1)
    first = len(frames) + 1
    tokens = tuple(
        Token(first + number, token.step, tuple(frames[f] for f in token.frames), _origin(token))
        for number, token in enumerate(ordered)
    )
    joins = tuple(
        sorted(
            (Join(frames[j.id], j.split, j.expected, j.arrived) for j in position.joins), key=lambda j: j.id
        )
    )
    limit = table.returns
    returns = min(position.returns, limit.most + 1) if limit is not None and tokens else 0
    return Position(tokens, joins, first + len(tokens), returns, position.end if not tokens else None)


class _Data(dict[str, Any]):
    """Token data that can be a key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def _origin(token: Token) -> _Data:
    """What of a token's data decides where it can go: the step that returned it, and whether it is one of several."""
    found = {ORIGIN: token.data[ORIGIN]} if ORIGIN in token.data else {}
    return _Data({**found, ITEM: ""} if ITEM in token.data else found)
