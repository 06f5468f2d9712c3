"""The proof by walking: workflows that look right and are not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from diwan.flow import Fault, WorkflowError, compile_workflow, soundness

TEXT = {"ar": "نص", "en": "text"}


def task(**actions: Any) -> Any:
    """A task whose actions lead to steps, or to (step, more keys)."""
    found: dict[str, Any] = {}
    for key, to in actions.items():
        more: dict[str, Any] = {}
        if isinstance(to, tuple):
            to, more = to
        found[key] = {"to": to, "label": TEXT, **more}
    return {"kind": "task", "role": "R", "public": TEXT, "actions": found}


def end(state: str = "closed", **more: Any) -> Any:
    return {"kind": "end", "state": state, "public": TEXT, **more}


def split(*branches: Any) -> Any:
    return {"kind": "split", "branches": [b if isinstance(b, dict) else {"to": b} for b in branches]}


def join(of: str, to: str) -> Any:
    return {"kind": "join", "of": of, "to": to}


def either(to: str, otherwise: str) -> Any:
    return {"kind": "decision", "branches": [{"when": f"to_{to}", "to": to}], "otherwise": otherwise}


SOUND = {"s": split("a", "b"), "a": task(ok="j"), "b": task(ok="j"), "j": join("s", "e"), "e": end()}


def flow(start: str = "s", **steps: Any) -> Any:
    return {"key": "t", "start": start, "steps": steps}


def faults_of(definition: Any) -> tuple[Fault, ...]:
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(definition)
    return refused.value.faults


def test_a_sound_workflow_passes() -> None:
    compile_workflow(flow(**SOUND))


def test_an_end_beside_an_open_branch_is_found_with_the_way_there() -> None:
    steps = {**SOUND, "a": task(ok="j", no="e")}
    (fault,) = faults_of(flow(**steps))
    assert fault.code == "flow.broken" and fault.params["name"] == "e"
    assert fault.trail[0] == "start" and fault.trail[-1] == "a:no"


def test_closing_the_siblings_or_ending_everything_is_sound() -> None:
    compile_workflow(flow(**{**SOUND, "a": task(ok="j", no=("e", {"cancels": ["s"]}))}))
    compile_workflow(flow(**{**SOUND, "a": task(ok="j", no="x"), "x": end("rejected", terminates=True)}))


def test_a_branch_that_jumps_in_front_of_its_split_is_found() -> None:
    faults = faults_of(flow(start="w", w=task(go="s"), **{**SOUND, "a": task(ok="j", back="w")}))
    assert {fault.code for fault in faults} <= {"flow.broken", "flow.stuck", "flow.too_many_states"}


def test_a_token_that_enters_a_branch_from_outside_is_found() -> None:
    faults = faults_of(flow(start="w", w=task(go="s", sneak="a"), **SOUND))
    assert faults[0].code == "flow.broken" and faults[0].params["name"] == "j"


def test_a_join_of_branches_that_never_come_is_found() -> None:
    steps = {
        "s": split("a", "b"),
        "a": task(ok=("e", {"cancels": ["s"]})),
        "b": task(ok=("e", {"cancels": ["s"]})),
        "j": join("s", "z"),
        "z": task(ok="e"),
        "e": end(),
    }
    assert {(fault.code, fault.params["name"]) for fault in faults_of(flow(**steps))} == {
        ("flow.join_never", "j"),
        ("flow.unreachable", "z"),
    }


def test_a_circle_of_people_without_an_end_is_stuck() -> None:
    steps = {"a": task(ok="b", done="e"), "b": task(again="c"), "c": task(again="b"), "e": end()}
    (fault,) = faults_of(flow(start="a", **steps))
    assert fault.code == "flow.stuck" and fault.params["name"] in ("b", "c")
    assert fault.trail == ("start", "a:ok")


def test_a_branch_that_waits_for_ever_is_stuck() -> None:
    steps = {**SOUND, "a": task(ok="l"), "l": task(round="l")}
    (fault,) = faults_of(flow(**steps))
    assert fault.code == "flow.stuck"


def test_a_join_of_the_wrong_split_is_found() -> None:
    steps = {
        "s": split("a", "t"),
        "t": split("b", "c"),
        "a": task(ok="j"),
        "b": task(ok="j"),
        "c": task(ok="k"),
        "j": join("s", "e"),
        "k": join("t", "j"),
        "e": end(),
    }
    assert faults_of(flow(**steps))[0].code == "flow.broken"


def test_nested_splits_are_sound() -> None:
    steps = {
        "s": split("a", {"to": "t", "when": "x"}),
        "t": split({"to": "b", "when": "y"}, {"to": "c", "when": "z"}),
        "a": task(ok="j", out=("e", {"cancels": ["s"]})),
        "b": task(ok="k", out=("e", {"cancels": ["s"]}), up=("j", {"cancels": ["t"]})),
        "c": task(ok="k"),
        "k": join("t", "j"),
        "j": join("s", "e"),
        "e": end(),
    }
    compile_workflow(flow(**steps))


def test_a_whole_table_of_unreached_values_is_found() -> None:
    steps = {"d": either("a", "e"), "a": task(ok="e"), "e": end()}
    compile_workflow(flow(start="d", **steps))
    steps = {**copy.deepcopy(steps), "x": task(ok="e")}
    assert faults_of(flow(start="d", **steps))[0].code == "flow.unreachable"


def test_too_many_positions_are_refused_and_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    branches = {f"b{n}": task(ok=f"c{n}") for n in range(8)}
    after = {f"c{n}": task(ok="j") for n in range(8)}
    definition = flow(s=split(*branches), **branches, **after, j=join("s", "e"), e=end())
    monkeypatch.setattr(soundness, "MAX_STATES", 500)
    assert [fault.code for fault in faults_of(definition)] == ["flow.too_many_states"]


def test_the_return_limit_is_walked_too() -> None:
    completion = {
        "kind": "applicant",
        "resume": "origin",
        "public": TEXT,
        "deadline": {"amount": 1, "unit": "working_days"},
        "on_late": "x",
    }
    steps = {
        **SOUND,
        "a": task(ok="j", back=("c", {"effect": "return"})),
        "c": {**completion, "on_late": {"to": "x", "cancels": ["s"]}},
        "x": end("rejected"),
    }
    definition = flow(**steps)
    compile_workflow(definition)
    definition["returns"] = {"most": 2, "to": "x", "why": TEXT}
    (fault,) = faults_of(definition)
    assert fault.code == "flow.broken" and fault.trail.count("a:back") == 3
