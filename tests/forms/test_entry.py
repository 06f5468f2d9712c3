"""Answering a whole form: pages, conditions, papers, prefill, changes, the lamp."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diwan.flow.table import Text
from diwan.forms import entry
from diwan.forms.context import FormContext
from diwan.forms.facts import derive
from diwan.forms.lamp import lamp
from diwan.forms.plan import Fact, Field, FormPlan, Group, LampRule, Page, Slot
from diwan.forms.raw import Raw
from diwan.forms.showing import group_views, slot_views, summary
from tests.forms.conftest import TODAY, Shelf

T = Text("نص", "text")
AGREE = Field("agree", "declaration", T, keep=False, options={"text": {"ar": "أ", "en": "a"}, "version": "1"})
PLAN = FormPlan(
    pages=(
        Page(
            "first",
            T,
            (
                Group(
                    "g1",
                    (
                        Field("activities", "lookups", T, options={"lookup": "activities"}),
                        Field("area", "area", T, prefill="entry.area"),
                        Field("has_sign", "yes_no", T),
                        Field("sign_width", "number", T, when="sign"),
                        Field("mobile", "mobile", T, required=False, prefill="applicant.mobile"),
                    ),
                ),
            ),
        ),
        Page("second", T, (Group("g2", (AGREE,)),), slots=("photo", "permit")),
    ),
    slots=(Slot("photo", T), Slot("permit", T, when="high", required=False)),
    facts=(
        Fact("risk", "worst", {"of": "activities", "lookup": "activities", "column": "risk", "order": ["low", "high"]}),
        Fact("health", "any", {"of": "activities", "lookup": "activities", "column": "health"}),
        Fact("body", "first", {"of": "activities", "lookup": "activities", "column": "body"}),
        Fact("bodies", "every", {"of": "activities", "lookup": "activities", "column": "body"}),
        Fact("least", "largest", {"of": "activities", "lookup": "activities", "column": "min_area"}),
        Fact("smallest", "smallest", {"of": "activities", "lookup": "activities", "column": "min_area"}),
        Fact("m2", "product", {"of": ["area", "sign_width"]}),
        Fact("big", "rule", {"when": "big"}),
    ),
    lamp=(LampRule("high", "needs_approval", "high", T), LampRule("small", "returned", "small", T, fields=("area",))),
)  # fmt: skip


def holds(rule: str, known: Any) -> bool:
    """The rules of these tests by name, as a service's rulebook answers CEL."""
    form, facts = known["form"], known.get("facts", {})
    answers: dict[str, bool] = {
        "sign": form.get("has_sign") is True,
        "high": facts.get("risk") == "high",
        "small": form.get("area", 0.0) < facts.get("least", 0.0),
        "big": form.get("area", 0.0) > 500,
    }
    return answers[rule]


@pytest.fixture
def form_context() -> FormContext:
    """Today, with rules."""
    return FormContext(on=TODAY, lookups=Shelf(), holds=holds)


def typed(**more: Any) -> Raw:
    """A first page filled in."""
    return Raw({"activities": ["471101"], "area": "40", "has_sign": "no", **more})


def whole(**more: Any) -> dict[str, Any]:
    """Answers that hold."""
    return {
        "activities": ["471101"], "area": "40", "has_sign": False, "agree": {"accepted": True, "version": "1"}, **more,
    }  # fmt: skip


def test_a_page_is_read(form_context: FormContext) -> None:
    read = entry.parse_page(PLAN, PLAN.pages[0], typed(), {}, form_context)
    assert read.values == {"activities": ["471101"], "area": "40", "has_sign": False}
    assert read.problems == {} and read.typed == {}


def test_what_is_typed_wrong_is_kept_and_not_stored(form_context: FormContext) -> None:
    read = entry.parse_page(PLAN, PLAN.pages[0], typed(area="كثير"), {"area": "40"}, form_context)
    assert "area" not in read.values
    assert read.typed == {"area": ["كثير"]}
    assert read.problems["area"].code == "digits.not_a_number"


