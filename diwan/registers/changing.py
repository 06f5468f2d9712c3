"""What every change of an entry does: lock, judge, write the row and its history, let document and permits follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from diwan.audit.actions import audit_row
from diwan.documents.actions import (
    reinstate_with_entry,
    restore_with_entry,
    revoke_with_entry,
    suspend_with_entry,
)
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import Actor
from diwan.registers.errors import EntryActForbidden, EntryEnded, EntryUnknown, GroundMissing
from diwan.registers.events import CHANGED
from diwan.registers.models import EntryChange, RegisterEntry

Status = RegisterEntry.Status
Cause = EntryChange.Cause
RUNNING: Final = (Status.ACTIVE, Status.SUSPENDED)
"""Statuses that can still change. An entry that expired by date keeps its status and can still be ended."""
_REVOKING: Final = (Cause.REVOKED, Cause.RESUMED, Cause.PARENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a change rests on: codes of reasons, the article, the officer's words, and the case that asked for it."""

    reasons: Sequence[str] = ()
    article: str = ""
    note: str = ""
    case_id: int | None = None


def lock_entry(entry_id: int, by: Actor, permission: str) -> RegisterEntry:
    """The entry, locked, for somebody who may do this with it. The system may do all.

    Raises EntryUnknown (also outside the actor's municipalities), EntryActForbidden.
    """
    entry = RegisterEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None or not by.reaches(entry.municipality_id):
        raise EntryUnknown
    if not (by.is_system or by.can(permission)):
        raise EntryActForbidden
    return entry


def need_running(entry: RegisterEntry) -> None:
    """Raises EntryEnded for an entry whose status is final."""
    if entry.status not in RUNNING:
        raise EntryEnded(status=entry.status)


def need_ground(ground: Ground, by: Actor) -> None:
    """A person decides with reason and article. Raises GroundMissing."""
    if not by.is_system and not (ground.reasons and ground.article):
        raise GroundMissing


def change_entry(
    entry: RegisterEntry, *, to: str, cause: str, ground: Ground, by: Actor, because: EntryChange | None = None,
) -> EntryChange:  # fmt: skip
    """Write one change of a locked entry: row, history, audit, event, and what its document says from now on."""
    now, before = clock.now(), entry.status
    made = EntryChange.objects.create(
        entry=entry, at=now, before=before, after=to, cause=cause, because=because, reasons=list(ground.reasons),
        article=ground.article, note=ground.note, case_id=ground.case_id, account_id=by.account_id,
        position_id=by.position_id, capacity=by.capacity, actor_ar=by.name_ar, actor_en=by.name_en,
        title_ar=by.title_ar, title_en=by.title_en, on_behalf_of=by.on_behalf_of,
    )  # fmt: skip
    entry.status, entry.changed_at = to, now
    entry.save(update_fields=["status", "changed_at"])
    _write(entry, made, by)
    _document_follows(entry, made, by)
    return made


def permits_fall(entry: RegisterEntry, made: EntryChange, *, by: Actor) -> list[RegisterEntry]:
    """End every permit that hangs on an ended entry, and what hangs on those; those that fell, in order."""
    to = made.after if made.after in (Status.CANCELLED, Status.REVOKED) else Status.CANCELLED
    fallen: list[RegisterEntry] = []
    for child in _running_children(entry):
        follows = change_entry(child, to=to, cause=Cause.PARENT, ground=Ground(), by=by, because=made)
        fallen += [child, *permits_fall(child, follows, by=by)]
    return fallen


def permits_rest(entry: RegisterEntry, made: EntryChange, *, by: Actor) -> list[RegisterEntry]:
    """Suspend the active permits of a suspended entry, and theirs; those that rest now. Others stay as they are."""
    resting: list[RegisterEntry] = []
    for child in _running_children(entry):
        if child.status == Status.ACTIVE:
            follows = change_entry(
                child, to=Status.SUSPENDED, cause=Cause.PARENT, ground=Ground(), by=by, because=made
            )
            resting += [child, *permits_rest(child, follows, by=by)]
    return resting


def permits_return(entry: RegisterEntry, made: EntryChange, *, by: Actor) -> list[RegisterEntry]:
    """Restore the permits that only the parent's suspension had suspended, and theirs; those restored."""
    restored: list[RegisterEntry] = []
    for child in _running_children(entry):
        if child.status == Status.SUSPENDED and suspended_by_parent(child):
            follows = change_entry(
                child, to=Status.ACTIVE, cause=Cause.PARENT, ground=Ground(), by=by, because=made
            )
            restored += [child, *permits_return(child, follows, by=by)]
    return restored


def suspended_by_parent(entry: RegisterEntry) -> bool:
    """Whether the suspension in force came from the entry that it hangs on, and from nothing of its own."""
    last = EntryChange.objects.filter(entry=entry, after=Status.SUSPENDED).order_by("-id").first()
    return last is not None and last.cause == Cause.PARENT


def follow(entry: RegisterEntry, model: RegisterEntry, *, by: Actor) -> EntryChange:
    """Let a new entry that came a moment too late stand as the one that it hangs on, or that it was to replace, stands:
    suspended, or ended."""
    to = model.status if model.status in (Status.SUSPENDED, Status.REVOKED) else Status.CANCELLED
    because = EntryChange.objects.filter(entry=model).order_by("-id").first()
    return change_entry(entry, to=to, cause=Cause.PARENT, ground=Ground(), by=by, because=because)


def made_row(entry: RegisterEntry, *, case_id: int, at: datetime, by: Actor) -> EntryChange:
    """The first row of an entry's history."""
    return EntryChange.objects.create(
        entry=entry, at=at, before="", after=entry.status, cause=Cause.MADE, case_id=case_id, capacity=by.capacity,
        actor_ar=by.name_ar, actor_en=by.name_en,
    )  # fmt: skip


def _running_children(entry: RegisterEntry) -> list[RegisterEntry]:
    rows = RegisterEntry.objects.select_for_update().filter(parent=entry, status__in=RUNNING)
    return list(rows.order_by("pk"))


def _write(entry: RegisterEntry, made: EntryChange, by: Actor) -> None:
    audit_row(
        by=by, action=f"registers.entry.{made.cause}", object_type="entry", object_id=entry.pk,
        municipality_id=entry.municipality_id, fields=["status"],
        values={
            "number": entry.number, "before": made.before, "after": made.after, "reasons": list(made.reasons),
            "article": made.article, "note": made.note, "case": made.case_id, "because": made.because_id,
        },
    )  # fmt: skip
    emit(
        name=CHANGED,
        subject=f"entry:{entry.pk}",
        data={
            "entry": entry.pk,
            "case": entry.case_id,
            "kind": entry.kind,
            "number": entry.number,
            "before": made.before,
            "after": made.after,
            "cause": made.cause,
        },
    )


def _document_follows(entry: RegisterEntry, made: EntryChange, by: Actor) -> None:
    """A renewal leaves the former document in force until its own last day; every other end revokes it at once. What
    a decision had revoked counts again when that is stayed or taken back."""
    if made.before == Status.REVOKED:
        reinstate_with_entry(number=entry.number, reasons=_REVOKING, by=by)
    if made.after == Status.SUSPENDED:
        suspend_with_entry(number=entry.number, reason=made.cause, by=by)
    elif made.after == Status.ACTIVE:
        restore_with_entry(number=entry.number, by=by)
    elif made.cause != Cause.RENEWED:
        revoke_with_entry(number=entry.number, reason=made.cause, by=by)
