"""Carrying a position over to another workflow: what may be, what breaks, and why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwan.flow import Completed, Position, Table, Vocabulary, advance, compile_workflow
from diwan.flow.core import start
from diwan.flow.position import Token
from diwan.flow.transplant import Hindrance, Transplant
from tests.flow.definitions import FULL, NAMES, VARIABLES, Run, definition_of, never, renewal_route, table_of
from tests.flow.test_properties import Walk
from tests.flow.test_soundness import TEXT, end, flow, join, split, task


def compiled(definition: Any) -> Table:
    """A workflow that was changed, proven."""
    vocabulary = Vocabulary(variables=VARIABLES, tables={"renewal_route": renewal_route().answers()})
    return compile_workflow(definition, vocabulary=vocabulary)


def paper(authority: str) -> Any:
    """A licence that one of the steps authorises."""
    return {
        "kind": "document", "template": "licence", "authority": f"approval:{authority}", "to": "over", "public": TEXT,
    }  # fmt: skip


def approvals(**steps: Any) -> Table:
    """Two approvals side by side, then a decision, then a signed document."""
    signs = {"to": "paper", "effect": "approve", "step_up": True, "label": TEXT}
    usual = {
        "fork": split("a", "b"), "a": task(done="both"), "b": task(done="both"), "both": join("fork", "decide"),
        "decide": {**task(ok="paper"), "actions": {"ok": signs}}, "paper": paper("decide"), "over": end(),
    }  # fmt: skip
    merged = {key: step for key, step in {**usual, **steps}.items() if step is not None}
    return compile_workflow(flow("fork", **merged))


def codes(old: Table, new: Table, position: Position, **steps: str) -> set[str]:
    """Why the position cannot be carried over."""
    return {found.code for found in Transplant(old, new, steps).carry(position).hindrances}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10**6), st.integers(0, 12))
def test_every_position_goes_over_to_an_equal_workflow_and_stays_as_it_is(
    name: str, seed: int, steps: int
) -> None:
    walk = Walk(table_of(name), seed)
    walk.go(steps)
    carried = Transplant(walk.table, compiled(definition_of(name))).carry(walk.position)
    if walk.position.tokens:
        assert carried.position == walk.position and not carried.hindrances
    else:
        assert carried.position is None


def test_open_branches_keep_their_counters_and_come_together_under_new_names() -> None:
    old = approvals()
    new = approvals(fork=split("law", "b"), a=None, law=task(done="both"))
    position = start(old, {}, never).position
    assert codes(old, new, position) == {"gone"}
    carried = Transplant(old, new, {"a": "law"}).carry(position).position
    assert carried is not None and [token.step for token in carried.tokens] == ["law", "b"]
    assert [token.id for token in carried.tokens] == [token.id for token in position.tokens]
    for token in carried.tokens:
        carried = advance(new, carried, Completed(token.id, "done"), {}, never).position
    assert [token.step for token in carried.tokens] == ["decide"]


def test_what_breaks_is_told_by_its_reason() -> None:
    old = approvals()
    position = start(old, {}, never).position
    alone = compile_workflow(flow("a", a=task(done="b"), b=task(done="over"), over=end()))
    assert codes(old, alone, position) == {"split"}
    asked = {"done": {"to": "both", "label": TEXT}}
    other = approvals(a={"kind": "outside", "entity": "x", "public": TEXT, "actions": asked})
    assert codes(old, other, position) == {"kind"}
    # Left of the split at the same two steps, their join would never see its branches.
    loose = Position(tuple(Token(token.id, token.step) for token in position.tokens), (), position.next_id)
    assert codes(old, old, loose) == {"stuck"}


def test_nothing_goes_out_without_the_approval_that_the_new_workflow_asks_for() -> None:
    old = approvals()
    at_paper = Position((Token(1, "paper"),), (), 5)
    assert Transplant(old, approvals()).carry(at_paper).position is not None
    approve = {"to": "paper", "effect": "approve", "step_up": True, "label": TEXT}
    new = approvals(
        decide=task(ok="head"), head={**task(ok="paper"), "actions": {"ok": approve}}, paper=paper("head")
    )
    assert codes(old, new, at_paper) == {"meaning", "approval"}
    assert not codes(old, new, Position((Token(1, "decide"),), (), 5))


def test_a_licence_under_way_goes_over_to_a_changed_workflow() -> None:
    run = Run("cl-002", FULL)
    run.event(Completed(1, "clear"))
    changed = definition_of("cl-002")
    changed["steps"]["opinion"] = changed["steps"].pop("supervising_body")
    for branch in changed["steps"]["approvals"]["branches"]:
        branch["to"] = branch["to"].replace("supervising_body", "opinion")
    for name in ("withdraw", "cancel"):
        allowed = changed.get(name, {}).get("allowed_in")
        if allowed:
            changed[name]["allowed_in"] = [step.replace("supervising_body", "opinion") for step in allowed]
    new = compiled(changed)
    way = Transplant(run.table, new, {"supervising_body": "opinion"})
    carried = way.carry(run.position)
    assert carried.position is not None, carried.hindrances
    assert sorted(token.step for token in carried.position.tokens) == ["civil_defence", "opinion"]
    assert Transplant(run.table, new).carry(run.position).hindrances == (
        Hindrance("gone", "supervising_body", "supervising_body"),
    )


def test_the_proof_is_made_once_for_cases_that_stand_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    old = approvals()
    way = Transplant(old, approvals())
    asked: list[Position] = []

    def proof(_table: Table, position: Position) -> None:
        asked.append(position)

    monkeypatch.setattr("diwan.flow.transplant.flaw_from", proof)
    for number in range(1, 6):
        way.carry(Position((Token(number, "decide"),), (), number + 1))
    assert len(asked) == 1
