"""What the applicant of a returned case is asked to mend, and why; what may change, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diwan.cases.errors import CaseNotFound, WrongMoment
from diwan.cases.models import Case, CheckResult, FieldRemark, OpenTask
from diwan.cases.queries import case_for
from diwan.cases.services import service_of
from diwan.cases.visibility import is_applicant
from diwan.catalogue.compiled import CompiledService
from diwan.files.rules import stands_in_the_form
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.entry import visible_fields, visible_slots
from diwan.forms.plan import FormPlan
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Why:
    """Why a field or slot is to be mended: an officer's remark (`reason`, `note`), or a check that failed (`fix`)."""

    field: str
    code: str
    """Of the row in the lookup `reasons`, or of the check."""
    note: str = ""
    fix: Text | None = None


def completed_by(case_id: int, by: Actor) -> Case:
    """The case that waits for this applicant. Raises CaseNotFound, WrongMoment (nothing is asked of the applicant)."""
    case = case_for(case_id, by)
    if not is_applicant(by, case):
        raise CaseNotFound
    if not OpenTask.objects.filter(case_id=case.pk, kind=OpenTask.Kind.APPLICANT).exists():
        raise WrongMoment(stage=service_of(case.version_id).public(case.stage, by.language))
    return case


def whys_of(case: Case, service: CompiledService, *, part: str = "") -> list[Why]:
    """Why each field and slot was asked for again: the officers' remarks of this round, then the failed checks."""
    remarks = FieldRemark.objects.filter(case_id=case.pk, round=case.round).order_by("id")
    found = [Why(remark.field, remark.reason, note=remark.note) for remark in remarks]
    failed = CheckResult.objects.filter(case_id=case.pk, round=case.round, state=CheckResult.State.FAILED)
    for code in failed.values_list("code", flat=True):
        check = service.check(code)
        if check is not None and check.of == part and check.on_fail in ("block", "return"):
            found += [Why(name, code, fix=check.fix) for name in check.fields]
    return found


def asked_fields(case: Case, service: CompiledService) -> frozenset[str]:
    """Fields and slots that may change now: those the last return remarked on, and those of checks that failed."""
    remarked = FieldRemark.objects.filter(case_id=case.pk, round=case.round).values_list("field", flat=True)
    failed = {code for code, state in case.facts.get("checks", {}).items() if state == "failed"}
    checked = [field for check in service.checks if check.code in failed for field in check.fields]
    return frozenset([*remarked, *checked])


def fresh_fields(
    service: CompiledService, *, before: Mapping[str, Any], now: Mapping[str, Any], context: FormContext
) -> frozenset[str]:
    """Questions that are asked only now, since another answer has changed."""
    known = {field.key for field in visible_fields(service.form, before, context)}
    return frozenset(field.key for field in visible_fields(service.form, now, context)) - known


def missing_papers(
    service: CompiledService,
    *,
    now: Mapping[str, Any],
    documents: Mapping[str, Sequence[str]],
    context: FormContext,
) -> frozenset[str]:
    """Required papers that are not there yet, `documents` being those of the case and of its completion by slot."""
    slots = visible_slots(service.form, now, context)
    return frozenset(
        slot.key for slot in slots if slot.required and len(documents.get(slot.key, ())) < slot.least
    )


def still_asked(papers: Mapping[str, list[str]], form: FormPlan) -> dict[str, list[str]]:
    """The papers that the form has a place for, and those that tell how it was filed; another version asked the
    rest."""
    return {
        slot: ids
        for slot, ids in papers.items()
        if form.slot(slot) is not None or not stands_in_the_form(slot)
    }
