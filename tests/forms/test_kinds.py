"""Each field kind: what it reads, what it refuses and with which words, what it shows."""

from __future__ import annotations

from typing import Any

import pytest

from diwan.forms.context import FormContext
from diwan.forms.raw import Raw
from diwan.forms.registry import kind, kinds
from diwan.kit.dates import joined
from diwan.kit.errors import InvalidValue
from tests.forms.conftest import BOTH, ask

CHOICES = [
    {"code": "a", "name": {"ar": "أول", "en": "First"}},
    {"code": "b", "name": {"ar": "ثان", "en": "Second"}},
]

ACCEPTED: list[tuple[str, dict[str, Any], dict[str, Any], Any, str]] = [
    ("text", {}, {"x": "  محل   الواحة "}, "محل الواحة", "محل الواحة"),
    ("note", {}, {"x": "سطر\r\nسطر  ثان"}, "سطر\nسطر ثان", "سطر\nسطر ثان"),
    ("text_ar", {}, {"x": "مطعم ليالي الواحة 2"}, "مطعم ليالي الواحة 2", "مطعم ليالي الواحة 2"),
    ("text_en", {}, {"x": "Oasis & Co."}, "Oasis & Co.", "Oasis & Co."),
    ("number", {"unit": BOTH}, {"x": "١٢٫٥٠"}, "12.5", "12.5 نص"),
    ("integer", {"least": 1, "most": 3}, {"x": "٣"}, 3, "3"),
    ("area", {"least": 5}, {"x": "1,200"}, "1200", "1,200 م²"),
    ("money", {}, {"x": "١٬٠٩١٫٥"}, 109150, "1,091.50 ر.س"),
    ("choice", {"choices": CHOICES}, {"x": "b"}, "b", "ثان"),
    ("yes_no", {}, {"x": "no"}, False, "لا"),
    ("multi", {"choices": CHOICES}, {"x": ["b", "a"]}, ["a", "b"], "أول، ثان"),
    ("lookup", {"lookup": "activities"}, {"x": "561011"}, "561011", "مطعم"),
    ("lookups", {"lookup": "activities"}, {"x": ["561011", "471101"]}, ["561011", "471101"], "مطعم، بقالة"),
    (
        "date",
        {},
        {"x": "1448/06/11"},
        {"date": "2026-11-21", "entered": "hijri"},
        "1448/06/11هـ الموافق 2026/11/21م",
    ),
    (
        "date",
        {},
        {"x-day": "٢١", "x-month": "11", "x-year": "2026", "x-calendar": "gregorian"},
        {"date": "2026-11-21", "entered": "gregorian"},
        "1448/06/11هـ الموافق 2026/11/21م",
    ),
    ("person_id", {}, {"x": "٢١٢٣٤٥٦٧٨٨"}, "2123456788", "2123456788"),
    ("national_id", {}, {"x": "1012345672"}, "1012345672", "1012345672"),
    ("iqama", {}, {"x": "2123456788"}, "2123456788", "2123456788"),
    ("mobile", {}, {"x": "055 123 4567"}, "+966551234567", "055 123 4567"),
    ("cr_number", {}, {"x": "1010123456"}, "1010123456", "1010123456"),
    ("unified_number", {}, {"x": "7001234567"}, "7001234567", "7001234567"),
    (
        "iban",
        {},
        {"x": "SA03 8000 0000 6080 1016 7519"},
        "SA0380000000608010167519",
        "SA03 8000 0000 6080 1016 7519",
    ),
    ("short_address", {}, {"x": "rrrd2929"}, "RRRD2929", "RRRD2929"),
    ("deed_number", {}, {"x": "310105012345"}, "310105012345", "310105012345"),
    ("ejar_number", {}, {"x": "10234567891"}, "10234567891", "10234567891"),
    (
        "declaration",
        {"text": BOTH, "version": "2"},
        {"x": "1"},
        {"accepted": True, "version": "2"},
        "أُقرّ بذلك",
    ),
    ("file", {"most": 2}, {"x": ["u1", "u2"]}, ["u1", "u2"], "2"),
]

REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("text", {"most": 5}, {"x": "اسم طويل جدا"}, "forms.text.too_long"),
    ("text", {"least": 3}, {"x": "اب"}, "forms.text.too_short"),
    ("text", {}, {"x": "محل 😀"}, "forms.text.picture"),
    ("text", {}, {"x": "نجمة ★"}, "forms.text.picture"),
    ("text_ar", {}, {"x": "Oasis"}, "forms.text_ar.script"),
    ("text_ar", {}, {"x": "مطعم Oasis"}, "forms.text_ar.script"),
    ("text_en", {}, {"x": "الواحة"}, "forms.text_en.script"),
    ("number", {}, {"x": "كثير"}, "digits.not_a_number"),
    ("number", {}, {"x": "1.234"}, "forms.number.decimals"),
    ("number", {"least": "0.5"}, {"x": "0.2"}, "forms.number.too_small"),
    ("area", {"least": 5}, {"x": "3"}, "forms.number.too_small"),
    ("area", {"most": 100}, {"x": "101"}, "forms.number.too_large"),
    ("number", {}, {"x": "1" * 20}, "forms.number.absurd"),
    ("integer", {}, {"x": "2.5"}, "digits.not_whole"),
    ("choice", {"choices": CHOICES}, {"x": "z"}, "forms.choice.unknown"),
    ("multi", {"choices": CHOICES, "most": 1}, {"x": ["a", "b"]}, "forms.choice.too_many"),
    ("multi", {"choices": CHOICES}, {"x": ["z"]}, "forms.choice.unknown"),
    ("yes_no", {}, {"x": "perhaps"}, "forms.yes_no.unknown"),
    ("lookup", {"lookup": "activities"}, {"x": "999999"}, "forms.lookup.unknown"),
    ("lookup", {"lookup": "activities", "where": {"risk": "low"}}, {"x": "561011"}, "forms.lookup.where"),
    ("lookups", {"lookup": "activities", "most": 1}, {"x": ["561011", "471101"]}, "forms.choice.too_many"),
    ("date", {}, {"x-day": "30", "x-month": "6", "x-year": "1448", "x-calendar": "hijri"}, "hijri.day"),
    ("date", {}, {"x-day": "30", "x-month": "", "x-year": "1448"}, "forms.date.incomplete"),
    ("date", {"not_after_today": True}, {"x": "2027/01/01"}, "forms.date.future"),
    ("date", {"not_before_today": True}, {"x": "2026/11/20"}, "forms.date.past"),
    ("date", {"years_back": 5}, {"x": "2020/01/01"}, "forms.date.too_early"),
    ("date", {"years_ahead": 1}, {"x": "2030/01/01"}, "forms.date.too_late"),
    ("person_id", {}, {"x": "101234567"}, "ids.national_id.too_short"),
    ("person_id", {}, {"x": "1071724369"}, "ids.national_id.check_digit"),
    ("national_id", {}, {"x": "2123456788"}, "forms.national_id.iqama"),
    ("iqama", {}, {"x": "1012345672"}, "forms.iqama.citizen"),
    ("unified_number", {}, {"x": "1001234567"}, "ids.unified.prefix"),
    ("iban", {}, {"x": "SA0380000000608010167510"}, "ids.iban.check_digits"),
    ("short_address", {}, {"x": "RRR2929"}, "ids.short_address.shape"),
    ("place", {}, {"x-lat": "north", "x-lon": "39"}, "forms.place.not_a_point"),
    ("place", {}, {"x-lat": "91", "x-lon": "39"}, "forms.place.not_a_point"),
    ("place", {}, {"x-lat": "-5", "x-lon": "39"}, "forms.place.outside"),
    ("place", {}, {"x-find": "سلطان"}, "forms.place.choose"),
    ("file", {"most": 1}, {"x": ["u1", "u2"]}, "forms.file.too_many"),
]


@pytest.mark.parametrize(("name", "options", "typed", "value", "shown"), ACCEPTED)
def test_it_reads_and_shows(
    name: str, options: dict[str, Any], typed: dict[str, Any], value: Any, shown: str, context: FormContext
) -> None:
    field, reader = ask(name, **options), kind(name)
    assert reader.read(Raw(typed), field, context) == value
    assert joined(reader.show(value, field, "ar", context)) == shown


