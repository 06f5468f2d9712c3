"""Texts are found where the code asks for them, joined, and compared."""

import gettext
from pathlib import Path

import pytest

from tools import messages
from tools.messages import Message, compare, in_python, in_template


def found_in_python(source: str) -> set[Message]:
    return {message for _, message in in_python(source)}


def test_python_sources() -> None:
    source = (
        'a = _("One")\nb = gettext_lazy("Two " "parts")\nc = ngettext("{n} day", "{n} days", n)\n'
        'd = pgettext("calendar", "AH")\ne = _(variable)\n'
        'class Gone(DiwanError):\n    code = "a.b"\n    message = "It is gone."\n'
    )
    assert found_in_python(source) == {
        Message("", "One", ""),
        Message("", "Two parts", ""),
        Message("", "{n} day", "{n} days"),
        Message("calendar", "AH", ""),
        Message("", "It is gone.", ""),
    }


def test_templates() -> None:
    source = (
        '{% load i18n %}{% translate "One" %}\n{% translate "AH" context "calendar" %}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{{ _("Four") }}{# {% translate "not this" %} #}'
    )
    assert {message for _, message in in_template(source)} == {
        Message("", "One", ""),
        Message("calendar", "AH", ""),
        Message("", "%(n)s day", "%(n)s days"),
        Message("", "Four", ""),
    }


@pytest.mark.parametrize(
    ("message", "known", "words"),
    [
        (Message("", "Save", ""), {}, "no Arabic for 'Save'"),
        (Message("", "Save", ""), {"Save": "حفظ", "Old": "قديم"}, "nothing uses 'Old'"),
        (Message("", "{n} of {m}", ""), {"{n} of {m}": "{n} من"}, "{m} is missing"),
        (Message("", "Hello", ""), {"Hello": "أهلا {name}"}, "{name} is not in the English"),
        (Message("", "{n} day", "{n} days"), {"{n} day": "يوم"}, "needs plural forms"),
        (Message("", "{n} day", "{n} days"), {"{n} day": {"plural": "days", "other": "يوم"}}, "needs plural"),
    ],
)
def test_faults_are_named(message: Message, known: dict[str, object], words: str) -> None:
    assert any(words in fault for fault in compare({message: "diwan/a.py:1"}, known))


def test_arabic_has_six_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "TARGET", tmp_path)
    forms = {
        "zero": "لا أيام",
        "one": "يوم",
        "two": "يومان",
        "few": "{n} أيام",
        "many": "{n} يوما",
        "other": "{n} يوم",
    }
    message = Message("", "{n} day", "{n} days")
    assert messages.build({message: "diwan/a.py:1"}, {"{n} day": {"plural": "{n} days", **forms}}) == 1
    with (tmp_path / "django.mo").open("rb") as compiled:
        arabic = gettext.GNUTranslations(compiled)
    assert [arabic.ngettext("{n} day", "{n} days", n) for n in (0, 1, 2, 5, 11, 100)] == list(forms.values())
