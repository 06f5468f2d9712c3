"""A stay ends without the decision being taken back: it has its effect again, and so it has on the permits."""

from django.db import transaction

from diwan.people.actor import Actor
from diwan.registers import telling
from diwan.registers.changing import (
    RUNNING,
    Cause,
    Ground,
    Status,
    change_entry,
    lock_entry,
    permits_fall,
    permits_rest,
)
from diwan.registers.deciding import is_stayed
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.registry import MAY_SUSPEND


@transaction.atomic
def resume_decision(*, entry_id: int, decision_id: int, ground: Ground, by: Actor) -> RegisterEntry:
    """Let a stayed decision have its effect again; a decision that is not stayed, or an entry that has ended meanwhile,
    stays as it is. Raises EntryUnknown, EntryActForbidden."""
    entry = lock_entry(entry_id, by, MAY_SUSPEND)
    decision = EntryChange.objects.get(pk=decision_id, entry=entry)
    if not is_stayed(entry, decision) or entry.status not in RUNNING:
        return entry
    ground = Ground(
        reasons=decision.reasons, article=decision.article, note=ground.note, case_id=ground.case_id
    )
    made = change_entry(entry, to=decision.after, cause=Cause.RESUMED, ground=ground, by=by, because=decision)
    if decision.after == Status.REVOKED:
        along = permits_fall(entry, made, by=by)
    else:
        along = permits_rest(entry, made, by=by)
    telling.tell_holder(entry, made, along=along)
    return entry
