"""A suspension is lifted: the entry counts again, and so do the permits that rested only because of it."""

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    Cause,
    Ground,
    Status,
    change_entry,
    lock_entry,
    need_running,
    permits_return,
)
from diwan.registers.errors import EntryNotSuspended, ParentSuspended
from diwan.registers.models import RegisterEntry
from diwan.registers.registry import MAY_SUSPEND


@transaction.atomic
def lift_suspension(*, entry_id: int, ground: Ground, by: Actor) -> RegisterEntry:
    """Put a suspended entry back in force with the permits that its suspension had suspended.

    Raises EntryUnknown, EntryActForbidden, EntryEnded, EntryNotSuspended, ParentSuspended.
    """
    entry = lock_entry(entry_id, by, MAY_SUSPEND)
    need_running(entry)
    if entry.status != Status.SUSPENDED:
        raise EntryNotSuspended
    if entry.parent is not None and entry.parent.status == Status.SUSPENDED:
        raise ParentSuspended
    made = change_entry(entry, to=Status.ACTIVE, cause=Cause.LIFTED, ground=ground, by=by)
    telling.tell_holder(entry, made, along=permits_return(entry, made, by=by))
    return entry
