"""Another clerk of the counter goes on with a slip."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.models import Draft
from diwan.people.actor import Actor
from diwan.people.registry import FILE
from diwan.web.counter.actions.open_slip import TooManySlips
from diwan.web.counter.errors import NotAClerk
from diwan.web.counter.models import Slip
from diwan.web.counter.queries import MOST_OPEN, counter_slip, open_slips


@transaction.atomic
def take_over(*, slip_id: str, by: Actor) -> Slip:
    """Make the slip and its draft the clerk's. Raises NotAClerk, SlipNotFound, TooManySlips."""
    if by.position_id is None or not by.can(FILE):
        raise NotAClerk
    slip = counter_slip(slip_id, by, lock=True)
    if slip.position_id == by.position_id:
        return slip
    if open_slips(by).filter(position_id=by.position_id).count() >= MOST_OPEN:
        raise TooManySlips
    before = slip.position_id
    slip.position_id = by.position_id
    slip.save(update_fields=["position"])
    Draft.objects.filter(pk=slip.draft_id, clerk_id=before, case_id__isnull=True).update(
        clerk_id=by.position_id
    )
    audit_row(
        by=by,
        action="counter.slip.taken_over",
        object_type="slip",
        object_id=slip.pk,
        municipality_id=None,
        values={"from": before},
    )
    return slip
