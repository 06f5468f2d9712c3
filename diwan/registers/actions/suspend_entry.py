"""An entry is suspended: it does not count until the suspension is lifted. Its permits rest with it."""

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    Cause,
    Ground,
    Status,
    change_entry,
    lock_entry,
    need_ground,
    need_running,
    permits_rest,
    suspended_by_parent,
)
from diwan.registers.errors import AlreadySuspended
from diwan.registers.models import RegisterEntry
from diwan.registers.registry import MAY_SUSPEND


@transaction.atomic
def suspend_entry(*, entry_id: int, ground: Ground, by: Actor) -> RegisterEntry:
    """Suspend an entry and its active permits; the holder is told once, with the list and the way to object.

    A permit that only rests with its licence can be suspended by a decision of its own as well: it then does not come
    back with the licence. Raises EntryUnknown, EntryActForbidden, EntryEnded, AlreadySuspended, GroundMissing.
    """
    entry = lock_entry(entry_id, by, MAY_SUSPEND)
    need_running(entry)
    if entry.status == Status.SUSPENDED and not suspended_by_parent(entry):
        raise AlreadySuspended
    need_ground(ground, by)
    made = change_entry(entry, to=Status.SUSPENDED, cause=Cause.SUSPENDED, ground=ground, by=by)
    telling.tell_holder(entry, made, along=permits_rest(entry, made, by=by))
    return entry
