"""The reporter adds something to an open report: whoever works on it reads it in the history."""

from django.db import transaction

from diwan.cases.actions.add_words import add_words
from diwan.kit import clock
from diwan.modules.reports.errors import NothingSaid
from diwan.modules.reports.models import Report
from diwan.people.actor import Actor


@transaction.atomic
def comment_report(*, case_id: int, words: str, by: Actor) -> int:
    """Note the words of the reporter, passed on by the system that filed the report; the id of the history row.

    Raises CaseNotFound, NothingSaid, WrongMoment when the report is closed.
    """
    if not words.strip():
        raise NothingSaid
    now = clock.now()
    row = add_words(case_id=case_id, words=words, at=now, by=by)
    # A report that is not routed yet has no row; it gets the moment with it.
    Report.objects.filter(pk=case_id).update(updated_at=now)
    return row.pk
