"""What the document of a case prints, as data: made once when it is approved, printed exactly so when it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from diwan.cases.context import entry_number, form_context
from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, History
from diwan.cases.parties import holder_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.schema import Result, ResultRow
from diwan.documents.contents import last_day
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.entry import changes
from diwan.forms.registry import kind
from diwan.kit import clock, numbers
from diwan.kit.dates import both_calendars, joined


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a document holds, both ends included; without end when `valid_to` is None."""

    valid_from: date
    valid_to: date | None


def document_contents(case: Case, service: CompiledService, template: str) -> dict[str, Any]:
    """The contents that were approved, or, when nobody had to approve, those of now."""
    approved = case.facts.get("approved", {}).get(template)
    return dict(approved) if approved is not None else make_contents(case, service)


def make_contents(case: Case, service: CompiledService) -> dict[str, Any]:
    """Sections, activities, conditions, reasons and term, from the result that the service defines.

    Shape: see `diwan.documents.contents`.
    """
    result = _result(service)
    context = form_context(service, applicant=case.applicant, renews=entry_number(case.facts))
    variables = rule_facts(service, case)
    sections = []
    for section in result.sections:
        rows = [
            {"label": _both(row.label), "value": _value(row, case, service, context)}
            for row in section.rows
            if service.holds(row.when, variables)
        ]
        sections.append({"title": _both(section.title), "rows": [row for row in rows if row["value"]]})
    return {
        "title": _both(result.title),
        "sections": sections,
        "activities": _activities(result, case, context),
        "conditions": [_both(text) for text in result.conditions],
        "why": _reasons(case),
        "card": _card(result, case, service, context),
        "term": _term(result, case, context),
    }


def against_entry(case: Case, service: CompiledService) -> dict[str, list[Any]]:
    """Field -> [what the entry that the case is about had, what the case says] where the applicant changed it."""
    before = case.facts.get("entry", {}) if case.facts.get("about") else {}
    own = {found.key for page, _group, found in service.form.placed() if not page.by}
    now = {key: case.data.get(key) for key in before if key in own}
    kept = {key: before[key] for key in now}
    return {key: list(pair) for key, pair in changes(service.form, kept, now).items() if key in kept}


def validity(contents: Mapping[str, Any]) -> Validity:
    """The dates of a document issued today under its approved term."""
    term = contents["term"]
    if term is not None and "to" in term:
        return Validity(date.fromisoformat(term["from"]), date.fromisoformat(term["to"]))
    return Validity(clock.today(), last_day(term, clock.today()))


def _result(service: CompiledService) -> Result:
    if service.result is None:
        raise ValueError(f"{service.slug} ends in no document")
    return service.result


def _both(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def source_of(source: str, case: Case, service: CompiledService, context: FormContext) -> Any:
    """The value behind `form.x`, `facts.x`, `applicant.x`, `note.x`, `case.x`, in both languages where words differ."""
    space, _, name = source.partition(".")
    if space == "form":
        field = service.form.field(name)
        if field is None or case.data.get(name) is None:
            return ""
        reader = kind(field.kind)
        ar, en = (
            joined(reader.show(case.data[name], field, language, context), isolated=False)
            for language in ("ar", "en")
        )
        return ar if ar == en else {"ar": ar, "en": en}
    if space == "applicant":
        return _applicant(name, holder_of(case, service).applicant)
    if space == "entry":
        return _of_entry(name, case.facts.get("entry", {}))
    if space == "note":
        return _noted(name, case)
    held: Mapping[str, Any] = case.facts.get("derived", {}) if space == "facts" else {"number": case.pk}
    value = held.get(name, "")
    return value if isinstance(value, dict) else str(value)


def _of_entry(name: str, entry: Mapping[str, Any]) -> Any:
    """The number of the entry that the case is about as people read it, or one of its dates in both calendars."""
    value = str(entry.get(name, ""))
    if name == "number":
        return numbers.show_document_number(value)
    day = date.fromisoformat(value)
    return {"ar": joined(both_calendars(day, "ar")), "en": joined(both_calendars(day, "en"))}


def _noted(step: str, case: Case) -> str:
    """What was written at the step last: the words of an answer, the minutes of an opening."""
    rows = History.objects.filter(case=case, act="acted", step=step)
    return rows.order_by("-id").values_list("note", flat=True).first() or ""


def _applicant(name: str, applicant: Mapping[str, Any]) -> Any:
    if name in applicant:
        return str(applicant[name])
    ar, en = applicant.get(f"{name}_ar", ""), applicant.get(f"{name}_en", "")
    return {"ar": ar, "en": en or ar} if ar else ""


def _value(row: ResultRow, case: Case, service: CompiledService, context: FormContext) -> Any:
    value = source_of(row.source, case, service, context)
    if isinstance(value, str) and value and value.isascii():
        return {"ltr": value}
    return value


def _activities(result: Result, case: Case, context: FormContext) -> list[dict[str, Any]]:
    if result.activities is None:
        return []
    chosen = case.data.get(result.activities) or []
    codes = [chosen] if isinstance(chosen, str) else list(chosen)
    rows = [context.lookups.row("activities", code) for code in codes]
    return [
        {"code": row.code, "name": _both(row.name), "main": number == 0}
        for number, row in enumerate(rows)
        if row is not None
    ]


def _reasons(case: Case) -> list[dict[str, str]]:
    """The rules that routed the case, in their own words, each once."""
    found = History.objects.filter(case=case, act="decided").order_by("id").values_list("why", flat=True)
    texts = [why["text"] for why in found if why and why.get("text")]
    return [dict(pair) for pair in dict.fromkeys(tuple(sorted(text.items())) for text in texts)]


def _card(result: Result, case: Case, service: CompiledService, context: FormContext) -> dict[str, Any]:
    return {name: source_of(source, case, service, context) for name, source in result.card.items()}


def _term(result: Result, case: Case, context: FormContext) -> dict[str, Any] | None:
    term = result.term
    if term is None:
        return None
    made: dict[str, Any] = {"calendar": term.calendar}
    if term.years is not None:
        space, _, name = term.years.partition(".")
        years = (case.data if space == "form" else case.facts.get("derived", {})).get(name or space)
        made["years"] = int(term.years if term.years.isdecimal() else str(years))
    if term.until is not None:
        made["until"] = str(case.data[term.until.partition(".")[2]]["date"])
    if term.starts == "expiry" and case.facts.get("entry", {}).get("valid_to"):
        start = date.fromisoformat(str(case.facts["entry"]["valid_to"])) + timedelta(days=1)
        end = last_day(made, start) or start
        return {"from": start.isoformat(), "to": end.isoformat()}
    if term.ends == "entry":
        made["until"] = str(context.entry.get("valid_to") or case.facts["entry"]["valid_to"])
    return made
