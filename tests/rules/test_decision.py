"""Decision tables: hit policies, explanations, gaps and overlaps."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwan.rules import CelType, DecisionTable, Rulebook, RuleError, TableError, compile_table

VARIABLES = {
    "form.area": CelType.DOUBLE,
    "form.workers": CelType.INT,
    "facts.risk": CelType.STRING,
    "form.quick": CelType.BOOL,
    "today": CelType.DATE,
}
RISKS = ["low", "medium", "high"]
SIGNER: dict[str, Any] = {
    "key": "signer",
    "inputs": {
        "risk": {"type": "string", "from": "facts.risk", "values": RISKS},
        "area": {"type": "double", "from": "form.area", "min": 0},
    },
    "outputs": {"role": {"type": "string", "values": ["ROLE-HEAD", "ROLE-SECTION-HEAD", "ROLE-OFFICER"]}},
    "rules": [
        {"id": "high", "when": {"risk": "high"}, "then": {"role": "ROLE-HEAD"}},
        {
            "id": "large",
            "when": {"risk": ["low", "medium"], "area": "> 300"},
            "then": {"role": "ROLE-SECTION-HEAD"},
        },
        {
            "id": "small",
            "when": {"risk": ["low", "medium"], "area": "[0..300]"},
            "then": {"role": "ROLE-OFFICER"},
            "why": {"ar": "محل صغير", "en": "A small shop"},
        },
    ],
}


def values(risk: str = "low", area: float = 10.0, workers: int = 0) -> dict[str, Any]:
    return {"facts": {"risk": risk}, "form": {"area": area, "workers": workers}}


def changed(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SIGNER), **changes}


def rows(*whens: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A table over workers (int) and quick (bool) that answers each row's number."""
    return {
        "key": "t",
        "inputs": {
            "workers": {"type": "int", "from": "form.workers"},
            "quick": {"type": "bool", "from": "form.quick"},
        },
        "outputs": {"n": {"type": "int"}},
        "rules": [{"id": f"r{n}", "when": when, "then": {"n": n}} for n, when in enumerate(whens)],
        **more,
    }


def table(definition: dict[str, Any]) -> DecisionTable:
    return compile_table(definition, VARIABLES)


@pytest.mark.parametrize(
    ("risk", "area", "role", "fired"),
    [
        ("high", 1.0, "ROLE-HEAD", "high"),
        ("low", 300.0, "ROLE-OFFICER", "small"),
        ("medium", 300.01, "ROLE-SECTION-HEAD", "large"),
    ],
)
def test_the_row_that_holds_answers_and_is_named(risk: str, area: float, role: str, fired: str) -> None:
    verdict = table(SIGNER).evaluate(values(risk, area))
    assert verdict.to_json() == {"value": role, "inputs": {"risk": risk, "area": area}, "fired": [fired]}


def test_a_complete_table_has_no_findings() -> None:
    assert table(SIGNER).findings == ()
    assert table(SIGNER).answers() == {"ROLE-HEAD", "ROLE-SECTION-HEAD", "ROLE-OFFICER"}


def test_a_gap_is_named_by_its_inputs() -> None:
    definition = changed(rules=SIGNER["rules"][:2])
    gaps = table(definition).findings
    assert {gap.code for gap in gaps} == {"gap"}
    assert (("risk", "low"), ("area", "between 0.0 and 300.0")) in [gap.at for gap in gaps]
    with pytest.raises(RuleError) as refused:
        table(definition).evaluate(values("low", 10.0))
    assert refused.value.code == "rules.no_row"
    whole = table({**definition, "otherwise": {"role": "ROLE-OFFICER"}})
    assert whole.findings == () and whole.evaluate(values()).fired == ("otherwise",)


def test_an_overlap_of_a_unique_table_blocks() -> None:
    definition = changed()
    definition["rules"][2]["when"]["area"] = "[0..300.5)"
    (found,) = table(definition).findings
    assert (found.code, found.rows, found.blocking) == ("overlap", ("large", "small"), True)
    assert found.at == (("risk", "low"), ("area", "between 300.0 and 300.5"))
    with pytest.raises(RuleError) as refused:
        table(definition).evaluate(values("low", 300.2))
    assert refused.value.code == "rules.two_rows"


def test_first_takes_the_first_and_finds_a_row_that_never_fires() -> None:
    compiled = table(rows({"workers": "> 5"}, {}, {"workers": 9}, hit="first"))
    assert compiled.evaluate(values(workers=9)).fired == ("r0",)
    assert compiled.evaluate(values(workers=1)).value == 1
    assert [(found.code, found.rows) for found in compiled.findings] == [("shadowed", ("r2",))]


def test_any_allows_agreement_only() -> None:
    definition = rows({"workers": "> 5"}, {"workers": "> 7"}, {"workers": "<= 5"}, hit="any")
    assert [found.code for found in table(definition).findings] == ["overlap"]
    definition["rules"][1]["then"] = {"n": 0}
    compiled = table(definition)
    assert compiled.findings == ()
    assert compiled.evaluate(values(workers=9)).fired == ("r0", "r1")


def test_priority_takes_the_best_answer() -> None:
    definition = changed(hit="priority")
    definition["rules"].append({"id": "all", "when": {}, "then": {"role": "ROLE-SECTION-HEAD"}})
    compiled = table(definition)
    assert compiled.evaluate(values("low", 1.0)).value == "ROLE-SECTION-HEAD"
    assert compiled.evaluate(values("high", 1.0)).value == "ROLE-HEAD"


