"""Choices: of a short list in the definition, or of a lookup with search; one or several; yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.lookups import Row
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.arabic import light_stem, normalise, stems
from diwan.kit.dates import Part
from diwan.kit.errors import N_, InvalidValue, plural_message
from diwan.rules.types import CelType

_CHOOSE_ONE = N_("Choose one answer.")
_NOT_OFFERED = N_("This answer is not offered. Choose one of the list.")
_NOT_TAKEN = N_("This choice is not taken by this service. Choose another, or use another service.")
_TOO_MANY = plural_message("Choose one answer at most.", "Choose {most} answers at most.", count="most")
_LOOKUP = (
    Option("lookup", "text", "Name of the lookup", required=True),
    Option("where", "map", "Only rows whose columns have these values"),
    Option("where_text", "bilingual", "What to do when a row is refused by `where`"),
)
SHOWN_AT_ONCE = 12
FOUND_AT_MOST = 8


def _choices(
    options: list[tuple[str, str, str]], chosen: list[str], *, many: bool, select: bool
) -> Mapping[str, Any]:
    """What the choice template reads; `value` is a list for several answers, else one code."""
    value: Any = chosen if many else (chosen[-1] if chosen else "")
    return {"options": options, "value": value, "many": many, "select": select}


def _offered(field: Field) -> list[dict[str, Any]]:
    """The answers of a short list as JSON Schema names them one by one."""
    return [
        {"const": choice["code"], "title": choice["name"]["en"], "x-title-ar": choice["name"]["ar"]}
        for choice in field.option("choices")
    ]


def offered_rows(field: Field, context: FormContext) -> list[Row]:
    """The rows of its lookup that a field takes, in Arabic order; empty for a field of another kind."""
    name = field.option("lookup")
    return [row for row in context.lookups.rows(name) if _fits(row, field)] if name else []


def _comma(language: str) -> str:
    return "، " if language == "ar" else ", "


@register
class Choice(FieldKind):
    name = "choice"
    title = Text("اختيار واحد", "One of a list")
    about = "One of a short list written in the definition."
    template = "forms/choice.html"
    options: ClassVar[tuple[Option, ...]] = (
        Option("choices", "choices", "The answers: code, name, help", required=True),
        Option("style", "text", "radio or select", among=("radio", "select")),
    )
    missing = _CHOOSE_ONE

    def read(self, raw: Raw, field: Field, context: FormContext) -> str | None:
        typed = raw.one(field.key)
        if typed and typed not in {choice["code"] for choice in field.option("choices")}:
            raise InvalidValue("forms.choice.unknown", _NOT_OFFERED)
        return typed or None

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "oneOf": _offered(field)}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        names = [choice["name"][language] for choice in field.option("choices") if choice["code"] == value]
        return (Part(names[0]),) if names else ()

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        chosen = raw.many(field.key)
        options = [
            (choice["code"], choice["name"][language], choice["help"][language] if "help" in choice else "")
            for choice in field.option("choices")
        ]
        return _choices(options, chosen, many=self.name == "multi", select=field.option("style") == "select")


@register
class YesNo(Choice):
    name = "yes_no"
    title = Text("نعم أو لا", "Yes or no")
    about = "Yes or no."
    options = ()
    missing = N_("Choose yes or no.")
    cel_type = CelType.BOOL

    def read(self, raw: Raw, field: Field, context: FormContext) -> Any:
        typed = raw.one(field.key).lower()
        if not typed:
            return None
        if typed not in ("yes", "no", "true", "false", "1", "0"):
            raise InvalidValue("forms.yes_no.unknown", N_("Choose yes or no."))
        return typed in ("yes", "true", "1")

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, bool)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        if isinstance(value, bool):
            return {field.key: "yes" if value else "no"}
        return {} if value is None else {field.key: str(value)}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        words = ("نعم", "لا") if language == "ar" else ("Yes", "No")
        return () if value is None else (Part(words[0] if value else words[1]),)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        words = ("نعم", "لا") if language == "ar" else ("Yes", "No")
        options = [("yes", words[0], ""), ("no", words[1], "")]
        return _choices(options, raw.many(field.key), many=False, select=False)


@register
class Multi(Choice):
    name = "multi"
    title = Text("اختيار متعدد", "Several of a list")
    about = "Several of a short list written in the definition."
    options = (Choice.options[0], Option("most", "integer", "Most answers"))
    missing = N_("Choose one answer at least.")
    cel_type = CelType.STRINGS

    def read(self, raw: Raw, field: Field, context: FormContext) -> Any:
        typed = raw.many(field.key)
        known = [choice["code"] for choice in field.option("choices")]
        if any(code not in known for code in typed):
            raise InvalidValue("forms.choice.unknown", _NOT_OFFERED)
        _check_count(typed, field)
        return [code for code in known if code in typed] or None

    def well_formed(self, value: Any) -> bool:
        return _is_list(value)

    def schema(self, field: Field) -> dict[str, Any]:
        many = {"type": "array", "items": {"type": "string", "oneOf": _offered(field)}, "uniqueItems": True}
        most = field.option("most")
        return many if most is None else {**many, "maxItems": most}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        return _raw_list(value, field)

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        names = [
            choice["name"][language] for choice in field.option("choices") if choice["code"] in (value or ())
        ]
        return (Part(_comma(language).join(names)),) if names else ()

    def bind(self, value: Any, field: Field) -> list[str]:
        return list(value)


@register
class Lookup(FieldKind):
    name = "lookup"
    title = Text("اختيار من قائمة مرجعية", "One row of a lookup")
    about = "One row of a lookup, found by typing in any spelling; works without JavaScript."
    template = "forms/lookup.html"
    options: ClassVar[tuple[Option, ...]] = _LOOKUP
    missing = N_("Search and choose one of the list.")
    parts = ("find", "drop")

    def read(self, raw: Raw, field: Field, context: FormContext) -> Any:
        code = raw.one(field.key)
        if not code:
            return None
        self.offered(code, field, context)
        return code

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "description": f"Code of a row of `{field.option('lookup')}`"}

    def offered(self, code: str, field: Field, context: FormContext) -> Row:
        """The row, or InvalidValue when it does not exist on the day or this service does not take it."""
        row = context.lookups.row(field.option("lookup"), code)
        if row is None:
            raise InvalidValue("forms.lookup.unknown", _NOT_OFFERED)
        if not _fits(row, field):
            raise InvalidValue("forms.lookup.where", _NOT_TAKEN, texts=field.option("where_text"))
        return row

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        codes = [value] if isinstance(value, str) else list(value or ())
        names = []
        for code in codes:
            row = context.lookups.row(field.option("lookup"), code)
            names.append(code if row is None else (row.name.en if language == "en" else row.name.ar))
        return (Part(_comma(language).join(names)),) if names else ()

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        name, chosen = field.option("lookup"), raw.many(field.key)
        rows = [row for row in context.lookups.rows(name) if _fits(row, field)]
        typed = raw.one(f"{field.key}-find")
        found = rows if len(rows) <= SHOWN_AT_ONCE else search_rows(rows, typed)[:FOUND_AT_MOST]
        return {
            "lookup": name,
            "find": typed,
            "many": self.name == "lookups",
            "most": field.option("most", 1),
            "chosen": _options(
                [row for code in chosen if (row := context.lookups.row(name, code))], language
            ),
            "found": _options([row for row in found if row.code not in chosen], language),
            "nothing": bool(typed) and not found,
            "short": len(rows) <= SHOWN_AT_ONCE,
            "full": len(chosen) >= field.option("most", 5 if self.name == "lookups" else 1)
            and self.name == "lookups",
        }


@register
class ManyLookup(Lookup):
    name = "lookups"
    title = Text("اختيار متعدد من قائمة مرجعية", "Several rows of a lookup")
    about = "Several rows of a lookup; the first is the main one."
    options = (*_LOOKUP, Option("most", "integer", "Most rows (5)"))
    missing = N_("Search and choose one at least.")
    cel_type = CelType.STRINGS

    def read(self, raw: Raw, field: Field, context: FormContext) -> list[str] | None:
        codes = [code for code in raw.many(field.key) if code != raw.one(f"{field.key}-drop")]
        for code in codes:
            self.offered(code, field, context)
        _check_count(codes, field, default=5)
        return codes or None

    def well_formed(self, value: Any) -> bool:
        return _is_list(value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(field), "maxItems": field.option("most", 5)}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        return _raw_list(value, field)

    def bind(self, value: Any, field: Field) -> list[str]:
        return list(value)


def search_rows(rows: list[Row], typed: str) -> list[Row]:
    """Rows in which every typed word occurs, whatever the spelling of hamza and ta; name matches first."""
    words = normalise(typed).split()
    if not words:
        return []
    hits = [row for row in rows if all(_occurs(word, row.search_key) for word in words)]
    return sorted(hits, key=lambda row: (words[0] not in normalise(row.name.ar), row.sort_key))


def _occurs(word: str, key: str) -> bool:
    """Whether a word, its stem, or a word of the same stem (مطاعم, مطعم) is in the search form of a row."""
    stem = light_stem(word)
    return word in key or stem in key or stem in stems(key)


def _fits(row: Row, field: Field) -> bool:
    where = field.option("where") or {}
    return all(
        row.data.get(column) in (value if isinstance(value, list) else [value])
        for column, value in where.items()
    )


def _options(rows: list[Row], language: str) -> list[dict[str, str]]:
    return [{"code": row.code, "name": row.name.en if language == "en" else row.name.ar} for row in rows]


def _check_count(codes: list[str], field: Field, default: int | None = None) -> None:
    most = field.option("most", default)
    if most is not None and len(codes) > most:
        raise InvalidValue("forms.choice.too_many", _TOO_MANY, most=most)


def _raw_list(value: Any, field: Field) -> dict[str, str | list[str]]:
    if value is None:
        return {}
    return {field.key: [str(item) for item in value] if isinstance(value, list | tuple) else str(value)}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
