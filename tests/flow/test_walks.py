"""The three shop licence procedures, walked through the core."""

from __future__ import annotations

from typing import Any

import pytest

from diwan.flow import (
    Cancelled,
    CloseTask,
    Completed,
    Decided,
    End,
    Event,
    Expired,
    FlowError,
    IssueDocument,
    Message,
    Notify,
    OpenTask,
    Paid,
    PauseClock,
    Reopened,
    RequestBill,
    ResumeClock,
    RunAct,
    SetState,
    Withdrawn,
    returns_left,
    standing,
)
from tests.flow.definitions import FULL, QUIET, Run


def only(effects: Any, kind: Any) -> list[Any]:
    """The effects of one kind."""
    return [effect for effect in effects if isinstance(effect, kind)]


def done(run: Run, *moves: tuple[str, str]) -> None:
    """Complete a row of (step, outcome)."""
    for step, outcome in moves:
        run.event(Completed(run.at(step), outcome))


def test_a_licence_with_approvals_goes_to_its_end() -> None:
    run = Run("cl-002", FULL)
    assert run.effects == [
        OpenTask(1, "checks", "automatic"),
        RunAct(1, "checks.registers"),
        SetState("under_review", "us", "checks"),
    ]
    run.event(Completed(1, "clear"))
    assert run.steps == ["civil_defence", "supervising_body"]
    done(run, ("civil_defence", "approve"))
    assert run.steps == ["supervising_body"]
    done(run, ("supervising_body", "approve"), ("visit", "pass"), ("review", "forward"))
    done(run, ("section_head", "approve"))
    assert run.steps == ["head"]
    effects = run.event(Completed(run.at("head"), "approve"))
    assert only(effects, RequestBill) and only(effects, PauseClock)
    assert only(effects, Notify) == [Notify("INVOICE", "payment")]
    effects = run.event(Paid(run.at("payment")))
    token = run.at("licence")
    assert only(effects, IssueDocument) == [
        IssueDocument(token, "DOC-SHOP-LICENCE", ("head", "section_head"))
    ]
    effects = run.event(Completed(token, "issued"))
    assert effects[-1] == End("issued", "issued")
    assert run.position.end == "issued" and not run.position.tokens and not run.position.joins


def test_no_branch_applies_and_the_split_is_passed() -> None:
    run = Run("cl-002")
    effects = run.event(Completed(1, "clear"))
    assert run.steps == ["review"] and not run.position.joins
    why = only(effects, Decided)
    assert [(found.step, found.to, found.index) for found in why] == [("visit_needed", "review", -1)]
    assert why[0].inputs == {"facts.risk": "low", "form.area": 80.0}
    assert why[0].why.en == "No visit is needed."


def test_a_decision_tells_rule_inputs_and_reason() -> None:
    run = Run("cl-002", {**QUIET, "form": {"area": 301}})
    decided = only(run.event(Completed(1, "clear")), Decided)
    assert decided[-1].rule == "facts.risk == 'high' || form.area > 300.0"
    assert decided[-1].inputs == {"facts.risk": "low", "form.area": 301}
    assert decided[-1].why.ar.startswith("درجة الخطورة")


def test_a_return_pauses_the_clock_and_comes_back_to_the_same_officer() -> None:
    run = Run("cl-002")
    run.event(Completed(1, "clear"))
    effects = run.event(Completed(1, "return"))
    assert run.steps == ["completion"] and run.position.tokens[0].data == {"origin": "review"}
    assert SetState("returned", "applicant", "completion") in effects
    assert PauseClock("completion") in effects
    effects = run.event(Completed(1, "resubmitted"))
    assert OpenTask(1, "review", "task", same_officer=True) in effects
    assert ResumeClock("review") in effects
    assert run.position.tokens[0].data == {}


def test_a_return_beyond_the_limit_ends_the_case_and_says_why() -> None:
    run = Run("cl-002")
    run.event(Completed(1, "clear"))
    for left in (2, 1, 0):
        run.event(Completed(1, "return"))
        run.event(Completed(1, "resubmitted"))
        assert returns_left(run.table, run.position) == left
    effects = run.event(Completed(1, "return"))
    assert run.position.end == "rejected"
    assert only(effects, Decided)[0].why.en.startswith("The request was returned three times")


def test_the_clock_runs_while_anybody_but_the_applicant_works() -> None:
    run = Run("cl-002", FULL)
    run.event(Completed(1, "clear"))
    effects = run.event(Completed(run.at("civil_defence"), "incomplete"))
    assert not only(effects, PauseClock)
    assert standing(run.table, run.position).state == "returned"
    effects = run.event(Completed(run.at("supervising_body"), "approve"))
    assert only(effects, PauseClock)


