"""The applicant, or whoever filed it, begins to complete what was returned."""

from django.db import transaction

from diwan.cases.actions.drafts import start_draft
from diwan.cases.completing import completed_by
from diwan.cases.context import entry_number
from diwan.cases.models import Draft
from diwan.cases.queries import completion_under_way
from diwan.cases.services import service_of
from diwan.people.actor import Actor


@transaction.atomic
def begin_completion(*, case_id: int, by: Actor) -> Draft:
    """The draft that completes a returned case: the one under way, else a new one with the answers as they stand.

    Raises CaseNotFound, WrongMoment (nothing is asked of the applicant now).
    """
    case = completed_by(case_id, by)
    service = service_of(case.version_id)
    found = completion_under_way(case.pk, by)
    if found is not None:
        return found
    return start_draft(
        version_id=case.version_id,
        days=service.definition.draft_days,
        by=by.changed(language=case.language) if by.client_id is not None else by,
        channel=case.channel,
        values=case.data,
        account_id=case.account_id,
        establishment_id=case.establishment_id,
        visitor={} if case.account_id else dict(case.applicant),
        renews=entry_number(case.facts),
        amends=case.pk,
    )
