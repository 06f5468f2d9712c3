"""A case that ended is opened again, within the period that the workflow allows."""

from datetime import timedelta

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.loading import lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.flow.events import Reopened
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

REOPEN = "cases.reopen"


class TooLate(DiwanError):
    """The period for reopening has passed."""

    code = "cases.reopen_too_late"
    message = N_("A case can be reopened within {days} days of its end. Ask the applicant to apply again.")


@transaction.atomic
def reopen(*, case_id: int, to: str, note: str, by: Actor) -> Case:
    """Open an ended case again at step `to`. Raises CaseNotFound, NotAllowed, TooLate, WrongMoment."""
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    rule = loaded.service.flow.reopen
    if (
        rule is None
        or not by.can(REOPEN)
        or rule.role not in by.roles
        or not by.reaches(case.municipality_id)
    ):
        raise NotAllowed
    if case.closed_at is not None and clock.now() > case.closed_at + timedelta(days=rule.within_days):
        raise TooLate(days=rule.within_days)
    return move(loaded, Reopened(to), by=by, entry=Entry(act="reopened", step=to, note=note))