def test_silence_acts_by_its_rule() -> None:
    run = Run("cl-002", FULL)
    run.event(Completed(1, "clear"))
    token = run.at("civil_defence")
    effects = run.event(Expired(token))
    assert effects[0] == CloseTask(token, "civil_defence", "outside", "approve")
    with pytest.raises(FlowError) as refused:
        run.event(Expired(run.at("supervising_body")))
    assert refused.value.code == "flow.wrong_event"


def test_a_refusal_in_one_branch_closes_the_other() -> None:
    run = Run("cl-002", FULL)
    run.event(Completed(1, "clear"))
    other = run.at("supervising_body")
    effects = run.event(Completed(run.at("civil_defence"), "refuse"))
    assert CloseTask(other, "supervising_body", "outside", None) in effects
    assert run.position.end == "rejected" and not run.position.joins


def test_the_bill_expires() -> None:
    run = Run("cl-001")
    run.event(Completed(1, "clear"))
    run.event(Expired(1))
    assert run.position.end == "expired"


def test_a_silent_register_sends_the_instant_licence_to_an_officer() -> None:
    run = Run("cl-001")
    run.event(Completed(1, "manual"))
    assert run.steps == ["manual_check"]
    run.event(Completed(1, "confirm"))
    run.event(Paid(1))
    assert IssueDocument(1, "DOC-SHOP-LICENCE", ()) in run.effects
    run.event(Completed(1, "issued"))
    assert run.position.end == "issued"


def test_withdrawal_closes_everything() -> None:
    run = Run("cl-002", FULL)
    run.event(Completed(1, "clear"))
    effects = run.event(Withdrawn())
    assert {effect.step for effect in only(effects, CloseTask)} == {"civil_defence", "supervising_body"}
    assert all(effect.outcome is None for effect in only(effects, CloseTask))
    assert run.position.end == "withdrawn" and effects[-1] == End("withdrawn", "withdrawn")


def test_withdrawal_is_refused_while_the_document_is_issued() -> None:
    run = Run("cl-001")
    run.event(Completed(1, "clear"))
    run.event(Paid(1))
    with pytest.raises(FlowError) as refused:
        run.event(Withdrawn())
    assert refused.value.code == "flow.withdraw_not_allowed"


def test_cancellation_and_reopening() -> None:
    run = Run("cl-002")
    run.event(Cancelled())
    assert run.position.end == "cancelled"
    with pytest.raises(FlowError) as refused:
        run.event(Reopened("review"))
    assert refused.value.code == "flow.reopen_not_allowed"

    run = Run("cl-002")
    run.event(Completed(1, "clear"))
    run.event(Completed(1, "reject"))
    effects = run.event(Reopened("review"))
    assert run.steps == ["review"] and run.position.end is None
    assert run.position.tokens[0].id != 1
    assert ResumeClock("review") in effects
    with pytest.raises(FlowError):
        run.event(Reopened("review"))


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({"form": {"changed": False}, "facts": {"days_expired": 0}}, "payment"),
        ({"form": {"changed": False}, "facts": {"days_expired": 366}}, "visit"),
        ({"form": {"changed": True}, "facts": {"days_expired": 0}}, "review"),
    ],
)
def test_the_renewal_is_routed_by_its_decision_table(facts: Any, step: str) -> None:
    run = Run("cl-003", facts)
    effects = run.event(Completed(1, "clear"))
    assert run.steps == [step]
    assert only(effects, Decided)[0].rule == "table:renewal_route"
    assert only(effects, Decided)[0].fired


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Completed(9, "clear"), "flow.unknown_token"),
        (Completed(1, "nothing"), "flow.unknown_outcome"),
        (Paid(1), "flow.wrong_event"),
        (Expired(1), "flow.wrong_event"),
        (Message(1, "hello"), "flow.wrong_event"),
        (Reopened("review"), "flow.reopen_not_allowed"),
    ],
)
def test_an_event_that_does_not_fit_is_refused(event: Event, code: str) -> None:
    run = Run("cl-002")
    before = run.position
    with pytest.raises(FlowError) as refused:
        run.event(event)
    assert refused.value.code == code
    assert run.position == before


def test_an_ended_case_takes_no_event() -> None:
    run = Run("cl-001")
    run.event(Withdrawn())
    for event in (Completed(1, "clear"), Withdrawn(), Cancelled()):
        with pytest.raises(FlowError) as refused:
            run.event(event)
        assert refused.value.code == "flow.ended"
