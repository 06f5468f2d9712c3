"""CEL: what compiles, what is refused and where, and what an evaluation tells."""

from __future__ import annotations

import contextlib
import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.rules import CelType, RuleError, compile_expression
from diwan.rules.binding import MAX_ITEMS
from diwan.rules.expression import MAX_LENGTH
from diwan.rules.scan import paths, words

VARIABLES = {
    "form.area": CelType.DOUBLE,
    "form.kind": CelType.STRING,
    "form.workers": CelType.INT,
    "form.lit": CelType.BOOL,
    "form.lease_end": CelType.DATE,
    "form.activities": CelType.STRINGS,
    "form.sign.width": CelType.DOUBLE,
    "lookups": CelType.MAP,
    "items": CelType.LIST,
    "submitted": CelType.TIMESTAMP,
    "today": CelType.DATE,
}
VALUES: dict[str, Any] = {
    "form": {
        "area": 80.5,
        "kind": "cafe",
        "workers": 3,
        "lit": True,
        "lease_end": datetime.date(2027, 1, 1),
        "activities": ["I561", "G47"],
        "sign": {"width": 2.0},
    },
    "lookups": {"risk": "high", "limits": {"area": 100.0}, "other": {"big": list(range(10))}},
    "items": [1, "x"],
    "submitted": datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC),
    "today": datetime.date(2026, 11, 21),
}


@pytest.mark.parametrize(
    ("text", "result", "value"),
    [
        ("form.area > 80.0 && form.kind == 'cafe'", "bool", True),
        ("form.kind + '-' + string(form.workers)", "string", "cafe-3"),
        ("form.workers * 2", "int", 6),
        ("form.area / 2.0", "double", 40.25),
        ("int(math.ceil(form.area / 50.0))", "int", 2),
        ("form.sign.width > 1.5", "bool", True),
        ("'I561' in form.activities", "bool", True),
        ("form.activities.exists(a, a.startsWith('G'))", "bool", True),
        ("form.activities.filter(a, a != 'G47')", "list(string)", ["I561"]),
        ("form.lease_end - today > days(40)", "bool", True),
        ("form.lease_end > date('2026-12-31')", "bool", True),
        ("today + days(11)", "date", datetime.date(2026, 12, 2)),
        ("today.getFullYear()", "int", 2026),
        ("submitted < timestamp('2026-11-02T00:00:00Z')", "bool", True),
        ("lookups.risk == 'high' && lookups.limits.area >= form.area", "bool", True),
        ("'risk' in lookups && !('x' in lookups)", "bool", True),
        ("items.size()", "int", 2),
        ("form.lit ? 'a' : 'b'", "string", "a"),
        ("has(form.area) && !has(form.missing_in_values)", "bool", True),
    ],
)
def test_it_evaluates(text: str, result: str, value: Any) -> None:
    variables = {**VARIABLES, "form.missing_in_values": CelType.STRING}
    assert compile_expression(text, variables, result).evaluate(VALUES) == value


@pytest.mark.parametrize("value", [None, "absent"])
def test_a_missing_value_reads_as_empty_and_has_tells(value: str | None) -> None:
    values = (
        {"form": {}} if value else {"form": {"area": None, "kind": None, "lit": None, "activities": None}}
    )
    for text in ("form.area == 0.0", "form.kind == ''", "!form.lit", "form.activities.size() == 0"):
        assert compile_expression(text, VARIABLES).evaluate(values) is True
    assert compile_expression("has(form.area)", VARIABLES).evaluate(values) is False
    assert compile_expression("has(form.area)", VARIABLES).evaluate({}) is False
    assert (
        compile_expression("has( form.area ) || 'has(form.area)' == ''", VARIABLES).evaluate(VALUES) is True
    )


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("form.area > 'a'", "rules.type", 1, 11),
        ("form.area > 10", "rules.type", 1, 11),
        ("form.lit &&\n  form.nothing == 1", "rules.unknown_name", 2, 7),
        ("form == 1", "rules.unknown_name", 1, 1),
        ("nothing", "rules.unknown_name", 1, 1),
        ("has(form.area) && has(form.nothing)", "rules.unknown_name", 1, 22),
        ("'قيمة' == form.workers", "rules.type", 1, 8),
        ("form.lit ? 1 : 'a'", "rules.type", 1, 10),
        ("form.lit &&", "rules.syntax", 1, 12),
        ("form.kind", "rules.result_type", 1, 1),
        ("lookups.risk", "rules.result_type", 1, 1),
        ("", "rules.empty", 1, 1),
        ("true" + " " * MAX_LENGTH, "rules.too_long", 1, MAX_LENGTH),
        ("(" * 60 + "true" + ")" * 60, "rules.too_deep", 1, 1),
        ("items.all(a, items.all(b, items.all(c, a == b)))", "rules.too_costly", 1, 1),
        ("unknown_function(1) == 2", "rules.unknown_name", 1, 17),
    ],
)
def test_a_wrong_expression_is_refused_with_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(RuleError) as refused:
        compile_expression(text, VARIABLES)
    error = refused.value
    assert (error.code, error.line, error.column) == (code, line, column), str(error)