def test_a_required_answer_is_missed_only_when_the_page_is_done(form_context: FormContext) -> None:
    read = entry.parse_page(PLAN, PLAN.pages[0], Raw({}), {}, form_context)
    assert {key: problem.code for key, problem in read.problems.items()} == dict.fromkeys(
        ("activities", "area", "has_sign"), "forms.missing"
    )
    assert entry.parse_page(PLAN, PLAN.pages[0], Raw({}), {}, form_context, partial=True).problems == {}


def test_a_question_appears_with_the_answer_before_it(form_context: FormContext) -> None:
    read = entry.parse_page(PLAN, PLAN.pages[0], typed(has_sign="yes"), {}, form_context)
    assert list(read.problems) == ["sign_width"]
    read = entry.parse_page(PLAN, PLAN.pages[0], typed(has_sign="yes", sign_width="4"), {}, form_context)
    assert read.values["sign_width"] == "4"


def test_an_answer_to_a_question_no_longer_asked_is_dropped(form_context: FormContext) -> None:
    values = whole(sign_width="4")
    assert "sign_width" not in entry.clean(PLAN, values, form_context)
    assert entry.validate_all(PLAN, values, {"photo": ["u"]}, form_context) == {}


def test_the_whole_holds(form_context: FormContext) -> None:
    assert entry.validate_all(PLAN, whole(), {"photo": ["u"]}, form_context) == {}


@pytest.mark.parametrize(
    ("values", "documents", "key", "code"),
    [
        (whole(), {}, "photo", "forms.paper_missing"),
        (whole(), {"photo": ["a", "b"]}, "photo", "forms.too_many_papers"),
        (whole(), {"photo": ["a"], "poem": ["b"]}, "poem", "forms.unknown"),
        (whole(poem="x"), {"photo": ["a"]}, "poem", "forms.unknown"),
        ({**whole(), "agree": None}, {"photo": ["a"]}, "agree", "forms.missing"),
        (whole(area={"m2": 4}), {"photo": ["a"]}, "area", "forms.malformed"),
        (whole(area=40), {"photo": ["a"]}, "area", "forms.malformed"),
        (whole(activities=[{}]), {"photo": ["a"]}, "activities", "forms.malformed"),
        (whole(activities=["999999"]), {"photo": ["a"]}, "activities", "forms.lookup.unknown"),
        (whole(agree={"accepted": False}), {"photo": ["a"]}, "agree", "forms.missing"),
    ],
)
def test_the_whole_is_refused(
    values: dict[str, Any], documents: dict[str, list[str]], key: str, code: str, form_context: FormContext
) -> None:
    problems = entry.validate_all(PLAN, values, documents, form_context)
    assert problems[key].code == code


def test_json_is_read_by_the_same_readers(form_context: FormContext) -> None:
    read = entry.read_json(
        PLAN, {"activities": ["471101"], "area": "٤٠", "has_sign": False, "agree": True}, form_context
    )
    assert read.values == whole()
    assert read.problems == {}


def test_json_of_the_wrong_form_is_refused(form_context: FormContext) -> None:
    read = entry.read_json(PLAN, {"area": [1], "mobile": 5, "poem": "x"}, form_context)
    assert {key: problem.code for key, problem in read.problems.items()} == {
        "area": "digits.not_a_number",
        "mobile": "ids.mobile.too_short",
        "poem": "forms.unknown",
    }


def test_prefill_takes_what_is_known_and_leaves_what_does_not_hold(form_context: FormContext) -> None:
    known = replace(form_context, applicant={"mobile": "+966551234567"}, entry={"area": "55"})
    assert entry.prefill(PLAN, known) == {"mobile": "+966551234567", "area": "55"}
    assert entry.prefill(PLAN, replace(known, applicant={"mobile": "12"}, entry={})) == {}


