"""The visitor leaves the window."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.web.counter.queries import own_slip


@transaction.atomic
def close_slip(*, slip_id: str, by: Actor) -> None:
    """Close a slip; a draft stays and can be resumed by the number of the visitor. Raises SlipNotFound."""
    slip = own_slip(slip_id, by, lock=True)
    slip.closed_at = clock.now()
    slip.save(update_fields=["closed_at"])
    audit_row(
        by=by, action="counter.slip.closed", object_type="slip", object_id=slip.pk, municipality_id=None
    )
