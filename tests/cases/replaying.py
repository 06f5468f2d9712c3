"""The history replayed by the core alone: the position that it leads to, to be compared with the rows of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diwan.cases.models import History
from diwan.flow import Position, Table, advance, start
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
from diwan.flow.position import Token
from diwan.flow.table import ISSUED, RESUBMITTED
from diwan.rules import Verdict
from diwan.rules.rulebook import TABLE
from tests.cases.anyhow import EACH

Standing = tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, int, int]], str, int]
_EXPIRED = ("expired", "silence")
_WHOLE: Mapping[str, type[Withdrawn] | type[Cancelled]] = {"withdrawn": Withdrawn, "cancelled": Cancelled}


def replayed(table: Table, rows: Iterable[History]) -> Position:
    """The position after all acts of a history, oldest first; what rules decided is taken from it too."""
    position = Position()
    for act, decided in _acts(rows):
        answers = _answers(table, decided)

        def evaluate(rule: str, facts: Any, answers: Mapping[str, Any] = answers) -> Verdict:
            return Verdict(answers.get(rule, False), {})

        if act.act == "opened":
            position = start(table, {}, evaluate).position
        else:
            event = _event(table, position, act)
            if event is not None:
                position = advance(table, position, event, {}, evaluate).position
    return position


def _acts(rows: Iterable[History]) -> list[tuple[History, list[History]]]:
    """Each act with the decisions that it led to, which stand after it."""
    found: list[tuple[History, list[History]]] = []
    for row in rows:
        if row.act == "decided":
            found[-1][1].append(row)
        else:
            found.append((row, []))
    return found


def _answers(table: Table, decided: Sequence[History]) -> dict[str, Any]:
    """What the rules of a move have answered: the branch that was taken was true, those before it were not."""
    answers: dict[str, Any] = {}
    for row in decided:
        step = table.steps[row.step]
        why = row.why or {}
        if step.table is not None:
            answers[TABLE + step.table] = next(
                (branch.value for branch in step.branches if branch.to == row.outcome), None
            )
        elif step.kind == "each":
            answers[why["rule"]] = why["inputs"][EACH]
        elif why.get("rule") and why["rule"] != "returns":
            answers[why["rule"]] = True
    return answers


def _event(table: Table, position: Position, row: History) -> Event | None:
    if row.act in _WHOLE:
        return _WHOLE[row.act]()
    if row.act == "intervened":
        return Intervened(row.outcome)
    if row.act == "reopened":
        return Reopened(row.step)
    token = next((token for token in position.tokens if token.step == row.step), None)
    if token is None or row.act in (
        "claimed",
        "assigned",
        "released",
        "escalated",
        "noted",
        "voted",
        "excused",
    ):
        return None
    return _on_token(table, token, row)


def _on_token(table: Table, token: Token, row: History) -> Event:
    kind = table.steps[token.step].kind
    if row.act == "signed":
        return Signed(token.id)
    if row.act in _EXPIRED:
        return Expired(token.id)
    if kind == "payment":
        return Paid(token.id)
    if kind == "wait":
        return Message(token.id, row.outcome)
    own = {"applicant": RESUBMITTED, "document": ISSUED}
    return Completed(token.id, own.get(kind, row.outcome))


def standing_of(position: Position) -> Standing:
    """A position without the numbers of its tokens: what waits where inside which splits, counters, end, returns."""
    splits = {join.id: join.split for join in position.joins}
    return (
        sorted((token.step, tuple(splits[frame] for frame in token.frames)) for token in position.tokens),
        sorted((join.split, join.expected, join.arrived) for join in position.joins),
        position.end or "" if not position.tokens else "",
        position.returns,
    )
