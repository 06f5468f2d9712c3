"""Tell whoever gave a low score and asked to hear from us what was done about it."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.actions.notify_applicant import notify_applicant
from diwan.cases.models import Case
from diwan.modules.ratings.models import Rating
from diwan.notify.models import Message
from diwan.people.actor import system

TEMPLATE = "RATE_ANSWER"


@transaction.atomic
def tell_what_was_done(*, case_id: int) -> bool:
    """Queue the message for the case that looked into a low score and has ended; False when nobody is to be told.

    It leaves once the end can no longer be taken back, and is queued once: a case that was taken back and ended anew
    tells what holds in the end, since the words are read when the message leaves.
    """
    rating = (
        Rating.objects.select_for_update(of=("self",)).filter(follow_up=case_id, wants_contact=True).first()
    )
    if rating is None or not Case.objects.filter(pk=case_id, closed_at__isnull=False).exists():
        return False
    if Message.objects.filter(case_id=rating.case_id, template=TEMPLATE).exists():
        return False
    case = Case.objects.get(pk=rating.case_id)
    notify_applicant(case=case, template=TEMPLATE)
    audit_row(
        by=system("rating"), action="ratings.rating.answered", object_type="case", object_id=rating.case_id,
        municipality_id=rating.municipality_id, values={"follow_up": case_id},
    )  # fmt: skip
    return True
