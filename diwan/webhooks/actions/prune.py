"""Remove what was delivered long ago, and give up what waited too long for a receiver that never came back."""

from datetime import timedelta
from typing import Final

from django.db import connection

from diwan.kit import clock
from diwan.webhooks.models import Delivery
from diwan.webhooks.timing import OLDEST

KEPT: Final = timedelta(days=30)
DEAD_KEPT: Final = timedelta(days=90)
_PRUNE: Final = """
DELETE FROM webhook_delivery WHERE id IN (
  SELECT id FROM webhook_delivery
  WHERE (state = 'delivered' AND done_at < %s) OR (state = 'dead' AND done_at < %s) LIMIT %s)
"""


def prune_deliveries(*, limit: int = 20_000) -> int:
    """Delete deliveries done more than 30 days ago and dead letters after 90; the number removed.

    What waits for more than seven days becomes a dead letter: it can still be sent by a replay. Of a paused
    subscription it keeps waiting.
    """
    now = clock.real_now()
    Delivery.objects.filter(
        state=Delivery.State.WAITING,
        made_at__lt=now - OLDEST,
        next_at__lt=now,
        subscription__paused_at__isnull=True,
    ).update(state=Delivery.State.DEAD, done_at=now, error="too_old")
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, [now - KEPT, now - DEAD_KEPT, limit])
        return int(cursor.rowcount)