def test_the_hint_for_decimals() -> None:
    with pytest.raises(RuleError, match=r"10\.0"):
        compile_expression("form.area > 10", VARIABLES)


@pytest.mark.parametrize(
    ("text", "values", "code"),
    [
        ("1 / form.workers == 1", {"form": {"workers": 0}}, "rules.evaluation"),
        ("lookups.nothing == 1", {"lookups": {}}, "rules.evaluation"),
        ("date(form.kind) == today", {"form": {"kind": "soon"}}, "rules.evaluation"),
        ("form.workers > 1", {"form": {"workers": 2**70}}, "rules.evaluation"),
        ("form.workers > 1", {"form": {"workers": "two"}}, "rules.evaluation"),
        ("form.kind == 'a'", {"form": {"kind": 3}}, "rules.evaluation"),
        ("form.kind == 'a'", {"form": {"kind": "a\0b"}}, "rules.wrong_input"),
        ("form.lease_end > today", {"form": {"lease_end": "tomorrow"}}, "rules.wrong_input"),
        (
            "form.activities.size() > 1",
            {"form": {"activities": ["a"] * (MAX_ITEMS + 1)}},
            "rules.too_many_items",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_not_an_answer(
    text: str, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleError) as refused:
        compile_expression(text, VARIABLES).evaluate(values)
    assert refused.value.code == code


def test_an_explanation_names_only_what_was_read() -> None:
    text = "form.area > lookups.limits.area || has(form.kind) || form.lease_end < today"
    verdict = compile_expression(text, VARIABLES).explain({**VALUES, "form": {"area": Decimal("80.5")}})
    assert verdict.to_json() == {
        "value": True,
        "inputs": {
            "form.area": 80.5,
            "lookups": {"limits": {"area": 100.0}},
            "has_form.kind": False,
            "form.lease_end": "1970-01-01",
            "today": "2026-11-21",
        },
        "fired": [],
    }


def test_dates_inside_maps_and_iso_texts_are_read() -> None:
    expression = compile_expression(
        "date(lookups.since) < today && form.lease_end == date('2026-02-01')", VARIABLES
    )
    values = {
        "lookups": {"since": datetime.date(2026, 1, 1)},
        "today": "2026-03-01",
        "form": {"lease_end": "2026-02-01"},
    }
    assert expression.evaluate(values) is True


def test_compiling_twice_gives_the_same_object() -> None:
    assert compile_expression("form.lit", VARIABLES) is compile_expression("form.lit", dict(VARIABLES))


def test_a_variable_needs_a_dotted_name() -> None:
    with pytest.raises(RuleError):
        compile_expression("true", {"form-area": CelType.BOOL})


def test_paths_are_found_outside_texts_calls_and_comments() -> None:
    text = "a.b.c + size(d) + e.map(x, x.y) + f[0].g + 'h.i' // j.k\n + r\"l\" + m . n"
    found = [path for path, _offset, _last in paths(words(text))]
    assert found == ["a.b.c", "d", "e", "x", "x.y", "f", "m.n"]


@given(st.text(max_size=60))
def test_no_text_breaks_the_compiler(text: str) -> None:
    with contextlib.suppress(RuleError):
        compile_expression(text, VARIABLES, CelType.DYN)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**62), 2**62),
    st.text(st.characters(exclude_characters="\0", codec="utf-8")),
)
def test_values_pass_unchanged(area: float, workers: int, kind: str) -> None:
    values = {"form": {"area": area, "workers": workers, "kind": kind}}
    assert compile_expression("form.area", VARIABLES, "double").evaluate(values) == area
    assert compile_expression("form.workers", VARIABLES, "int").evaluate(values) == workers
    assert compile_expression("form.kind", VARIABLES, "string").evaluate(values) == kind
