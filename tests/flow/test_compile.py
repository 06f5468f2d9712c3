"""Publishing: what is refused, and where it points."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from diwan.flow import Fault, Vocabulary, WorkflowError, compile_workflow, from_json, to_json
from diwan.flow.reader import Path
from tests.flow.definitions import NAMES, VARIABLES, definition_of, table_of, text_of


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_workflow_is_stored_and_read_back_equal(name: str) -> None:
    table = table_of(name)
    stored = json.loads(json.dumps(to_json(table)))
    assert from_json(stored) == table
    assert to_json(from_json(stored)) == to_json(table)


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError):
        from_json({"format": 2})


def faults_of(definition: Any, **vocabulary: Any) -> dict[str, Fault]:
    """The faults of a definition as {code: fault}."""
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(definition, vocabulary=Vocabulary(**vocabulary))
    return {fault.code: fault for fault in refused.value.faults}


def test_a_fault_names_file_line_and_the_nearest_key() -> None:
    text = text_of("cl-001").replace("    role: ROLE-LICENSING-OFFICER", "    rol: ROLE-LICENSING-OFFICER")
    loaded = YAML().load(text)

    def where(path: Path) -> tuple[str, int]:
        node, line = loaded, 0
        for part in path:
            try:
                line = node.lc.value(part)[0] if hasattr(node, "lc") else line
                node = node[part]
            except (KeyError, TypeError, AttributeError):
                break
        return "cl-001.yaml", line + 1

    with pytest.raises(WorkflowError) as refused:
        compile_workflow(loaded, where=where)
    fault = next(fault for fault in refused.value.faults if fault.code == "flow.unknown_key_near")
    assert fault.params == {"name": "rol", "near": "role"}
    assert fault.file == "cl-001.yaml"
    assert fault.line is not None
    assert "rol:" in text.splitlines()[fault.line - 1]
    assert "cl-001.yaml:" in str(refused.value) and "Do you mean role?" in str(refused.value)


def change(definition: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Set or (None) remove one place of a definition."""
    node = definition
    for part in path[:-1]:
        node = node[part]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return definition


TEXT = {"ar": "نص", "en": "text"}
CASES = [
    (("steps", "checks", "kind"), "automtic", "flow.unknown_value_near"),
    (("steps", "checks", "kind"), None, "flow.missing"),
    (("start",), "chekcs", "flow.unknown_value_near"),
    (("start",), None, "flow.missing"),
    (("colour",), "red", "flow.unknown_key"),
    (("steps", "checks", "outcomes", "clear"), "nowhere_at_all", "flow.unknown_value"),
    (("steps", "checks", "outcomes"), {}, "flow.no_exit"),
    (("steps", "checks", "public"), {"ar": "نص"}, "flow.missing_language"),
    (("steps", "checks", "public"), None, "flow.missing"),
    (("steps", "checks", "state"), "reviewing", "flow.unknown_value"),
    (("steps", "checks", "clock"), "stops", "flow.unknown_value"),
    (("steps", "checks", "notices"), [1], "flow.not_a_text"),
    (("steps", "checks", "notices"), ["A", "A"], "flow.repeated"),
    (("steps", "9th"), {"kind": "end", "state": "issued", "public": TEXT}, "flow.bad_code"),
    (("steps", "lost"), {"kind": "end", "state": "issued", "public": TEXT}, "flow.unreachable"),
    (("steps", "manual_check", "deadline", "amount"), 0, "flow.not_a_number"),
    (("steps", "manual_check", "deadline", "unit"), "working_day", "flow.unknown_value_near"),
    (
        ("steps", "manual_check", "deadline", "late"),
        [{"at": 100, "act": "silence"}],
        "flow.late_silence_without_rule",
    ),
    (
        ("steps", "manual_check", "deadline", "late"),
        [{"at": 100, "act": "remind"}, {"at": 75, "act": "remind"}],
        "flow.late_order",
    ),
    (("steps", "manual_check", "same_officer_on_return"), "yes", "flow.not_a_flag"),
    (("steps", "manual_check", "actions", "return", "to"), "rejected", "flow.return_target"),
    (("steps", "manual_check", "actions", "return", "label"), None, "flow.missing"),
    (("steps", "manual_check", "not_same_person_as"), ["payment"], "flow.not_human"),
    (("steps", "review", "not_same_person_as"), ["nobody_at_all"], "flow.unknown_value"),
    (("steps", "civil_defence", "actions", "refuse", "cancels"), ["visit"], "flow.not_a_split"),
    (("steps", "civil_defence", "entity_from"), "form.supervisor", "flow.entity_once"),
    (("steps", "civil_defence", "deadline"), None, "flow.silence_without_deadline"),
    (("steps", "civil_defence", "silence", "outcome"), "agree", "flow.unknown_value"),
    (("steps", "approved_all", "of"), "visit", "flow.not_a_split"),
    (("steps", "second"), {"kind": "join", "of": "approvals", "to": "visit"}, "flow.two_joins"),
    (("steps", "visit_needed", "otherwise"), None, "flow.missing"),
    (("steps", "visit_needed", "branches"), [], "flow.no_exit"),
    (("steps", "visit_needed", "branches", 0, "when"), "form.area > 300", "flow.rule"),
    (("steps", "visit_needed", "branches", 0, "when"), "form.aera > 300.0", "flow.rule"),
    (("steps", "visit_needed", "branches", 0, "when"), "form.area", "flow.rule"),
    (("steps", "supervising_body", "entity_from"), "form.area", "flow.rule"),
    (("steps", "visit_needed", "otherwise"), "visit_needed", "flow.circle"),
    (("steps", "licence", "authority"), "approval:review", "flow.authority_step"),
    (("steps", "licence", "authority"), "approval:head", "flow.authority_bypassed"),
    (("steps", "licence", "authority"), "nobody", "flow.unknown_value"),
    (("steps", "completion", "resume"), "issued", "flow.resume_target"),
    (("steps", "completion", "on_late"), None, "flow.missing"),
    (("withdraw", "to"), "gone", "flow.unknown_value"),
    (("withdraw", "allowed_in"), ["chekcs"], "flow.unknown_value_near"),
    (("reopen", "ends"), ["review"], "flow.not_an_end"),
    (("reopen", "within_days"), "30", "flow.not_a_number"),
    (("cancel", "role"), None, "flow.missing"),
    (("returns", "most"), 0, "flow.not_a_number"),
    (("steps",), [], "flow.not_a_mapping"),
]


