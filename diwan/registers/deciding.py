"""Decisions on an entry that one may object to: which one stands now, whether it is stayed, what fell with it."""

from typing import Final

from diwan.people.actor import Actor
from diwan.registers.changing import RUNNING, Cause, Ground, Status, change_entry
from diwan.registers.models import EntryChange, RegisterEntry

DECIDING: Final = (Cause.SUSPENDED, Cause.REVOKED)
"""Decisions of the municipality on an entry."""
_OF_OBJECTIONS: Final = (Cause.STAYED, Cause.RESUMED, Cause.UNDONE, Cause.EASED)


def decision_standing(entry: RegisterEntry) -> EntryChange | None:
    """The suspension or revocation under which the entry is now, also while its effect is stayed; None without one, or
    when it only follows the licence that it hangs on."""
    rows = EntryChange.objects.filter(entry=entry).exclude(cause=Cause.PARENT).order_by("-id")
    last = rows.first()
    while last is not None and last.cause == Cause.UNDONE:  # a suspension from before may stand still
        last = rows.filter(id__lt=last.because_id or 0).first()
    if last is None:
        return None
    if last.cause in (Cause.STAYED, Cause.RESUMED):
        return last.because
    return last if last.cause in DECIDING and last.after == entry.status else None


def is_stayed(entry: RegisterEntry, decision: EntryChange) -> bool:
    """Whether the effect of the decision rests, because of an objection, until the committee has decided."""
    return _last_ruling(entry, decision) == Cause.STAYED


def _last_ruling(entry: RegisterEntry, decision: EntryChange) -> str:
    rows = EntryChange.objects.filter(entry=entry, because=decision, cause__in=_OF_OBJECTIONS)
    return rows.order_by("-id").values_list("cause", flat=True).first() or ""


def may_come_back(entry: RegisterEntry) -> bool:
    """Whether nothing above the entry has ended: a permit does not stand without its licence."""
    return entry.parent is None or entry.parent.status in RUNNING


def back_to(entry: RegisterEntry, decision: EntryChange) -> str:
    """How the entry stands without the decision: as before it, and no better than the licence that it hangs on."""
    if _rests(entry):
        return Status.SUSPENDED
    if decision.before == Status.SUSPENDED:
        return Status.SUSPENDED if _own_suspension(entry, decision) is not None else Status.ACTIVE
    return decision.before


def rest_with_parent(entry: RegisterEntry, *, by: Actor) -> None:
    """Write down that an entry which comes back stays suspended with the licence that it hangs on, if that is so."""
    if _rests(entry):
        above = EntryChange.objects.filter(entry_id=entry.parent_id).order_by("-id").first()
        change_entry(entry, to=Status.SUSPENDED, cause=Cause.PARENT, ground=Ground(), by=by, because=above)


def _rests(entry: RegisterEntry) -> bool:
    return entry.parent is not None and entry.parent.status == Status.SUSPENDED


def _own_suspension(entry: RegisterEntry, before: EntryChange) -> EntryChange | None:
    """The suspension of its own under which the entry was before a change."""
    rows = EntryChange.objects.filter(entry=entry, after=Status.SUSPENDED, id__lt=before.pk)
    held = rows.order_by("-id").first()
    return None if held is None or held.cause == Cause.PARENT else held


def permits_rise(
    entry: RegisterEntry, fell: EntryChange, made: EntryChange, *, by: Actor
) -> list[RegisterEntry]:
    """Give back the permits that fell with the change `fell` of their licence, and theirs; only those. A permit that
    had a suspension of its own, or whose licence comes back suspended, comes back suspended."""
    risen: list[RegisterEntry] = []
    for child in (
        RegisterEntry.objects.select_for_update().filter(parent=entry, status=fell.after).order_by("pk")
    ):
        last = EntryChange.objects.filter(entry=child).order_by("-id").first()
        if last is None or last.cause != Cause.PARENT or last.because_id != fell.pk:
            continue
        follows = _rise(child, entry, last, made, by)
        risen += [child, *permits_rise(child, last, follows, by=by)]
    return risen


def _rise(
    child: RegisterEntry, entry: RegisterEntry, fell: EntryChange, made: EntryChange, by: Actor
) -> EntryChange:
    held = _own_suspension(child, fell) if fell.before == Status.SUSPENDED else None
    if held is not None:
        ground = Ground(reasons=held.reasons, article=held.article, note=held.note)
        return change_entry(
            child, to=Status.SUSPENDED, cause=Cause.SUSPENDED, ground=ground, by=by, because=made
        )
    return change_entry(child, to=entry.status, cause=Cause.PARENT, ground=Ground(), by=by, because=made)
