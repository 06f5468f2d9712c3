"""Choices of the applicant, rulings over the whole case, deadlines and departments that the case decides."""

from __future__ import annotations

from typing import Any

import pytest

from diwan.flow import (
    CloseTask,
    Completed,
    Expired,
    FlowError,
    Intervened,
    Notify,
    Table,
    Vocabulary,
    WorkflowError,
    advance,
    compile_workflow,
    from_json,
    start,
    to_json,
)
from diwan.rules import CelType, Verdict

VARIABLES = {"facts.hours": CelType.DOUBLE, "facts.unit": CelType.STRING, "facts.department": CelType.STRING}


def text(words: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"ar": words, "en": words}


def definition(**changed: Any) -> dict[str, Any]:
    """Work, then the applicant says whether it is done; whoever is in charge may hold it."""
    steps = {
        "work": {
            "kind": "task", "role": "ROLE-A", "department_from": "facts.department", "public": text("work"),
            "actions": {"done": {"to": "asked", "label": text("done")}},
        },
        "asked": {
            "kind": "choice", "public": text("is it?"), "deadline": {"amount": 7, "unit": "elapsed_hours"},
            "on_late": "closed",
            "actions": {"yes": {"to": "closed", "label": text("yes")}, "no": {"to": "work", "label": text("no")}},
        },
        "held": {
            "kind": "task", "role": "ROLE-B", "clock": "paused", "public": text("held"),
            "actions": {"go": {"to": "work", "label": text("go")}},
        },
        "closed": {"kind": "end", "state": "closed", "public": text("closed")},
    }  # fmt: skip
    return {
        "key": "w", "start": "work", "steps": steps,
        "deadline": {"amount": "int(facts.hours)", "unit": "facts.unit"},
        "interventions": {
            "hold": {"to": "held", "roles": ["ROLE-B"], "label": text("hold"), "allowed_in": ["work"],
                     "reason": "required", "may_change": ["kind"], "notices": ["HELD"]},
        },
        **changed,
    }  # fmt: skip


def table(**changed: Any) -> Table:
    """The compiled definition, checked against what exists."""
    vocabulary = Vocabulary(
        variables=VARIABLES, roles={"ROLE-A", "ROLE-B"}, fields={"kind"}, notices={"HELD"}, reasons=set()
    )
    return compile_workflow(definition(**changed), vocabulary=vocabulary)


def never(rule: str, facts: Any) -> Verdict:
    """No rule is asked here."""
    raise AssertionError(rule)


def test_the_applicant_chooses_and_time_chooses_the_late_way() -> None:
    compiled = table()
    asked = advance(compiled, start(compiled, {}, never).position, Completed(1, "done"), {}, never)
    (token,) = asked.position.tokens
    assert (token.step, compiled.steps["asked"].holder, compiled.steps["asked"].paused) == (
        "asked",
        "applicant",
        True,
    )
    again = advance(compiled, asked.position, Completed(token.id, "no"), {}, never)
    assert again.position.tokens[0].step == "work"
    assert advance(compiled, asked.position, Expired(token.id), {}, never).position.end == "closed"
    with pytest.raises(FlowError):
        advance(compiled, asked.position, Completed(token.id, "perhaps"), {}, never)


def test_a_ruling_closes_what_is_open_and_opens_its_step() -> None:
    compiled = table()
    before = start(compiled, {}, never).position
    held = advance(compiled, before, Intervened("hold"), {}, never)
    assert [one.step for one in held.position.tokens] == ["held"]
    assert CloseTask(1, "work", "task", None) in held.effects
    assert Notify("HELD", "held") in held.effects
    for event, position in ((Intervened("hold"), held.position), (Intervened("nothing"), before)):
        with pytest.raises(FlowError, match="stands"):
            advance(compiled, position, event, {}, never)


def test_what_the_case_decides_is_kept_and_type_checked() -> None:
    compiled = table()
    assert from_json(to_json(compiled)) == compiled
    assert set(compiled.expressions()) == {
        ("int(facts.hours)", "int"), ("facts.unit", "string"), ("facts.department", "string"),
    }  # fmt: skip
    for changed in (
        {"deadline": {"amount": "int(facts.hours)", "unit": "facts.hours"}},
        {"deadline": {"amount": 5, "unit": "facts.unit"}},
        {"deadline": {"amount": "int(facts.hours)", "unit": "hours"}},
        {"interventions": {"hold": {"to": "nowhere", "roles": ["ROLE-B"], "label": text("hold")}}},
        {"interventions": {"hold": {"to": "held", "roles": ["ROLE-C"], "label": text("hold")}}},
        {"interventions": {"hold": {"to": "held", "label": text("hold")}}},
    ):
        with pytest.raises(WorkflowError):
            table(**changed)


def test_a_step_reached_by_a_ruling_alone_must_lead_to_an_end() -> None:
    stuck = definition()["steps"] | {
        "held": {
            "kind": "task", "role": "ROLE-B", "public": text("held"),
            "actions": {"stay": {"to": "held", "label": text("stay")}},
        }
    }  # fmt: skip
    with pytest.raises(WorkflowError) as found:
        table(steps=stuck)
    assert "flow.stuck" in {fault.code for fault in found.value.faults}