@pytest.mark.parametrize(
    ("aggregate", "value", "none"),
    [(None, [0, 1], []), ("sum", 1, 0), ("count", 2, 0), ("min", 0, None), ("max", 1, None)],
)
def test_collect_gathers_every_row(aggregate: str | None, value: Any, none: Any) -> None:
    more = {"aggregate": aggregate} if aggregate else {}
    compiled = table(rows({"workers": "> 5"}, {"workers": "> 7"}, hit="collect", **more))
    verdict = compiled.evaluate(values(workers=9))
    assert (verdict.value, verdict.fired) == (value, ("r0", "r1"))
    assert compiled.evaluate(values()).value == none


def test_several_outputs_answer_as_a_mapping() -> None:
    definition = rows({})
    definition["outputs"]["word"] = {"type": "string"}
    definition["rules"][0]["then"]["word"] = "yes"
    assert table(definition).evaluate({}).value == {"n": 0, "word": "yes"}


def test_dates_and_negations() -> None:
    definition = {
        "key": "season",
        "inputs": {
            "day": {"type": "date", "from": "today"},
            "risk": {"type": "string", "from": "facts.risk"},
        },
        "outputs": {"open": {"type": "bool"}},
        "rules": [
            {
                "id": "in",
                "when": {"day": "[2026-02-18..2026-03-19]", "risk": "!= high"},
                "then": {"open": True},
            },
            {"id": "before", "when": {"day": "< 2026-02-18", "risk": "!= high"}, "then": {"open": False}},
            {"id": "after", "when": {"day": "> 2026-03-19", "risk": "!= high"}, "then": {"open": False}},
            {"id": "risky", "when": {"risk": "high"}, "then": {"open": False}},
        ],
    }
    compiled = table(definition)
    assert compiled.findings == ()
    day = {"today": datetime.date(2026, 3, 19), "facts": {"risk": "low"}}
    assert compiled.evaluate(day).to_json()["inputs"] == {"day": "2026-03-19", "risk": "low"}
    assert compiled.evaluate(day).value is True
    definition["rules"][2]["when"]["day"] = "> 2026-03-20"  # type: ignore[index]
    assert [gap.at[0] for gap in table(definition).findings] == [("day", "2026-03-20")]


def wrong(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    definition: Any = changed()
    node = definition
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return dict(definition)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("hit",), "frist", "rules.unknown_value"),
        (("colour",), 1, "rules.unknown_key"),
        (("aggregate",), "sum", "rules.table"),
        (("inputs", "risk", "from"), "facts.rsk", "rules.unknown_name"),
        (("inputs", "risk", "from"), "form.area", "rules.result_type"),
        (("inputs", "risk", "type"), "text", "rules.unknown_value"),
        (("inputs", "area", "min"), "a", "rules.cell"),
        (("rules", 0, "when", "rsk"), "high", "rules.unknown_key"),
        (("rules", 0, "when", "risk"), "huge", "rules.unknown_value"),
        (("rules", 0, "when", "risk"), "> a", "rules.cell"),
        (("rules", 0, "when", "risk"), [], "rules.cell"),
        (("rules", 1, "when", "area"), "many", "rules.cell"),
        (("rules", 1, "when", "area"), "[300..0]", "rules.cell"),
        (("rules", 1, "when", "area"), True, "rules.cell"),
        (("rules", 1, "then"), {}, "rules.missing"),
        (("rules", 1, "then", "role"), "ROLE-KING", "rules.unknown_value"),
        (("rules", 1, "why"), {"ar": "نص"}, "rules.table"),
        (("rules", 1, "id"), "high", "rules.repeated"),
        (("rules",), [], "rules.table"),
        (("inputs",), {}, "rules.table"),
        (("outputs",), [], "rules.table"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(path: tuple[Any, ...], value: Any, code: str) -> None:
    with pytest.raises(TableError) as refused:
        table(wrong(path, value))
    problems = {problem.code: problem for problem in refused.value.problems}
    assert code in problems
    assert (
        code == "rules.table" or problems[code].path[: len(path) - 1] == path[:-1][: len(problems[code].path)]
    )


def test_priority_needs_an_order() -> None:
    with pytest.raises(TableError):
        table(rows({}, hit="priority"))


def test_a_table_too_large_to_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diwan.rules.coverage.MAX_COMBINATIONS", 3)
    assert [found.code for found in table(SIGNER).findings] == ["unchecked"]


def test_a_rulebook_answers_texts_and_tables() -> None:
    book = Rulebook(VARIABLES, [("form.area > 5.0", "bool")], [table(SIGNER)])
    assert book.evaluate("form.area > 5.0", values()).value is True
    assert book.evaluate("table:signer", values("high")).value == "ROLE-HEAD"
    with pytest.raises(RuleError) as refused:
        book.evaluate("table:other", values())
    assert refused.value.code == "rules.unknown_rule"


ends = st.integers(-3, 3)
cells = st.one_of(
    st.just("-"),
    ends,
    st.lists(ends, min_size=1, max_size=3),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "!="]), ends).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(ends, st.integers(1, 3), st.sampled_from(["[]", "[)", "(]", "()"])).map(
        lambda t: f"{t[2][0]}{t[0]}..{t[0] + t[1]}{t[2][1]}"
    ),
)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, st.sampled_from(["-", True, False])), min_size=1, max_size=5))
def test_gaps_and_overlaps_agree_with_trying_every_value(drawn: list[tuple[Any, Any]]) -> None:
    compiled = table(rows(*({"workers": workers, "quick": quick} for workers, quick in drawn)))
    tried: set[int] = set()
    for workers in range(-8, 9):
        for quick in (True, False):
            held = sum(row.cells[0].holds(workers) and row.cells[1].holds(quick) for row in compiled.rows)
            tried.add(min(held, 2))
    codes = {found.code for found in compiled.findings}
    assert ("gap" in codes) == (0 in tried)
    assert ("overlap" in codes) == (2 in tried)
