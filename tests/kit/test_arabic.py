"""Arabic text: vectors of the domain notes, then each rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit.arabic import (
    clean_input,
    has_arabic,
    isolate,
    light_stem,
    loose_key,
    normalise,
    plural,
    plural_category,
    sort_key,
    stems,
    strip_bidi,
    tokens,
)
from diwan.kit.keyboard import keyboard_unmangle


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أمانةُ جـــدّة", "امانه جده"),
        ("الإِفَادَات", "الافادات"),
        ("ﻷراضي", "لاراضي"),
        ("إدارة المساحة", "اداره المساحه"),
        ("٩٤٠ ۹۴۰", "940 940"),
        ("مسؤول شئون", "مسوول شيون"),
        ("سماء", "سما"),
        ("مستشفى", "مستشفي"),
        ("پارک چای گاز ڤيلا", "بارك جاي كاز فيلا"),
        ("  رخصة\u200f \u2067محل\u2069\u00ad ", "رخصه محل"),
        ("Trade LICENCE", "trade licence"),
        ("ٱلله", "الله"),
        ("ا\u0654مانة", "امانه"),
        ("e\u200d\u0301", "é"),
        ("", ""),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_the_normal_form_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def test_searches_that_must_meet() -> None:
    assert normalise("اداره المساحه") == normalise("إدارة المساحة")
    assert tokens("عبدالرحمن") == tokens("عبد الرحمن")
    assert tokens("أبو بكر ابن محمد") == tokens("أبوبكر بن محمد")
    assert loose_key("مسئول") == loose_key("مسؤول") == "مسول"
    assert tokens("رخصة، محل (تجاري)/2026") == ["رخصه", "محل", "تجاري", "2026"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("رخصة", "والرخصة"),
        ("رخصة", "للرخصة"),
        ("مخالفات", "المخالفة"),
        ("بلدية", "البلديات"),
        ("وزارة", "والوزارة"),
        ("وكالة", "بالوكالة"),
        ("فاتورة", "الفاتورة"),
        ("مهندسون", "المهندسين"),
        ("رخصتين", "رخصة"),
        ("المطاعم", "مطعم"),
        ("محلات", "المحل"),
        ("محال", "محل"),
        ("رخص", "رخصة"),
        ("الشوارع", "شارع"),
        ("مطبات", "مطب"),
        ("الحفر", "حفرة"),
        ("أعمدة", "عمود"),
        ("والحدائق", "حديقة"),
    ],
)
def test_stems_meet(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_stems_keep_short_words_whole() -> None:
    assert [light_stem(word) for word in ("جده", "مكه", "والد", "بالغ", "وجه")] == [
        "جده",
        "مكه",
        "والد",
        "بالغ",
        "وجه",
    ]


def test_sorting_arabic() -> None:
    names = [
        "وليد",
        "البلد",
        "أحمد",
        "إلهام",
        "عبد الله",
        "عبدالرحمن",
        "آدم",
        "تبوك",
        "العزيزية",
        "هند",
        "بحرة",
        "ثول",
    ]
    expected = [
        "أحمد",
        "آدم",
        "إلهام",
        "بحرة",
        "البلد",
        "تبوك",
        "ثول",
        "عبدالرحمن",
        "عبد الله",
        "العزيزية",
        "هند",
        "وليد",
    ]
    assert sorted(names, key=sort_key) == expected
    assert sorted(["عبد الله", "عبدالرحمن"], key=sort_key) == ["عبدالرحمن", "عبد الله"]
    assert sort_key("محمد القحطاني") == sort_key("محمّد قحطاني")
    assert sort_key("المساحة") == sort_key("مساحه")
    assert sort_key("عبد الرحمن") == sort_key("عبدالرحمن")


def test_sorting_english_and_numbers() -> None:
    names = ["Zahra", "al-Qahtani", "Ash Sharafiyah", "Éclair", "Briman", "Al Balad"]
    assert sorted(names, key=sort_key) == [
        "Al Balad",
        "Briman",
        "Éclair",
        "al-Qahtani",
        "Ash Sharafiyah",
        "Zahra",
    ]
    assert sorted(["حي ١٠", "حي 2", "حي 1"], key=sort_key) == ["حي 1", "حي 2", "حي ١٠"]


@pytest.mark.parametrize(
    ("n", "category"),
    [
        *[(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many"), (99, "many")],
        *[(100, "other"), (101, "other"), (102, "other"), (103, "few"), (110, "few"), (111, "many")],
        *[(1000, "other"), (1005, "few")],
    ],
)
def test_plural_categories(n: int, category: str) -> None:
    assert plural_category(n) == category


def test_plural_forms() -> None:
    forms = {
        "zero": "لا طلبات",
        "one": "طلب",
        "two": "طلبان",
        "few": "{n} طلبات",
        "many": "{n} طلبا",
        "other": "{n} طلب",
    }
    shown = [plural(n, forms) for n in (0, 1, 2, 3, 11, 100, 103)]
    assert shown == ["لا طلبات", "طلب", "طلبان", "3 طلبات", "11 طلبا", "100 طلب", "103 طلبات"]
    assert plural(5, {"other": "{n}"}) == "5"
    english = {"one": "{n} request", "other": "{n} requests"}
    assert [plural(n, english, language="en") for n in (0, 1, 2)] == ["0 requests", "1 request", "2 requests"]


def test_directions() -> None:
    assert isolate("ABC-123/1448", "ltr") == "\u2066ABC-123/1448\u2069"
    assert isolate("\u202eevil\u2069", "auto") == "\u2068evil\u2069"
    assert strip_bidi("\u2067a\u2069\u061cb\u200e") == "ab"
    assert clean_input("سطر\r\nآخر\u202e\u0000\u200b ن\u200cم") == "سطر\nآخر ن\u200cم"
    assert has_arabic("x ب") and not has_arabic("x 1 ٠")


@pytest.mark.parametrize(
    ("mangled", "meant"),
    [
        ("٢٦١-٠٠٠٠-٠٠١٤", "261-0000-0014"),
        ("261-0000-0014", "261-0000-0014"),
        ("ضصثقفغ", "qwerty"),
        ("اففحس:ظظ", "https://"),
        ("\u064c\u064c\u064c]2929", "RRRD2929"),
        ("لاشق", "bar"),
        ("ﻻشق", "bar"),
        ("لأخى", "Gon"),
        ("؟ؤ=1", "?c=1"),
        ("plain-Text.9", "plain-Text.9"),
    ],
)
def test_the_layout_is_undone(mangled: str, meant: str) -> None:
    assert keyboard_unmangle(mangled) == meant
