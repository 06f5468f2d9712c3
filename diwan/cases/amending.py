"""Answers that an employee mends while the case runs: a report of the wrong type, a place found at last.

They are read and examined like those of the applicant; facts, municipality, district and the deadline of the whole
follow from them. The history keeps both values.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from diwan.cases import clockwork, routing
from diwan.cases.context import form_context
from diwan.cases.errors import NotAllowed
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, History
from diwan.cases.places import place_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.deadlines import term_of
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.forms.context import FormContext
from diwan.forms.entry import changes as differences
from diwan.forms.entry import examine, read_json
from diwan.forms.facts import GIVEN
from diwan.kit import clock
from diwan.kit.errors import FieldErrors

Changes = dict[str, list[Any]]


def amend(loaded: Loaded, given: Mapping[str, Any], *, allowed: Collection[str]) -> Changes:
    """Take the answers given (None: no answer any more) into the locked case; field -> [before, after] of what changed.

    Raises NotAllowed for a field that this step may not change, FieldErrors, OutsideTheCity, NotOfferedThere.
    """
    if not given:
        return {}
    if not set(given) <= set(allowed):
        raise NotAllowed
    case, service = loaded.case, loaded.service
    context = form_context(service, applicant=case.applicant)
    values, derived = _examined(case, service, given, context)
    found = {key: list(pair) for key, pair in differences(service.form, case.data, values).items()}
    if not found:
        return {}
    kept = {fact.key for fact in service.form.facts if fact.kind == GIVEN}
    established = {key: value for key, value in case.facts.get("derived", {}).items() if key in kept}
    case.data = values
    case.facts = {**case.facts, "derived": {**established, **derived}}
    case.municipality_id, case.district_id = place_of(service, values)
    case.unit_id = routing.unit_for(department=service.department, municipality_id=case.municipality_id)
    _set_deadline(case, service)
    return found


def establish(loaded: Loaded, given: Mapping[str, str]) -> None:
    """Set facts of the kind `given`, as an act would. Raises ValueError for a fact of another kind."""
    if not given:
        return
    case = loaded.case
    if not set(given) <= {fact.key for fact in loaded.service.form.facts if fact.kind == GIVEN}:
        raise ValueError(f"not all of {sorted(given)} are facts that are given")
    case.facts = {**case.facts, "derived": {**case.facts.get("derived", {}), **given}}


def _examined(
    case: Case, service: CompiledService, given: Mapping[str, Any], context: FormContext
) -> tuple[dict[str, Any], dict[str, Any]]:
    read = read_json(service.form, {key: value for key, value in given.items() if value is not None}, context)
    values = {
        key: value for key, value in {**case.data, **read.values}.items() if given.get(key, "") is not None
    }
    papers: dict[str, list[str]] = {}
    for upload in uploads_of(f"case:{case.pk}"):
        if stands_in_the_form(upload.slot) and service.form.slot(upload.slot) is not None:
            papers.setdefault(upload.slot, []).append(upload.pk)
    found = examine(service.form, values, papers, context)
    problems = {**found.problems, **read.problems}
    if problems:
        raise FieldErrors({key: [problem] for key, problem in problems.items()})
    return found.values, found.facts


def _set_deadline(case: Case, service: CompiledService) -> None:
    """The deadline of the whole as if the case had been so from the beginning, with the time taken out in which the
    clock stood still."""
    deadline = service.flow.deadline
    if deadline is None or case.due_at is None:
        return
    started = case.opened_at + stood_still(case, service, until=clock.now())
    clockwork.count_from(case, term_of(deadline, service, rule_facts(service, case)), at=started)


def stood_still(case: Case, service: CompiledService, *, until: datetime) -> timedelta:
    """How long the clock of the case has stood still up to a moment, by the stages of its history."""
    total, since = timedelta(0), None
    for at, stage in History.objects.filter(case=case).order_by("id").values_list("at", "stage"):
        step = service.flow.steps.get(stage)
        paused = step is not None and step.paused
        if since is not None and not paused:
            total, since = total + (at - since), None
        elif since is None and paused:
            since = at
    return total + (until - since if since is not None else timedelta(0))
