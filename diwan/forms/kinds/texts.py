"""Free text: any script, Arabic, Latin, a longer note; and a declaration to confirm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.dates import Part
from diwan.kit.errors import N_, InvalidValue, plural_message
from diwan.rules.types import CelType

DEFAULT_MOST = 200
_ARABIC = re.compile("[\u0621-\u064a]")
_NOT_ARABIC = re.compile("[A-Za-z]")
_UNUSUAL = re.compile("[^\\w\\s!-/:-@\\[-`{-~،؛؟]|[\U0001f000-\U0010ffff]")
_LATIN = re.compile("[A-Za-z]")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LENGTH = (
    Option("least", "integer", "Fewest characters (1)"),
    Option("most", "integer", "Most characters (200)"),
)
_TOO_LONG = plural_message(
    "This is one character too long. The limit is {most} characters.",
    "This is {extra} characters too long. The limit is {most} characters.",
    count="extra",
)
_TOO_SHORT = plural_message(
    "This is too short. Write one character at least.",
    "This is too short. Write {least} characters at least.",
    count="least",
)


def tidy(text: str, *, lines: bool = False) -> str:
    """NFC, without invisible marks; spaces collapsed (line ends kept when `lines`)."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    if lines:
        return "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()
    return " ".join(plain.split())


def has_picture(text: str) -> bool:
    """Whether the text holds emoji or other pictures, which signs and licences cannot print."""
    return any(
        unicodedata.category(sign) in ("So", "Cs", "Co", "Cn")
        or ord(sign) >= 0x1F000
        or sign in "\u20e3\ufe0f"
        for sign in _UNUSUAL.findall(text)
    )


class _Text(FieldKind):
    lines = False

    def read(self, raw: Raw, field: Field, context: FormContext) -> str | None:
        text = tidy(raw.one(field.key), lines=self.lines)
        if not text:
            return None
        if has_picture(text):
            raise InvalidValue(
                "forms.text.picture",
                N_("Leave out emoji and pictures: they can't be printed. Use letters and digits."),
            )
        self.script(text)
        self.length(text, field)
        return text

    def script(self, text: str) -> None:
        """Refuse letters of the wrong script."""

    def length(self, text: str, field: Field) -> None:
        """Refuse too short and too long, saying by how much."""
        least, most = field.option("least", 1), field.option("most", DEFAULT_MOST)
        if len(text) > most:
            raise InvalidValue("forms.text.too_long", _TOO_LONG, most=most, extra=len(text) - most)
        if len(text) < least:
            raise InvalidValue("forms.text.too_short", _TOO_SHORT, least=least)

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": field.option("least", 1),
            "maxLength": field.option("most", DEFAULT_MOST),
            "description": self.about,
        }

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {
            "text": raw.one(field.key),
            "most": field.option("most", DEFAULT_MOST),
            "lang": "",
            "dir": "auto",
        }


@register
class PlainText(_Text):
    name = "text"
    title = Text("نص", "Text")
    about = "One line of text in any script, without emoji."
    options = _LENGTH


@register
class LongText(_Text):
    name = "note"
    title = Text("نص طويل", "Longer text")
    about = "Several lines of text, without emoji."
    template = "forms/note.html"
    options = _LENGTH
    lines = True


@register
class ArabicText(_Text):
    name = "text_ar"
    title = Text("نص عربي", "Arabic text")
    about = "One line in Arabic letters; Latin letters are refused."
    options = _LENGTH
    missing = N_("Write it in Arabic letters.")

    def script(self, text: str) -> None:
        if not _ARABIC.search(text) or _NOT_ARABIC.search(text):
            raise InvalidValue("forms.text_ar.script", N_("Write this in Arabic letters only."))

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {**super().widget(field, raw, language, context), "lang": "ar", "dir": "rtl"}


@register
class LatinText(_Text):
    name = "text_en"
    title = Text("نص لاتيني", "Latin text")
    about = "One line in Latin letters; Arabic letters are refused."
    options = _LENGTH
    missing = N_("Write it in Latin letters.")

    def script(self, text: str) -> None:
        if not _LATIN.search(text) or _ARABIC.search(text):
            raise InvalidValue("forms.text_en.script", N_("Write this in Latin letters only."))

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        return () if value is None else (Part(str(value), ltr=True),)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {**super().widget(field, raw, language, context), "lang": "en", "dir": "ltr"}


@register
class Declaration(FieldKind):
    """`{"accepted": true, "version": "1"}`: a text confirmed; the version says which wording."""

    name = "declaration"
    title = Text("إقرار", "Declaration")
    about = "A statement to confirm; the value keeps the version of the wording."
    template = "forms/declaration.html"
    options = (
        Option("text", "bilingual", "What is declared", required=True),
        Option("version", "text", "Version of the wording", required=True),
        Option("article", "text", "Code of the article it rests on"),
    )
    missing = N_("Confirm this declaration to go on.")
    cel_type = CelType.BOOL

    def read(self, raw: Raw, field: Field, context: FormContext) -> dict[str, Any] | None:
        if raw.one(field.key) not in ("1", "on", "true", "yes"):
            return None
        return {"accepted": True, "version": field.option("version")}

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, Mapping) and value.get("accepted") is True

    def schema(self, field: Field) -> dict[str, Any]:
        return {"const": True, "description": field.option("text")["en"]}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        accepted = value.get("accepted") if isinstance(value, Mapping) else value
        return {field.key: "1"} if accepted is True else {}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        return () if not value else (Part("أُقرّ بذلك" if language == "ar" else "Declared"),)

    def bind(self, value: Any, field: Field) -> bool:
        return bool(value)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {"checked": bool(self.read(raw, field, context)), "declared": field.option("text")[language]}
