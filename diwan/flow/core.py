"""The pure core: position + event -> new position + effects. No I/O, no clock, no randomness.

`evaluate(rule, facts)` answers the CEL text of a branch, or "table:" and the name of a decision table, with a
`diwan.rules.Verdict`. The caller decides who may cause an event and when something is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.flow.effects import Notify
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
from diwan.flow.move import Evaluate, Move
from diwan.flow.position import NO_DATA, Outcome, Position
from diwan.flow.table import OTHERWISE, PAID, RESUBMITTED, Exit, Step, Table

_DIRECT = frozenset({
    "automatic", "task", "visit", "outside", "document", "applicant", "choice", "party", "vote", "chain", "child",
})  # fmt: skip

_OF_A_TOKEN = (Completed, Expired, Paid, Message)


def start(table: Table, facts: Mapping[str, Any], evaluate: Evaluate) -> Outcome:
    """Open a case: the first position and what to do. ``facts`` are the variables of the rules, by name."""
    before = Position()
    move = Move(table, before, facts, evaluate)
    move.next_id = 2
    move.enter(1, table.start, (), NO_DATA)
    return move.finish(before)


def advance(
    table: Table, position: Position, event: Event, facts: Mapping[str, Any], evaluate: Evaluate
) -> Outcome:
    """Move a case by one event.

    Raises `FlowError` when the event does not fit; the position given is never changed.
    """
    move = Move(table, position, facts, evaluate)
    if isinstance(event, _OF_A_TOKEN):
        token = position.token(event.token)
        if token is None:
            raise FlowError("flow.unknown_token" if position.tokens else "flow.ended", token=event.token)
        move.leave(token, _exit(table.steps[token.step], event))
    elif isinstance(event, Signed):
        token = position.token(event.token)
        if token is None:
            raise FlowError("flow.unknown_token" if position.tokens else "flow.ended", token=event.token)
        if table.steps[token.step].kind != "chain":
            raise FlowError("flow.wrong_event", step=token.step)
        move.climb(token)
    else:
        _overrule(move, position, event)
    return move.finish(position)


def _overrule(move: Move, position: Position, event: Withdrawn | Cancelled | Intervened | Reopened) -> None:
    """What moves the whole case, wherever it stands."""
    table = move.table
    if isinstance(event, Reopened):
        _reopen(move, position, event)
    elif not position.tokens:
        raise FlowError("flow.ended")
    elif isinstance(event, Withdrawn):
        rule = table.withdraw
        if rule is None or not _allowed(position, rule.allowed_in):
            raise FlowError("flow.withdraw_not_allowed")
        move.close_all()
        _restart(move, rule.to)
    elif isinstance(event, Cancelled):
        ruling = table.cancel
        if ruling is None or not _allowed(position, ruling.allowed_in):
            raise FlowError("flow.cancel_not_allowed")
        move.close_all()
        _restart(move, ruling.to)
    else:
        _intervene(move, position, event)


def _exit(step: Step, event: Completed | Expired | Paid | Message) -> Exit:
    """The exit of ``step`` that the event takes."""
    kind = step.kind
    if isinstance(event, Completed):
        if kind not in _DIRECT or (kind == "applicant" and event.outcome != RESUBMITTED):
            raise FlowError("flow.wrong_event", step=step.key)
        outcome = event.outcome
    elif isinstance(event, Expired):
        if step.on_expired is None:
            raise FlowError("flow.wrong_event", step=step.key)
        outcome = step.on_expired
    elif isinstance(event, Paid):
        if kind != "payment":
            raise FlowError("flow.wrong_event", step=step.key)
        outcome = PAID
    else:
        if kind != "wait" or event.name != step.message:
            raise FlowError("flow.wrong_event", step=step.key)
        outcome = event.name
    found = step.exits.get(outcome)
    if found is None and kind == "child":
        found = step.exits.get(OTHERWISE)
    if found is None:
        raise FlowError("flow.unknown_outcome", step=step.key, outcome=outcome)
    return found


def _allowed(position: Position, steps: tuple[str, ...]) -> bool:
    """Whether every token stands at one of ``steps`` (none named: anywhere)."""
    return not steps or all(token.step in steps for token in position.tokens)


def _intervene(move: Move, position: Position, event: Intervened) -> None:
    rule = move.table.interventions.get(event.name)
    if rule is None or not _allowed(position, rule.allowed_in):
        raise FlowError("flow.intervention_not_allowed", name=event.name)
    move.close_all()
    for template in rule.notices:
        move.effects.append(Notify(template, rule.to))
    _restart(move, rule.to)


def _restart(move: Move, to: str) -> None:
    """Bring a fresh token to ``to`` after everything was closed."""
    token_id = move.next_id
    move.next_id += 1
    move.enter(token_id, to, (), NO_DATA)


def _reopen(move: Move, position: Position, event: Reopened) -> None:
    rule = move.table.reopen
    if position.end is None or position.tokens or rule is None:
        raise FlowError("flow.reopen_not_allowed")
    if event.to not in rule.to or (rule.ends and position.end not in rule.ends):
        raise FlowError("flow.reopen_not_allowed")
    move.end = None
    move.returns = 0
    _restart(move, event.to)
