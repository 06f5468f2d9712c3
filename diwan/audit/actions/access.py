"""Notes of reads: who looked at another person's personal data, and what for."""

from collections.abc import Sequence
from typing import NamedTuple

from diwan.audit.acting import Acting
from diwan.audit.models import AccessRow
from diwan.kit import clock


class AccessNote(NamedTuple):
    """One object that was read, and the purpose (`case.page`, `search.person`, `export`)."""

    object_type: str
    object_id: str
    purpose: str


def log_access(*, by: Acting, notes: Sequence[AccessNote]) -> None:
    """Insert all notes of one request in one statement; nothing for an empty list."""
    if not notes:
        return
    at = clock.real_now()
    AccessRow.objects.bulk_create(
        [
            AccessRow(
                at=at,
                actor=by.label,
                capacity=by.capacity,
                object_type=note.object_type,
                object_id=note.object_id,
                purpose=note.purpose,
                request_id=by.request_id,
            )
            for note in notes
        ]
    )
