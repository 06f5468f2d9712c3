"""Every kind's template renders in both languages, with label, help, error and what was typed, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.plan import Field, Slot
from diwan.forms.raw import Raw
from diwan.forms.registry import kinds
from diwan.forms.showing import field_view, slot_view
from diwan.kit.errors import Problem
from tests.forms.conftest import BOTH

OPTIONS: dict[str, Any] = {
    "choices": [{"code": "a", "name": BOTH, "help": BOTH}], "lookup": "activities", "text": BOTH, "version": "1",
}  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", [found.name for found in kinds() if found.name != "file"])
def test_a_widget(name: str, language: str, context: FormContext) -> None:
    field = Field("x", name, Text("السؤال", "The question"), Text("مساعدة", "Some help"), options=OPTIONS)
    problems = {"x": Problem("forms.missing", "Write an answer here.")}
    with translation.override(language):
        view = field_view(field, Raw({}), None, context, language, problems, {"x": "صححوا هذا"})
        page = render_to_string(view.template, {"field": view})
    assert "صححوا هذا" in page
    assert ("السؤال" if language == "ar" else "The question") in page or name == "declaration"
    assert view.error in page
    assert 'name="x' in page
    assert "<script" not in page and "style=" not in page


def test_a_search_keeps_what_is_chosen(context: FormContext) -> None:
    field = Field("x", "lookups", Text("نشاط", "Activity"), options={"lookup": "activities"})
    raw = Raw({"x": ["561011"], "x-find": "حلاقه"})
    view = field_view(field, raw, ["561011"], context, "ar", {}, {})
    page = render_to_string(view.template, {"field": view})
    assert '<input type="hidden" name="x" value="561011">' in page
    assert 'value="960201"' in page


def test_a_slot(context: FormContext) -> None:
    slot = Slot("facade", Text("صورة الواجهة", "Façade"), kinds=("image",), most=3)
    page = render_to_string("forms/file.html", {"slot": slot_view(slot, "ar", [{"name": "a.jpg"}], None)})
    assert 'accept="image/*"' in page and "a.jpg" in page and "multiple" in page
