"""Which papers of a case were replaced when its applicant completed it: they are kept, and no longer count."""

from collections.abc import Iterable
from datetime import datetime

from diwan.cases.models import History
from diwan.files.models import Upload


def replaced_papers(uploads: Iterable[Upload], history: Iterable[History]) -> frozenset[str]:
    """Ids of the papers in whose slot a later completion brought others.

    A completion's own papers were received after the return that asked for them. Asks the database nothing.
    """
    since: dict[str, datetime] = {}
    returned: datetime | None = None
    for row in sorted(history, key=lambda one: one.pk):
        if row.act == "returned":
            returned = row.at
        elif row.act == "resubmitted" and returned is not None:
            since |= {slot: returned for slot, pair in row.changes.items() if not pair}
    return frozenset(
        upload.pk for upload in uploads if upload.slot in since and upload.created_at < since[upload.slot]
    )