@pytest.mark.parametrize(("name", "options", "typed", "value", "shown"), ACCEPTED)
def test_a_stored_value_reads_as_itself(
    name: str, options: dict[str, Any], typed: dict[str, Any], value: Any, shown: str, context: FormContext
) -> None:
    """What is shown again in a form, or sent by a partner as JSON, is read to the same value."""
    field, reader = ask(name, **options), kind(name)
    again = reader.read(Raw(reader.raw(value, field)), field, context)
    assert again == value
    assert not reader.changed(value, again)
    reader.check(value, field, context)


@pytest.mark.parametrize(("name", "options", "typed", "code"), REFUSED)
def test_it_refuses(
    name: str, options: dict[str, Any], typed: dict[str, Any], code: str, context: FormContext
) -> None:
    with pytest.raises(InvalidValue) as caught:
        kind(name).read(Raw(typed), ask(name, **options), context)
    assert caught.value.problem.code == code


def test_every_kind_is_tried_here() -> None:
    tried = {row[0] for row in ACCEPTED} | {"place"}
    assert {found.name for found in kinds()} == tried


@pytest.mark.parametrize("found", kinds(), ids=lambda found: found.name)
def test_nothing_typed_is_no_answer(found: Any, context: FormContext) -> None:
    options = {"choices": CHOICES, "lookup": "activities", "text": BOTH, "version": "1"}
    assert found.read(Raw({}), ask(found.name, **options), context) is None


def test_a_pin_knows_its_district(context: FormContext) -> None:
    reader, field = kind("place"), ask("place")
    value = reader.read(
        Raw({"x-lat": "٢١٫٥", "x-lon": "39.2", "x-how": "gps", "x-accuracy": "12.4"}), field, context
    )
    assert value == {
        "lat": "21.500000", "lng": "39.200000", "how": "gps", "accuracy": 12, "district": "D-1", "municipality": "102",
    }  # fmt: skip
    assert joined(reader.show(value, field, "ar", context)) == "الروضة · 21.50000, 39.20000"
    assert reader.read(Raw(reader.raw(value, field)), field, context) == value


def test_a_street_is_picked_without_scripts(context: FormContext) -> None:
    reader, field = kind("place"), ask("place")
    found = reader.widget(field, Raw({"x-find": "الأمير سلطان"}), "ar", context)
    assert found["candidates"] == [{"point": "21.5,39.2", "name": "شارع الأمير سلطان"}]
    assert reader.read(Raw({"x-pick": "21.5,39.2"}), field, context)["how"] == "search"
    stale = {"x-pick": "21.5,39.2", "x-lat": "21.6", "x-lon": "39.3", "x-how": "gps", "x-accuracy": "12"}
    picked = reader.read(Raw(stale), field, context)
    assert (picked["lat"], picked["how"], "accuracy" in picked) == ("21.500000", "search", False)
    named = reader.read(Raw({"x-find": "الأمير سلطان", "x-pick": "21.5,39.2"}), field, context)
    assert named["near"] == "شارع الأمير سلطان"
    assert (
        reader.read(Raw(reader.raw(named, field)), field, context)["near"] == named["near"]
    )  # sent once more


def test_a_lookup_is_searched_in_any_spelling(context: FormContext) -> None:
    widget = kind("lookups").widget(
        ask("lookups", lookup="activities"), Raw({"x-find": "بقاله"}), "ar", context
    )
    assert "471101" in [row["code"] for row in widget["found"]]


def test_a_row_is_dropped_by_its_button(context: FormContext) -> None:
    typed = Raw({"x": ["561011", "471101"], "x-drop": "561011"})
    assert kind("lookups").read(typed, ask("lookups", lookup="activities"), context) == ["471101"]


def test_invisible_marks_are_dropped(context: FormContext) -> None:
    assert kind("text").read(Raw({"x": "محل\u200f \u202eالواحة"}), ask("text"), context) == "محل الواحة"


def test_the_other_calendar_is_shown_at_once(context: FormContext) -> None:
    typed = {"x-day": "11", "x-month": "6", "x-year": "1448", "x-calendar": "hijri"}
    assert "2026/11/21" in kind("date").widget(ask("date"), Raw(typed), "ar", context)["both"]
