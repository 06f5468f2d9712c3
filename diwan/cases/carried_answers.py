"""The answers of a case on the form of another version: kept, read anew where the kind of question changed, lacking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diwan.cases.completing import still_asked
from diwan.cases.context import entry_number, form_context
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.entry import examine, read_json
from diwan.forms.facts import GIVEN
from diwan.forms.plan import FormPlan


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers under the new form and the facts that follow (None: those of the case stand); labels of the answers
    that it no longer asks for, and of those that it asks for and the case does not have."""

    values: dict[str, Any]
    derived: dict[str, Any] | None = None
    gone: tuple[Text, ...] = ()
    lacking: tuple[Text, ...] = ()


def carried(case: Case, old: CompiledService, new: CompiledService) -> Answers:
    """What the case answers under the form of `new`. What was wrong under its own form already is nobody's reason."""
    if old.form == new.form:
        return Answers(dict(case.data))
    number = entry_number(case.facts)
    before = form_context(old, applicant=case.applicant, renews=number)
    now = form_context(new, applicant=case.applicant, renews=number)
    values, lacking = _read(case.data, old.form, new.form, now)
    papers = _papers(case.pk)
    known = examine(old.form, case.data, still_asked(papers, old.form), before).problems
    found = examine(new.form, values, still_asked(papers, new.form), now)
    lacking |= {key for key in found.problems if key not in known}
    others = {field.key for page, _group, field in new.form.placed() if page.by}
    kept = {
        key: value
        for key, value in values.items()
        if key in found.values or key in others or new.form.field(key) is None
    }
    given = {fact.key for fact in new.form.facts if fact.kind == GIVEN}
    established = {key: value for key, value in case.facts.get("derived", {}).items() if key in given}
    return Answers(
        kept,
        {**established, **found.facts},
        gone=tuple(_label(old, key) for key in case.data if key not in kept and key not in lacking),
        lacking=tuple(_label(new, key) for key in sorted(lacking)),
    )


def _read(
    data: Mapping[str, Any], old: FormPlan, new: FormPlan, context: FormContext
) -> tuple[dict[str, Any], set[str]]:
    """Answers to questions that the new form has, and the keys of those that are no answers there. What no form knows
    (a module's own) stays."""
    values: dict[str, Any] = {}
    lacking: set[str] = set()
    for key, value in data.items():
        was, now = old.field(key), new.field(key)
        if was is None or (now is not None and now.kind == was.kind):
            values[key] = value
        elif now is not None:
            read = read_json(new, {key: value}, context)
            if key in read.values and key not in read.problems:
                values[key] = read.values[key]
            elif value is not None:
                lacking.add(key)
    return values, lacking


def _papers(case_id: int) -> dict[str, list[str]]:
    papers: dict[str, list[str]] = {}
    for upload in uploads_of(f"case:{case_id}"):
        if stands_in_the_form(upload.slot):
            papers.setdefault(upload.slot, []).append(upload.pk)
    return papers


def _label(service: CompiledService, key: str) -> Text:
    return Text(service.label(key, "ar"), service.label(key, "en"))
