"""The effect of a suspension or revocation rests until the committee has decided on the objection to it."""

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import Cause, Ground, Status, change_entry, lock_entry, permits_return
from diwan.registers.deciding import (
    back_to,
    decision_standing,
    is_stayed,
    may_come_back,
    permits_rise,
    rest_with_parent,
)
from diwan.registers.errors import NothingToStay
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.registry import MAY_SUSPEND


@transaction.atomic
def stay_decision(*, entry_id: int, decision_id: int, ground: Ground, by: Actor) -> RegisterEntry:
    """Put the entry back as it stood before the decision, with the permits that the decision had taken along.

    `ground.case_id` is the objection. Raises EntryUnknown, EntryActForbidden, NothingToStay (the decision has no effect
    any more, or the licence that the permit hangs on has ended).
    """
    entry = lock_entry(entry_id, by, MAY_SUSPEND)
    decision = EntryChange.objects.get(pk=decision_id, entry=entry)
    if is_stayed(entry, decision):
        return entry
    if decision_standing(entry) != decision or not may_come_back(entry):
        raise NothingToStay
    made = change_entry(
        entry, to=back_to(entry, decision), cause=Cause.STAYED, ground=ground, by=by, because=decision
    )
    rest_with_parent(entry, by=by)
    if decision.after == Status.REVOKED:
        along = permits_rise(entry, decision, made, by=by)
    else:
        along = permits_return(entry, made, by=by) if entry.status == Status.ACTIVE else []
    telling.tell_holder(entry, made, along=along)
    return entry
