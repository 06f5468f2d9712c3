"""The municipality cancels a case, with a reason."""

from collections.abc import Sequence

from django.db import transaction

from diwan.cases import undo, visibility
from diwan.cases.errors import CaseNotFound, NotAllowed, ReasonRequired, UnknownReason
from diwan.cases.loading import lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.flow.events import Cancelled
from diwan.people.actor import Actor

CANCEL = "cases.cancel"


@transaction.atomic
def cancel(*, case_id: int, reasons: Sequence[str], by: Actor, note: str = "") -> Case:
    """End the case as cancelled. Raises CaseNotFound, NotAllowed, ReasonRequired, UnknownReason,
    WrongMoment."""
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    rule = loaded.service.flow.cancel
    if not by.can(CANCEL) or not by.reaches(case.municipality_id) or (rule and rule.role not in by.roles):
        raise NotAllowed
    if not reasons:
        raise ReasonRequired
    unknown = sorted(set(reasons) - set(loaded.service.reason_codes("cancel")))
    if unknown:
        raise UnknownReason(reason=unknown[0])
    before = undo.snapshot(loaded)
    entry = Entry(act="cancelled", step=case.stage, reasons=reasons, note=note)
    move(loaded, Cancelled(), by=by, entry=entry, delay_notices=True)
    undo.offer(loaded, before=before, by=by)
    return case
