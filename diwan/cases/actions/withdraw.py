"""The applicant withdraws an application that is still open."""

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.loading import lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.flow.events import Withdrawn
from diwan.people.actor import Actor


@transaction.atomic
def withdraw(*, case_id: int, by: Actor, note: str = "") -> Case:
    """End the case as withdrawn; an open bill is void. Raises CaseNotFound, NotAllowed, WrongMoment.

    Allowed for the applicant, for the establishment it was filed for, and for the post that filed it.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    if not visibility.is_applicant(by, case):
        raise NotAllowed
    return move(loaded, Withdrawn(), by=by, entry=Entry(act="withdrawn", step=case.stage, note=note))
