"""Which messages a process takes, so that any number of them can work side by side."""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from diwan.kit import clock
from diwan.notify.models import Message
from diwan.notify.timing import LEASE

_CLAIM: Final = """
WITH due AS (
    SELECT created_at, id FROM message
    WHERE state = 'queued' AND not_before <= %s AND channel = ANY(%s)
    ORDER BY not_before LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE message m SET not_before = %s FROM due WHERE m.created_at = due.created_at AND m.id = due.id RETURNING m.*
"""


def claim_due(*, channels: Collection[str], limit: int) -> list[Message]:
    """Lease up to `limit` messages whose time has come, oldest first, and commit the lease."""
    now = clock.now()
    with transaction.atomic():
        found = list(Message.objects.raw(_CLAIM, [now, list(channels), limit, now + LEASE]))
    return sorted(found, key=lambda message: (message.created_at, message.pk))


def settle_interrupted(*, resumable: Collection[str]) -> int:
    """What a killed process left `sending`: asked again where the provider knows the reference, else `uncertain`."""
    left = Message.objects.filter(state=Message.State.SENDING, not_before__lte=clock.now())
    again = left.filter(channel__in=resumable).update(state=Message.State.QUEUED)
    unknown = left.exclude(channel__in=resumable).update(
        state=Message.State.UNCERTAIN, error="interrupted while it was handed over"
    )
    return again + unknown