@pytest.mark.parametrize(
    ("path", "value", "code"), CASES, ids=[f"{c[2]}-{'.'.join(map(str, c[0]))}" for c in CASES]
)
def test_a_fault_in_the_definition_is_named(path: tuple[Any, ...], value: Any, code: str) -> None:
    definition = change(definition_of("cl-002"), path, value)
    faults = faults_of(definition, variables=VARIABLES)
    assert code in faults
    assert str(faults[code])


def test_every_fault_is_told_at_once() -> None:
    definition = change(definition_of("cl-001"), ("steps", "checks", "kid"), 1)
    definition = change(definition, ("steps", "payment", "on_pai"), "x")
    with pytest.raises(WorkflowError) as refused:
        compile_workflow(definition)
    found = {fault.path for fault in refused.value.faults}
    assert found >= {("steps", "checks", "kid"), ("steps", "payment", "on_pai")}


@pytest.mark.parametrize(
    ("vocabulary", "name"),
    [
        ({"roles": {"ROLE-LICENSING-OFICER"}}, "cl-001"),
        ({"acts": {"checks.register": set()}}, "cl-001"),
        ({"acts": {"checks.registers": {"clear", "manual", "refused"}}}, "cl-001"),
        ({"acts": {"checks.registers": {"clear"}}}, "cl-001"),
        ({"reasons": {"RSN-X"}}, "cl-001"),
        ({"templates": {"DOC-X"}}, "cl-001"),
        ({"notices": {"X"}}, "cl-002"),
        ({"checklists": {"X"}}, "cl-002"),
        ({"entities": {"X"}}, "cl-002"),
        ({"fields": {"activities"}}, "cl-002"),
        ({"tables": {"other": {"a"}}}, "cl-003"),
        ({"tables": {"renewal_route": {"instant"}}}, "cl-003"),
    ],
)
def test_a_name_that_does_not_exist_is_found(vocabulary: dict[str, Any], name: str) -> None:
    codes = set(faults_of(definition_of(name), **vocabulary))
    assert codes <= {"flow.unknown_value", "flow.unknown_value_near", "flow.missing"} and codes


def test_a_table_without_otherwise_must_be_covered() -> None:
    definition = definition_of("cl-003")
    del definition["steps"]["route"]["otherwise"]
    faults = faults_of(definition, tables={"renewal_route": {"instant", "visit", "review"}})
    assert faults["flow.missing"].params == {"name": "review"}
