"""Remove events that every handler has done, so that the table stays small."""

from datetime import timedelta

from django.db import connection

from diwan.kit import clock

KEPT = timedelta(days=30)

_PRUNE = """
WITH low AS (SELECT min(xid) AS xid FROM outbox_cursor),
gone AS (
  SELECT e.id FROM outbox_event e, low
  WHERE e.at < %s AND e.xid < low.xid
    AND NOT EXISTS (SELECT 1 FROM outbox_failure f WHERE f.event_id = e.id)
  ORDER BY e.id LIMIT %s
),
notes AS (DELETE FROM outbox_handled h USING gone WHERE h.event_id = gone.id)
DELETE FROM outbox_event e USING gone WHERE e.id = gone.id
"""


def prune_delivered(*, limit: int = 5000) -> int:
    """Delete at most `limit` events older than 30 days that lie below every cursor and have no failure left."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, [clock.now() - KEPT, limit])
        return int(cursor.rowcount)
