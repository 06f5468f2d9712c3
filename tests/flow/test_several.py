"""Several instances of a step, a case inside a case, a chain of signatures, and a wait for a day."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from diwan.flow import (
    CloseTask,
    Completed,
    Decided,
    Expired,
    FlowError,
    Message,
    OpenChild,
    OpenTask,
    Signed,
    Vocabulary,
    Withdrawn,
    WorkflowError,
    advance,
    compile_workflow,
    from_json,
    start,
    to_json,
)
from diwan.rules import Verdict
from tests.flow.definitions import VARIABLES, Run, definition_of, table_of
from tests.flow.test_soundness import end, flow, join, split, task


def facts(*offices: str) -> dict[str, Any]:
    form = {"offices": list(offices), "area": 80.0, "place": {}, "starts": date(2027, 1, 3)}
    return {"form": form, "today": date(2026, 11, 29)}


def each(to: str) -> Any:
    return {"kind": "each", "over": "form.offices", "to": to}


def test_one_token_for_each_of_the_list_and_each_once() -> None:
    run = Run("offices", facts("ENV", "PLN", "ENV", "HLT"))
    assert [(token.step, dict(token.data)) for token in run.position.tokens] == [
        ("opinion", {"item": "ENV"}), ("opinion", {"item": "PLN"}), ("opinion", {"item": "HLT"}),
    ]  # fmt: skip
    told = next(effect for effect in run.effects if isinstance(effect, Decided))
    assert (told.rule, told.inputs) == ("form.offices", {"form.offices": ["ENV", "PLN", "ENV", "HLT"]})
    run.event(Completed(run.position.tokens[0].id, "agree"))
    run.event(Completed(run.position.tokens[0].id, "look"))
    assert run.steps == ["opinion", "opinion_head"], "a rule inside knows what its token is for"
    assert run.position.tokens[-1].data == {"item": "PLN"}
    run.event(Completed(run.position.tokens[0].id, "agree"))
    run.event(Completed(run.position.tokens[0].id, "agree"))
    assert run.steps == ["study"]
    assert run.position.tokens[0].data == {} and not run.position.joins


def test_an_empty_list_leads_behind_the_join() -> None:
    assert Run("offices", facts()).steps == ["study"]


def test_the_first_refusal_closes_the_others() -> None:
    run = Run("offices", facts("ENV", "PLN", "HLT"))
    told = run.event(Completed(run.position.tokens[1].id, "refuse"))
    assert [effect.outcome for effect in told if isinstance(effect, CloseTask)] == ["refuse", None, None]
    assert run.position.end == "refused" and not run.position.tokens


def test_a_case_inside_a_case_answers_by_its_end() -> None:
    run = Run("offices", facts())
    opened = [effect for effect in run.effects if isinstance(effect, OpenChild)]
    assert opened == [OpenChild(run.at("study"), "field-study", {"place": "form.place", "reason": "'study'"})]
    other = Run("offices", facts())
    other.event(Completed(other.at("study"), "cancelled"))
    assert other.position.end == "refused", "an end that the step does not name goes otherwise"
    run.event(Completed(run.at("study"), "done"))
    assert run.steps == ["sign"]


def test_a_chain_climbs_and_ends_by_its_approval() -> None:
    run = Run("offices", facts())
    run.event(Completed(run.at("study"), "done"))
    token = run.at("sign")
    for rung in (1, 2):
        told = run.event(Signed(token))
        assert [type(effect) for effect in told] == [CloseTask, OpenTask]
        assert run.position.tokens[0].data == {"rung": rung} and run.at("sign") == token
    run.event(Completed(token, "approve"))
    assert run.steps == ["announced"]
    with pytest.raises(FlowError):
        run.event(Signed(run.at("announced")))


def test_a_wait_ends_by_its_message_or_on_its_day() -> None:
    for event, stands in ((Message, []), (Expired, ["decided"])):
        run = Run("offices", facts())
        run.event(Completed(run.at("study"), "done"))
        run.event(Completed(run.at("sign"), "approve"))
        token = run.at("announced")
        run.event(Message(token, "objection") if event is Message else Expired(token))
        assert run.steps == stands
    with pytest.raises(FlowError):
        run.event(Message(run.at("decided"), "reached"))
    run.event(Expired(run.at("decided")))
    assert run.position.end == "in_force"


def test_withdrawal_closes_every_instance_and_a_case_inside() -> None:
    run = Run("offices", facts("ENV", "PLN"))
    run.event(Withdrawn())
    assert run.position.end == "withdrawn" and not run.position.joins
    run = Run("offices", facts())
    told = run.event(Withdrawn())
    assert [(e.kind, e.outcome) for e in told if isinstance(e, CloseTask)] == [("child", None)]


def test_the_table_is_stored_and_read_again() -> None:
    assert from_json(to_json(table_of("offices"))) == table_of("offices")


WRONG: Sequence[tuple[str, Any, str]] = [
    ("nested", flow("s", s=each("t"), t=each("a"), a=task(ok="i"), i=join("t", "j"), j=join("s", "e"), e=end()),
     "flow.each_inside"),
    ("alone", flow("s", s=each("a"), a=task(ok="e"), e=end()), "flow.no_join"),
    ("outside", flow("a", a={**task(ok="e"), "department_from": "item"}, e=end()), "flow.item_outside"),
    ("first", flow("c", c={"kind": "child", "service": "x", "public": {"ar": "ن", "en": "t"}, "otherwise": "e"},
     e=end()), "flow.child_first"),
    ("unsigned", flow("c", c={**task(ok="e"), "kind": "chain", "up_to": "'R'"}, e=end()), "flow.chain_approve"),
    ("nothing", flow("w", w={"kind": "wait", "public": {"ar": "ن", "en": "t"}, "to": "e"}, e=end()),
     "flow.wait_for_what"),
    ("no date", flow("w", w={"kind": "wait", "public": {"ar": "ن", "en": "t"}, "to": "e", "message": "m",
     "until": "today"}, e=end()), "flow.on_date"),
    ("both", flow("w", w={"kind": "wait", "public": {"ar": "ن", "en": "t"}, "to": "e", "until": "today",
     "deadline": {"amount": 1, "unit": "working_days"}}, e=end()), "flow.until_or_deadline"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_run_is_refused(definition: Any, code: str) -> None:
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(definition)
    assert code in [fault.code for fault in refused.value.faults]


def test_wrong_types_and_unknown_services_are_refused() -> None:
    definition = copy.deepcopy(definition_of("offices"))
    definition["steps"]["ask"]["over"] = "form.area"
    definition["steps"]["decided"]["until"] = "form.area"
    definition["steps"]["study"]["service"] = "field-studi"
    vocabulary = Vocabulary(variables=VARIABLES, services={"field-study"})
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(definition, vocabulary=vocabulary)
    paths = {fault.path[1:] for fault in refused.value.faults}
    assert paths == {("ask", "over"), ("decided", "until"), ("study", "service")}


def test_an_end_beside_open_instances_is_found() -> None:
    steps = {"s": each("a"), "a": task(ok="j", no="e"), "j": join("s", "e"), "e": end()}
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(flow("s", **steps))
    assert "flow.broken" in [fault.code for fault in refused.value.faults]


def test_a_split_inside_an_each_keeps_what_it_is_for() -> None:
    steps = {
        "s": each("p"), "p": split("a", "b"), "a": task(ok="i"), "b": task(ok="i"), "i": join("p", "c"),
        "c": {**task(ok="j"), "department_from": "item"}, "j": join("s", "e"), "e": end(),
    }  # fmt: skip
    table = compile_workflow(flow("s", **steps), vocabulary=Vocabulary(variables=VARIABLES))
    known = facts("ENV", "PLN")
    position = start(table, known, lambda rule, at: Verdict(at["form"]["offices"], {})).position
    assert [token.data["item"] for token in position.tokens] == ["ENV", "ENV", "PLN", "PLN"]
    for _ in range(2):
        position = advance(table, position, Completed(position.tokens[0].id, "ok"), known, _never).position
    assert [(token.step, token.data["item"]) for token in position.tokens][-1] == ("c", "ENV")


def _never(rule: str, known: Any) -> Verdict:
    return Verdict(False, {})


def test_three_hundred_instances_are_one_row_each() -> None:
    table = compile_workflow(flow("s", s=each("a"), a=task(ok="j"), j=join("s", "e"), e=end()))
    names = [f"O{number}" for number in range(300)]
    position = start(table, facts(*names), lambda rule, at: Verdict(names, {})).position
    assert len(position.tokens) == 300 and len({token.id for token in position.tokens}) == 300
