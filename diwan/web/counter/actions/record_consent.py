"""The visitor agrees that the clerk files on his behalf."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.web.counter.models import Slip
from diwan.web.counter.queries import own_slip


@transaction.atomic
def record_consent(*, slip_id: str, kind: str, by: Actor) -> Slip:
    """Note how the visitor agreed (`code`, `paper`); the caller has checked the code or kept the paper.

    Raises SlipNotFound.
    """
    slip = own_slip(slip_id, by, lock=True)
    slip.consent = Slip.Consent(kind)
    slip.consent_at = clock.now()
    slip.save(update_fields=["consent", "consent_at"])
    audit_row(
        by=by,
        action="counter.consent.given",
        object_type="slip",
        object_id=slip.pk,
        municipality_id=None,
        values={"kind": kind, "national_id": slip.national_id},
    )
    return slip
