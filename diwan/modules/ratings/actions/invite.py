"""Ask the applicant of an ended case how the service was: a link that works once, and a message with it."""

from datetime import timedelta

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.actions.notify_applicant import notify_applicant
from diwan.cases.models import Case
from diwan.kit import clock
from diwan.modules.ratings.links import digest_of, secret_of
from diwan.modules.ratings.models import Invitation, Rating
from diwan.modules.ratings.rules import is_rated, rules_of
from diwan.people.actor import system


@transaction.atomic
def invite(*, case_id: int) -> Invitation | None:
    """Make the link and queue its message; None when this case is not rated, has been, was asked about
    this end, or ended longer ago than a link holds.

    The message leaves once the last act can no longer be taken back: at once when the applicant ended the case. A case
    that was opened again and ended anew gets another link; the one before is dead.
    """
    case = Case.objects.select_for_update().get(pk=case_id)
    rules = rules_of(clock.today())
    if not is_rated(case, rules) or case.closed_at is None or Rating.objects.filter(case=case).exists():
        return None
    now = clock.now()
    if now > case.closed_at + timedelta(days=rules.days):
        return None
    found = Invitation.objects.filter(case=case).first()
    if found is not None and found.ended_at == case.closed_at:
        return None
    made = found or Invitation(case=case, generation=0)
    made.generation += 1
    made.digest = digest_of(secret_of(case.pk, made.generation))
    made.ended_at, made.invited_at, made.expires_at = (
        case.closed_at,
        now,
        case.closed_at + timedelta(days=rules.days),
    )
    made.save()
    notify_applicant(case=case, template="RATE")
    audit_row(
        by=system("rating"), action="ratings.invitation.made", object_type="case", object_id=case.pk,
        municipality_id=case.municipality_id, values={"generation": made.generation},
    )  # fmt: skip
    return made
