"""A suspension or revocation is taken back, in whole or in part, since the objection to it was accepted."""

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    Cause,
    Ground,
    Status,
    change_entry,
    lock_entry,
    permits_rest,
    permits_return,
)
from diwan.registers.deciding import (
    back_to,
    decision_standing,
    is_stayed,
    may_come_back,
    permits_rise,
    rest_with_parent,
)
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.registry import MAY_SUSPEND


@transaction.atomic
def take_back(*, entry_id: int, decision_id: int, partly: bool, ground: Ground, by: Actor) -> bool:
    """Undo the decision; False when the entry stands under something else by now, so that a person has to look.

    The entry is again as before the decision, with the permits that fell or rested because of it. Accepted `partly`, a
    revocation becomes a suspension; a suspension is lifted on the terms in `ground.note`. A suspension that was lifted
    meanwhile needs nothing. Raises EntryUnknown, EntryActForbidden.
    """
    entry = lock_entry(entry_id, by, MAY_SUSPEND)
    decision = EntryChange.objects.get(pk=decision_id, entry=entry)
    if decision_standing(entry) != decision:
        return bool(entry.status == Status.ACTIVE)
    if not may_come_back(entry):
        return False
    eased = partly and decision.after == Status.REVOKED
    stayed = is_stayed(entry, decision)
    fell = EntryChange.objects.filter(entry=entry, after=decision.after).order_by("-id").first() or decision
    made = change_entry(
        entry,
        to=Status.SUSPENDED if eased else entry.status if stayed else back_to(entry, decision),
        cause=Cause.EASED if eased else Cause.UNDONE,
        ground=ground, by=by, because=decision,
    )  # fmt: skip
    rest_with_parent(entry, by=by)
    telling.tell_holder(entry, made, along=_along(entry, made, fell, stayed=stayed, by=by))
    return True


def _along(
    entry: RegisterEntry, made: EntryChange, fell: EntryChange, *, stayed: bool, by: Actor
) -> list[RegisterEntry]:
    """The permits follow; after a stay they are back already, and only rest again with a suspension."""
    if stayed:
        return permits_rest(entry, made, by=by) if entry.status == Status.SUSPENDED else []
    if fell.after == Status.REVOKED:
        return permits_rise(entry, fell, made, by=by)
    return permits_return(entry, made, by=by) if entry.status == Status.ACTIVE else []
