"""An entry gives way to another one: by a renewal, or by a transfer to another holder."""

from typing import Literal

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    RUNNING,
    Cause,
    Ground,
    Status,
    change_entry,
    lock_entry,
    need_running,
    permits_fall,
)
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.registry import MAY_REVOKE


@transaction.atomic
def replace_entry(
    *, entry_id: int, by_entry: int, cause: Literal["renewed", "transferred", "corrected"],
    permits: Literal["move", "end"] = "move", ground: Ground, by: Actor,
) -> RegisterEntry:  # fmt: skip
    """Close the old entry in the very transaction in which the new one is made; gives the old one.

    A renewal leaves the old document in force until its own last day; a transfer revokes it at once and tells the
    former holder; a correction revokes it without a message of its own. Permits `move` to the new entry or `end` with
    the old one. What was suspended stays suspended under its new number. Raises EntryUnknown, EntryActForbidden,
    EntryEnded.
    """
    entry = lock_entry(entry_id, by, MAY_REVOKE)
    need_running(entry)
    was = entry.status
    made = change_entry(entry, to=Status.REPLACED, cause=cause, ground=ground, by=by)
    RegisterEntry.objects.filter(pk=by_entry).update(replaces=entry)
    new = RegisterEntry.objects.select_for_update().get(pk=by_entry)
    fallen: list[RegisterEntry] = []
    if permits == "move":
        _move_permits(entry, new, by)
    else:
        fallen = permits_fall(entry, made, by=by)
    if was == Status.SUSPENDED:
        _suspend_too(entry, new, made, by)
    if cause == "transferred":
        telling.tell_holder(entry, made, along=fallen)
    return entry


def _suspend_too(old: RegisterEntry, new: RegisterEntry, made: EntryChange, by: Actor) -> None:
    """Carry the suspension in force over with its reasons."""
    last = EntryChange.objects.filter(entry=old, after=Status.SUSPENDED).order_by("-id").first()
    ground = Ground(reasons=last.reasons, article=last.article, note=last.note) if last else Ground()
    cause = last.cause if last else Cause.SUSPENDED
    held = change_entry(new, to=Status.SUSPENDED, cause=cause, ground=ground, by=by, because=made)
    telling.tell_holder(new, held, along=())


def _move_permits(old: RegisterEntry, new: RegisterEntry, by: Actor) -> None:
    """Let the running permits hang on the new entry and belong to its holder; what has ended stays where it was."""
    for permit in RegisterEntry.objects.select_for_update().filter(parent=old, status__in=RUNNING):
        permit.parent, permit.holder_id, permit.establishment_id = new, new.holder_id, new.establishment_id
        permit.changed_at = clock.now()
        permit.save(update_fields=["parent", "holder", "establishment", "changed_at"])
        audit_row(
            by=by, action="registers.entry.moved", object_type="entry", object_id=permit.pk,
            municipality_id=permit.municipality_id, fields=["parent"],
            values={"number": permit.number, "from": old.number, "to": new.number},
        )  # fmt: skip