def test_a_fixed_answer_is_never_typed_and_never_changed(form_context: FormContext) -> None:
    group = PLAN.pages[0].groups[0]
    fixed = replace(group, fields=tuple(replace(f, fixed=f.key == "area") for f in group.fields))
    plan = replace(PLAN, pages=(replace(PLAN.pages[0], groups=(fixed,)), PLAN.pages[1]))
    known = replace(form_context, entry={"area": "55"})
    read = entry.parse_page(plan, plan.pages[0], typed(area="99"), {"area": "55"}, known)
    assert read.values["area"] == "55"
    assert entry.read_json(plan, {"area": "99"}, known).values["area"] == "55"
    assert entry.validate_all(plan, whole(area="99"), {"photo": ["u"]}, known)["area"].code == "forms.fixed"


def test_a_renewal_without_change_asks_only_what_is_never_kept(form_context: FormContext) -> None:
    assert [page.key for page in entry.short_pages(PLAN, whole(), form_context)] == ["second"]
    also = entry.short_pages(PLAN, whole(), form_context, also=("area",))
    assert [page.key for page in also] == ["first", "second"]


def test_changes_are_those_a_reader_sees() -> None:
    found = entry.changes(PLAN, whole(), whole(area="45", mobile="+966551234567"))
    assert found == {"area": ("40", "45"), "mobile": (None, "+966551234567")}


def test_facts_are_derived(form_context: FormContext) -> None:
    facts = derive(PLAN, whole(activities=["471101", "561011"], area="700", sign_width="2.5"), form_context)
    assert facts == {
        "risk": "high", "health": True, "body": "food_drug", "bodies": ["food_drug"], "least": "60", "smallest": "15",
        "m2": "1750", "big": True,
    }  # fmt: skip


def test_facts_that_cannot_be_derived_are_absent(form_context: FormContext) -> None:
    assert derive(PLAN, {}, form_context) == {"health": False, "bodies": [], "big": False}


def test_a_paper_is_asked_by_a_fact(form_context: FormContext) -> None:
    assert [slot.key for slot in entry.visible_slots(PLAN, whole(), form_context)] == ["photo"]
    high = whole(activities=["561011"], area="80")
    assert [slot.key for slot in entry.visible_slots(PLAN, high, form_context)] == ["photo", "permit"]


@pytest.mark.parametrize(
    ("values", "says", "lines"),
    [
        (whole(), "accepted", []),
        (whole(activities=["561011"], area="80"), "needs_approval", ["high"]),
        (whole(activities=["561011"]), "returned", ["high", "small"]),
        ({"activities": ["471101"]}, "returned", ["small"]),
    ],
)
def test_the_lamp(values: dict[str, Any], says: str, lines: list[str], form_context: FormContext) -> None:
    found = lamp(PLAN, values, {"photo": ["u"]}, form_context)
    assert found.says == says
    assert [line.code for line in found.lines] == lines


def test_a_page_is_shown_with_what_was_typed(form_context: FormContext) -> None:
    read = entry.parse_page(PLAN, PLAN.pages[0], typed(area="كثير"), {}, form_context)
    views = group_views(
        PLAN, PLAN.pages[0], read.values, form_context, "ar", typed=read.typed, problems=read.problems,
        remarks={"area": "صححوا المساحة"},
    )  # fmt: skip
    area = next(field for field in views[0].fields if field.key == "area")
    assert area.widget["text"] == "كثير"
    assert area.error and area.remark == "صححوا المساحة"
    assert [line.id for line in summary(PLAN, read.problems, "ar")] == ["id_area"]


def test_slots_are_shown_with_their_files(form_context: FormContext) -> None:
    views = slot_views(PLAN, PLAN.pages[1], whole(), form_context, "en", files={"photo": [{"name": "a.jpg"}]})
    assert [(view.key, view.files, view.limit) for view in views] == [
        ("photo", ({"name": "a.jpg"},), 10_000_000)
    ]
