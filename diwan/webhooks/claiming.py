"""Which deliveries a process takes, and what it writes down afterwards; any number of processes work side by side.

A claim is a lease: what a killed process held is taken up by another when it ends, under the same id. Of one subject
only the oldest waiting delivery is taken, so that a receiver gets the events of a case in their order; one that was
turned down `STUBBORN` times is overtaken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from diwan.kit import clock
from diwan.webhooks.models import Delivery, Subscription

LEASE: Final = timedelta(minutes=2)
STUBBORN: Final = 3

_DUE: Final = """
SELECT s.* FROM webhook_subscription s
WHERE s.paused_at IS NULL AND s.ended_at IS NULL AND (s.not_before IS NULL OR s.not_before <= %(now)s)
  AND EXISTS (SELECT 1 FROM webhook_delivery d
              WHERE d.subscription_id = s.id AND d.state = 'waiting' AND d.next_at <= %(now)s)
"""
_CLAIM: Final = """
WITH due AS (
  SELECT d.id FROM unnest(%(ids)s::bigint[], %(counts)s::int[]) AS w(subscription_id, wanted)
  CROSS JOIN LATERAL (
    SELECT d.id FROM webhook_delivery d
    WHERE d.subscription_id = w.subscription_id AND d.state = 'waiting' AND d.next_at <= %(now)s
      AND NOT EXISTS (SELECT 1 FROM webhook_delivery p
                      WHERE p.subscription_id = d.subscription_id AND p.subject = d.subject AND p.state = 'waiting'
                        AND p.event_id < d.event_id AND p.attempts < %(stubborn)s)
    ORDER BY d.next_at, d.id LIMIT w.wanted FOR UPDATE SKIP LOCKED
  ) AS d
)
UPDATE webhook_delivery d SET next_at = %(until)s FROM due WHERE d.id = due.id RETURNING d.*
"""
_RECORD: Final = """
UPDATE webhook_delivery d
SET state = r.state, attempts = d.attempts + r.counts, next_at = r.next_at, tried_at = %(now)s, status = r.status,
    error = r.error, took_ms = r.took_ms, done_at = CASE WHEN r.state <> 'waiting' THEN %(now)s::timestamptz END
FROM unnest(%(id)s::bigint[], %(state)s::text[], %(counts)s::int[], %(next_at)s::timestamptz[], %(status)s::int[],
            %(error)s::text[], %(took_ms)s::int[]) AS r(id, state, counts, next_at, status, error, took_ms)
WHERE d.id = r.id AND d.state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of one row: its state, whether the attempt `counts` (0 or 1), when it is due, what was answered."""

    id: int
    state: str
    counts: int
    next_at: datetime
    status: int
    error: str
    took_ms: int


def due_subscriptions() -> list[Subscription]:
    """The subscriptions with something to send now."""
    return list(Subscription.objects.raw(_DUE, {"now": clock.real_now()}))


def claim(wanted: Mapping[int, int]) -> list[Delivery]:
    """Lease deliveries, so many of each subscription, the earliest due first, and commit the lease."""
    if not wanted:
        return []
    now = clock.real_now()
    values = {
        "ids": list(wanted), "counts": list(wanted.values()), "now": now, "until": now + LEASE, "stubborn": STUBBORN,
    }  # fmt: skip
    return sorted(Delivery.objects.raw(_CLAIM, values), key=lambda row: (row.subscription_id, row.event_id))


def record(results: Sequence[Result]) -> None:
    """Write down what came of some attempts, in one statement."""
    if not results:
        return
    columns = ("id", "state", "counts", "next_at", "status", "error", "took_ms")
    values = {name: [getattr(result, name) for result in results] for name in columns}
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, {"now": clock.real_now(), **values})


def give_back(ids: Sequence[int]) -> None:
    """Return what was leased and not tried."""
    if ids:
        Delivery.objects.filter(id__in=ids, state=Delivery.State.WAITING).update(next_at=clock.real_now())
