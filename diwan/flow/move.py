"""One move in the making: how tokens leave, travel through routing steps, and arrive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diwan.flow.effects import (
    CloseTask,
    Decided,
    Effect,
    End,
    IssueDocument,
    Notify,
    OpenChild,
    OpenTask,
    PauseClock,
    RequestBill,
    ResumeClock,
    RunAct,
    SetState,
)
from diwan.flow.errors import FlowError
from diwan.flow.position import NO_DATA, Join, Outcome, Position, Token, standing
from diwan.flow.table import ITEM, ORIGIN, ROUTING, SIGNED, Exit, Step, Table, Text
from diwan.rules.rulebook import TABLE
from diwan.rules.verdict import Verdict

Evaluate = Callable[[str, Mapping[str, Any]], Verdict]

TABLE_RULE = TABLE
MAX_HOPS = 200
"""Routing steps passed in one move before it is called endless."""
MAX_TOKENS = 400
"""Open branches of one case."""
RUNG = "rung"
"""In a token's data at a chain: how many signatures it has."""


class Move:
    """One move in the making: mutable working copies, never seen outside `diwan.flow.core`."""

    __slots__ = (
        "effects",
        "end",
        "evaluate",
        "facts",
        "hops",
        "joins",
        "next_id",
        "returns",
        "table",
        "tokens",
    )

    def __init__(
        self, table: Table, position: Position, facts: Mapping[str, Any], evaluate: Evaluate
    ) -> None:
        self.table = table
        self.tokens = list(position.tokens)
        self.joins = list(position.joins)
        self.next_id = position.next_id
        self.returns = position.returns
        self.end = position.end
        self.effects: list[Effect] = []
        self.facts = facts
        self.evaluate = evaluate
        self.hops = 0

    def finish(self, before: Position) -> Outcome:
        """The new position, with the changes of state and clock since ``before`` added to the effects."""
        after = Position(tuple(self.tokens), tuple(self.joins), self.next_id, self.returns, self.end)
        now = standing(self.table, after)
        if before.tokens or before.end is not None:
            was = standing(self.table, before)
            if now.state != was.state or now.holder != was.holder or now.step != was.step:
                self.effects.append(SetState(now.state, now.holder, now.step))
            if now.paused != was.paused:
                self.effects.append(PauseClock(now.step) if now.paused else ResumeClock(now.step))
        else:
            self.effects.append(SetState(now.state, now.holder, now.step))
            if now.paused:
                self.effects.append(PauseClock(now.step))
        if after.end is not None and not after.tokens:
            self.effects.append(End(after.end, now.state))
        return Outcome(after, tuple(self.effects))

    def close(self, token: Token, outcome: str | None) -> None:
        """Take the token off its step."""
        self.tokens.remove(token)
        self.effects.append(CloseTask(token.id, token.step, self.table.steps[token.step].kind, outcome))

    def close_all(self) -> None:
        """Take every token off, and forget the open splits."""
        for token in tuple(self.tokens):
            self.close(token, None)
        self.joins.clear()

    def cancel_split(self, token: Token, split: str) -> tuple[int, ...]:
        """Close the other tokens inside the open ``split`` around ``token``; the frames left to it."""
        for depth, frame in enumerate(token.frames):
            if any(join.id == frame and join.split == split for join in self.joins):
                inner = {frame}
                for other in tuple(self.tokens):
                    if frame in other.frames:
                        inner.update(other.frames[depth:])
                        self.close(other, None)
                inner.update(token.frames[depth:])
                self.joins = [join for join in self.joins if join.id not in inner]
                return token.frames[:depth]
        return token.frames

    def leave(self, token: Token, exit_: Exit) -> None:
        """Take the token out by an exit and on to wherever that leads."""
        self.close(token, exit_.key)
        frames = token.frames
        for split in exit_.cancels:
            frames = self.cancel_split(Token(token.id, token.step, frames), split)
        for template in exit_.notices:
            self.effects.append(Notify(template, token.step))
        to, data = exit_.to, NO_DATA
        if ITEM in token.data and (not exit_.cancels or self.inside_each(frames)):
            data = {ITEM: token.data[ITEM]}
        if to == ORIGIN:
            to = token.data.get(ORIGIN, "")
            if to not in self.table.steps:
                raise FlowError("flow.unsound", step=token.step)
        elif exit_.effect == "return":
            limit = self.table.returns
            self.returns += 1
            if limit is not None and self.returns > limit.most:
                inputs = {"returns": self.returns - 1}
                self.effects.append(Decided(token.step, limit.to, 0, "returns", inputs, why=limit.why))
                to = limit.to
            else:
                data = {**data, ORIGIN: token.step}
        self.enter(token.id, to, frames, data)

    def inside_each(self, frames: tuple[int, ...]) -> bool:
        """Whether one of the open splits is an each."""
        return any(join.id in frames and self.table.steps[join.split].kind == "each" for join in self.joins)

    def climb(self, token: Token) -> None:
        """The next post above is asked to sign at the same step."""
        self.close(token, SIGNED)
        step = self.table.steps[token.step]
        data = {**token.data, RUNG: token.data.get(RUNG, 0) + 1}
        self.tokens.append(Token(token.id, token.step, token.frames, data))
        self.effects.append(OpenTask(token.id, step.key, step.kind))

    def knowing(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The variables of the rules for a token: inside an each with what it is for."""
        return {**self.facts, ITEM: data[ITEM]} if ITEM in data else self.facts

    def enter(self, token_id: int, to: str, frames: tuple[int, ...], data: Mapping[str, Any]) -> None:
        """Bring the token to step ``to``, through any routing steps."""
        steps = self.table.steps
        while True:
            step = steps[to]
            if step.kind not in ROUTING:
                break
            self.hops += 1
            if self.hops > MAX_HOPS:
                raise FlowError("flow.endless", step=to)
            if step.kind == "decision":
                to = self.decide(step, self.knowing(data))
            elif step.kind == "join":
                arrived = self.join(step, frames)
                if arrived is None:
                    return
                if ITEM in data and steps[step.of or ""].kind == "each":
                    data = NO_DATA
                frames, to = arrived, step.next or ""
            else:
                each = step.kind == "each"
                taken = self.instances(step) if each else self.branches(step, data)
                if taken:
                    self.split(step, taken, token_id, frames)
                    return
                to = steps[self.table.joins[to]].next or ""
        if step.kind == "end":
            self.finish_at(step, frames)
            return
        if len(self.tokens) >= MAX_TOKENS:
            raise FlowError("flow.too_many_tokens", step=to)
        self.tokens.append(Token(token_id, to, frames, data))
        self.announce(token_id, step)

    def announce(self, token_id: int, step: Step) -> None:
        """The effects of a token's arrival at a waiting step."""
        effects = self.effects
        kind = step.kind
        effects.append(OpenTask(token_id, step.key, kind, step.same_officer))
        if kind == "automatic":
            effects.append(RunAct(token_id, step.act or ""))
        elif kind == "payment":
            effects.append(RequestBill(token_id))
        elif kind == "document":
            effects.append(IssueDocument(token_id, step.template or "", step.authority))
        elif kind == "child":
            effects.append(OpenChild(token_id, step.service or "", step.passes))
        for template in step.notices:
            effects.append(Notify(template, step.key))

    def decide(self, step: Step, facts: Mapping[str, Any]) -> str:
        """The branch that the rules choose, recorded with its reason."""
        if step.table is not None:
            rule = TABLE_RULE + step.table
            verdict = self.evaluate(rule, facts)
            for index, branch in enumerate(step.branches):
                if branch.value == verdict.value:
                    return self.decided(step, branch.to, index, verdict, branch.why, rule)
            if step.otherwise is None:
                raise FlowError("flow.no_branch", step=step.key)
            return self.decided(step, step.otherwise, -1, verdict, step.otherwise_why, rule)
        read: dict[str, Any] = {}
        for index, branch in enumerate(step.branches):
            verdict = self.evaluate(branch.when or "true", facts)
            if verdict.value is True:
                return self.decided(step, branch.to, index, verdict, branch.why, branch.when)
            read.update(verdict.inputs)
        if step.otherwise is None:
            raise FlowError("flow.no_branch", step=step.key)
        return self.decided(step, step.otherwise, -1, Verdict(False, read), step.otherwise_why, None)

    def decided(
        self, step: Step, to: str, index: int, verdict: Verdict, why: Text | None, rule: str | None
    ) -> str:
        """Note which branch was taken, and why."""
        self.effects.append(Decided(step.key, to, index, rule, verdict.inputs, verdict.fired, why))
        return to

    def branches(self, step: Step, data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """The branches of a split that apply: (first step, the token's data)."""
        kept = {ITEM: data[ITEM]} if ITEM in data else NO_DATA
        taken = []
        for index, branch in enumerate(step.branches):
            if branch.when is not None:
                verdict = self.evaluate(branch.when, self.knowing(data))
                if verdict.value is not True:
                    continue
                self.decided(step, branch.to, index, verdict, branch.why, branch.when)
            taken.append((branch.to, kept))
        return taken

    def instances(self, step: Step) -> list[tuple[str, Mapping[str, Any]]]:
        """One for each of the list, in its order, each once: (first step, the token's data)."""
        verdict = self.evaluate(step.over or "", self.facts)
        to = step.next or ""
        self.decided(step, to, 0, verdict, None, step.over)
        return [(to, {ITEM: value}) for value in dict.fromkeys(verdict.value)]

    def split(
        self,
        step: Step,
        taken: Sequence[tuple[str, Mapping[str, Any]]],
        token_id: int,
        frames: tuple[int, ...],
    ) -> None:
        """Open the branches given; the first of them keeps the token's id."""
        for join in self.joins:
            if join.split == step.key and join.id in frames:
                raise FlowError("flow.split_in_itself", step=step.key)
        frame = self.next_id
        self.next_id += 1
        self.joins.append(Join(frame, step.key, len(taken), 0))
        inside = (*frames, frame)
        for number, (to, data) in enumerate(taken):
            if number:
                token_id = self.next_id
                self.next_id += 1
            self.enter(token_id, to, inside, data)
            if self.end is not None:
                break

    def join(self, step: Step, frames: tuple[int, ...]) -> tuple[int, ...] | None:
        """Count an arrival; the frames to go on with when it was the last, else None."""
        frame = frames[-1] if frames else 0
        for number, join in enumerate(self.joins):
            if join.id == frame and join.split == step.of:
                if join.arrived + 1 < join.expected:
                    self.joins[number] = Join(frame, join.split, join.expected, join.arrived + 1)
                    return None
                del self.joins[number]
                return frames[:-1]
        raise FlowError("flow.join_without_split", step=step.key)

    def finish_at(self, step: Step, frames: tuple[int, ...]) -> None:
        """The token has come to an end step."""
        if step.terminates:
            self.close_all()
        elif self.tokens or self.joins or frames:
            raise FlowError("flow.tokens_left", step=step.key)
        self.end = step.key
        for template in step.notices:
            self.effects.append(Notify(template, step.key))
