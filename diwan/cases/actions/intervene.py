"""A ruling over the whole case that its workflow names: sent elsewhere, joined with another, held, mended."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from diwan.cases import amending, visibility
from diwan.cases.errors import CaseNotFound, NotAllowed, ReasonRequired, UnknownReason, WrongMoment
from diwan.cases.guards import ACT, outrun
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.flow.events import Intervened
from diwan.flow.table import Intervention
from diwan.people.actor import Actor


@transaction.atomic
def intervene(
    *, case_id: int, name: str, by: Actor, revision: int | None = None, reasons: Sequence[str] = (), note: str = "",
    changes: Mapping[str, Any] | None = None, given: Mapping[str, str] | None = None,
    why: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """Rule so over the case; `changes` mends answers that the ruling may change, `given` establishes facts of the kind
    `given`, `why` is kept with it in the history.

    Raises CaseNotFound, NotAllowed, Outrun (not at `revision` any more), WrongMoment, ReasonRequired, UnknownReason,
    FieldErrors.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    rule = loaded.service.flow.interventions.get(name)
    if rule is None:
        raise WrongMoment(stage=loaded.service.title(case.stage, by.language))
    if not may_intervene(rule, case, by):
        raise NotAllowed
    if revision is not None and revision != case.revision:
        raise outrun(case)
    _check_reasons(loaded, rule, reasons, note)
    changed = amending.amend(loaded, changes or {}, allowed=rule.may_change)
    amending.establish(loaded, given or {})
    entry = Entry(
        act="intervened", step=case.stage, outcome=name, note=note, reasons=reasons, changes=changed, why=why
    )
    return move(loaded, Intervened(name), by=by, entry=entry)


def may_intervene(rule: Intervention, case: Case, by: Actor) -> bool:
    """Whether the capacity holds one of the roles, reaches the municipality and acts on this service."""
    return (
        by.can(ACT)
        and bool(set(rule.roles) & by.roles)
        and by.reaches(case.municipality_id)
        and by.covers(case.service)
    )


def _check_reasons(loaded: Loaded, rule: Intervention, reasons: Sequence[str], note: str) -> None:
    if rule.reason == "required" and not reasons and not note.strip():
        raise ReasonRequired
    if rule.reasons is None:
        return
    known = loaded.service.reason_codes(rule.reasons.removeprefix("RSN-").lower())
    unknown = sorted(set(reasons) - set(known))
    if unknown:
        raise UnknownReason(reason=unknown[0])
