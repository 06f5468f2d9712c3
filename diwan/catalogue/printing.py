"""What the document of a service prints, from the answers and facts of a case: a real one, or one that is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.schema import Result, ResultRow
from diwan.documents.contents import last_day
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.registry import kind
from diwan.kit import numbers
from diwan.kit.dates import both_calendars, joined


@dataclass(frozen=True, kw_only=True)
class Printing:
    """What is known: answers (`data`), facts derived from them, the entry that it is about, who holds the document, the
    words written last at a step, the rules that led here in their own words ({ar, en}), and the variables of rules."""

    service: CompiledService
    context: FormContext
    data: Mapping[str, Any]
    derived: Mapping[str, Any]
    entry: Mapping[str, Any]
    holder: Mapping[str, Any]
    noted: Callable[[str], str]
    why: Sequence[Mapping[str, str]]
    variables: Mapping[str, Any]
    number: int


def contents_of(known: Printing) -> dict[str, Any]:
    """Sections, activities, conditions, reasons and term, from the result that the service defines.

    Shape: see `diwan.documents.contents`. ValueError for a service that ends in no document.
    """
    result = known.service.result
    if result is None:
        raise ValueError(f"{known.service.slug} ends in no document")
    sections = []
    for section in result.sections:
        rows = [
            {"label": _both(row.label), "value": _value(row, known)}
            for row in section.rows
            if known.service.holds(row.when, known.variables)
        ]
        sections.append({"title": _both(section.title), "rows": [row for row in rows if row["value"]]})
    return {
        "title": _both(result.title),
        "sections": sections,
        "activities": _activities(result, known),
        "conditions": [_both(text) for text in result.conditions],
        "why": [dict(pair) for pair in dict.fromkeys(tuple(sorted(text.items())) for text in known.why)],
        "card": {name: _source(source, known) for name, source in result.card.items()},
        "term": _term(result, known),
    }


def _both(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def _source(source: str, known: Printing) -> Any:
    """The value behind `form.x`, `facts.x`, `applicant.x`, `note.x`, `entry.x`, `case.number`, in both languages where
    words differ."""
    space, _, name = source.partition(".")
    if space == "form":
        return _answer(name, known)
    if space == "applicant":
        return _applicant(name, known.holder)
    if space == "entry":
        return _of_entry(name, known.entry)
    if space == "note":
        return known.noted(name)
    held: Mapping[str, Any] = known.derived if space == "facts" else {"number": known.number}
    value = held.get(name, "")
    return value if isinstance(value, dict) else str(value)


def _answer(name: str, known: Printing) -> Any:
    field = known.service.form.field(name)
    if field is None or known.data.get(name) is None:
        return ""
    reader = kind(field.kind)
    ar, en = (
        joined(reader.show(known.data[name], field, language, known.context), isolated=False)
        for language in ("ar", "en")
    )
    return ar if ar == en else {"ar": ar, "en": en}


def _of_entry(name: str, entry: Mapping[str, Any]) -> Any:
    """The number of the entry that the case is about as people read it, or one of its dates in both calendars."""
    value = str(entry.get(name, ""))
    if name == "number":
        return numbers.show_document_number(value)
    day = date.fromisoformat(value)
    return {"ar": joined(both_calendars(day, "ar")), "en": joined(both_calendars(day, "en"))}


def _applicant(name: str, applicant: Mapping[str, Any]) -> Any:
    if name in applicant:
        return str(applicant[name])
    ar, en = applicant.get(f"{name}_ar", ""), applicant.get(f"{name}_en", "")
    return {"ar": ar, "en": en or ar} if ar else ""


def _value(row: ResultRow, known: Printing) -> Any:
    value = _source(row.source, known)
    if isinstance(value, str) and value and value.isascii():
        return {"ltr": value}
    return value


def _activities(result: Result, known: Printing) -> list[dict[str, Any]]:
    if result.activities is None:
        return []
    chosen = known.data.get(result.activities) or []
    codes = [chosen] if isinstance(chosen, str) else list(chosen)
    rows = [known.context.lookups.row("activities", code) for code in codes]
    return [
        {"code": row.code, "name": _both(row.name), "main": number == 0}
        for number, row in enumerate(rows)
        if row is not None
    ]


def _term(result: Result, known: Printing) -> dict[str, Any] | None:
    term = result.term
    if term is None:
        return None
    made: dict[str, Any] = {"calendar": term.calendar}
    if term.years is not None:
        space, _, name = term.years.partition(".")
        years = (known.data if space == "form" else known.derived).get(name or space)
        made["years"] = int(term.years if term.years.isdecimal() else str(years))
    if term.until is not None:
        made["until"] = str(known.data[term.until.partition(".")[2]]["date"])
    if term.starts == "expiry" and known.entry.get("valid_to"):
        start = date.fromisoformat(str(known.entry["valid_to"])) + timedelta(days=1)
        end = last_day(made, start) or start
        return {"from": start.isoformat(), "to": end.isoformat()}
    if term.ends == "entry":
        made["until"] = str(known.context.entry.get("valid_to") or known.entry["valid_to"])
    return made
