"""What the document of a case prints, as data: made once when it is approved, printed exactly so when it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from diwan.cases.context import entry_number, form_context
from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, History
from diwan.cases.parties import holder_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.printing import Printing, contents_of
from diwan.documents.contents import last_day
from diwan.forms.entry import changes
from diwan.kit import clock


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
    """The contents as the case stands; ValueError for a service that ends in no document."""
    decided = History.objects.filter(case=case, act="decided").order_by("id").values_list("why", flat=True)
    return contents_of(
        Printing(
            service=service,
            context=form_context(service, applicant=case.applicant, renews=entry_number(case.facts)),
            data=case.data,
            derived=case.facts.get("derived", {}),
            entry=case.facts.get("entry", {}),
            holder=holder_of(case, service).applicant,
            noted=lambda step: _noted(step, case),
            why=[why["text"] for why in decided if why and why.get("text")],
            variables=rule_facts(service, case),
            number=case.pk,
        )
    )


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


def _noted(step: str, case: Case) -> str:
    """What was written at the step last: the words of an answer, the minutes of an opening."""
    rows = History.objects.filter(case=case, act="acted", step=step)
    return rows.order_by("-id").values_list("note", flat=True).first() or ""
