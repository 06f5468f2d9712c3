"""The applicant says which way the case goes, where the workflow asks: fixed or not fixed, accepted or not."""

from collections.abc import Sequence

from django.db import transaction

from diwan.cases import secrets, visibility
from diwan.cases.errors import CaseNotFound, NotAllowed, ReasonRequired, UnknownReason, WrongMoment
from diwan.cases.loading import lock_case
from diwan.cases.models import Case, OpenTask
from diwan.cases.moving import Entry, move
from diwan.flow.events import Completed
from diwan.people.actor import Actor


@transaction.atomic
def choose(
    *, case_id: int, outcome: str, by: Actor, secret: str = "", note: str = "", reasons: Sequence[str] = ()
) -> Case:
    """Take one of the ways that the open choice offers.

    Whoever stands on the applicant's side may, and whoever holds the `secret` of the case (digits or link; the caller
    limits guesses). Raises CaseNotFound, NotAllowed, WrongMoment, ReasonRequired, UnknownReason.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    if secret and secrets.matches(secret, case_id, case.secret_generation):
        by = by.changed(capacity="secret", name_ar=_name(case, "ar"), name_en=_name(case, "en"))
    elif not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    elif not visibility.is_applicant(by, case):
        raise NotAllowed
    task = loaded.waiting_at(OpenTask.Kind.CHOICE)
    exit_ = loaded.service.flow.steps[task.step].exits.get(outcome) if task is not None else None
    if task is None or exit_ is None or exit_.label is None:
        raise WrongMoment(stage=loaded.service.title(case.stage, by.language))
    if exit_.reason == "required" and not reasons and not note.strip():
        raise ReasonRequired
    unknown = sorted(set(reasons) - set(loaded.service.reasons_for(exit_)))
    if unknown:
        raise UnknownReason(reason=unknown[0])
    entry = Entry(act="chosen", step=task.step, outcome=outcome, note=note, reasons=reasons)
    return move(loaded, Completed(task.token, outcome), by=by, entry=entry)


def _name(case: Case, language: str) -> str:
    return str(case.applicant.get(f"name_{language}") or case.applicant.get("name_ar") or "")
