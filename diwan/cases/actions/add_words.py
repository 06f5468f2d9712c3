"""The applicant adds something to a running case: whoever works on it reads it in the history."""

from datetime import datetime

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.errors import CaseNotFound, WrongMoment
from diwan.cases.loading import lock_case
from diwan.cases.models import History
from diwan.cases.moving import Entry, write_act
from diwan.people.actor import Actor


@transaction.atomic
def add_words(*, case_id: int, words: str, at: datetime, by: Actor) -> History:
    """Note the words of the applicant, passed on by the system of a partner that opened the case.

    The case stays where it is, under the same revision: nobody at work is overtaken. Raises CaseNotFound, WrongMoment
    when the case has ended.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    if by.client_id is None or not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    if case.closed_at is not None:
        raise WrongMoment(stage=loaded.service.title(case.stage, by.language))
    return write_act(loaded, by=by, entry=Entry(act="noted", note=words), at=at)
