"""Note what a provider tells of a message that it took."""

from datetime import datetime
from typing import Final

from diwan.notify.models import Message
from diwan.notify.references import read_reference

DELIVERED: Final = frozenset(("delivered", "read"))
LOST: Final = frozenset(("undelivered", "failed", "rejected", "expired", "bounced"))


def record_receipt(*, reference: str, status: str, at: datetime) -> bool:
    """Record a receipt; again is quiet, and a message that arrived stays arrived.

    `reference` is ours, `status` one of DELIVERED or LOST (others change nothing). False for a message that is not
    ours, so that the sender is told the same in any case.
    """
    found = read_reference(reference)
    if found is None:
        return False
    identity, created_at = found
    row = Message.objects.filter(created_at=created_at, id=identity)
    known = row.exclude(state=Message.State.DELIVERED)
    if status in DELIVERED:
        known.update(state=Message.State.DELIVERED, receipt_at=at, error="")
    elif status in LOST:
        known.update(state=Message.State.FAILED, receipt_at=at, error=f"receipt: {status}")
    return row.exists()
