"""An entry ends for good: cancelled at the holder's request, or revoked by a decision. Its permits fall with it."""

from typing import Literal

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    Cause,
    Ground,
    change_entry,
    lock_entry,
    need_ground,
    need_running,
    permits_fall,
)
from diwan.registers.models import RegisterEntry
from diwan.registers.registry import MAY_REVOKE


@transaction.atomic
def close_entry(
    *, entry_id: int, to: Literal["cancelled", "revoked"], ground: Ground, by: Actor
) -> RegisterEntry:
    """End an entry and every permit that hangs on it, in one transaction; the holder is told once, with the list.

    A revocation is an officer's decision and needs reason and article; a cancellation is brought about by its case.
    Nothing leads back. Raises EntryUnknown, EntryActForbidden, EntryEnded, GroundMissing.
    """
    entry = lock_entry(entry_id, by, MAY_REVOKE)
    need_running(entry)
    need_ground(ground, by)
    cause = Cause.REVOKED if to == "revoked" else Cause.CANCELLED
    made = change_entry(entry, to=to, cause=cause, ground=ground, by=by)
    telling.tell_holder(entry, made, along=permits_fall(entry, made, by=by))
    return entry
