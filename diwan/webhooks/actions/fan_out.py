"""Turn committed events into deliveries, a whole range of transactions at once, and move the cursor with them.

Exactly once: rows and cursor are one transaction, and no transaction below the watermark can still commit.
"""

from typing import Final

from django.db import connection, transaction

from diwan.outbox.models import Cursor
from diwan.webhooks.covering import add_new

HANDLER: Final = "webhooks.fan_out"
#: Events looked at in one transaction.
MOST: Final = 5_000
#: An idle cursor is moved only so often: moving it writes, and so makes the watermark move again.
IDLE_SPAN: Final = 10_000

_LOCKED: Final = "SELECT xid FROM outbox_cursor WHERE handler = %s FOR UPDATE SKIP LOCKED"
_WATERMARK: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_RANGE: Final = """
SELECT count(*), max(xid) FROM
  (SELECT xid FROM outbox_event WHERE xid >= %s AND xid < %s ORDER BY xid LIMIT %s) AS part
"""


def fan_out() -> int:
    """Make deliveries of the events that were committed since the last call; the number of events looked at."""
    Cursor.objects.get_or_create(handler=HANDLER)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCKED, [HANDLER])
        row = cursor.fetchone()
        if row is None:
            return 0
        low = int(row[0])
        cursor.execute(_WATERMARK)
        (high,) = cursor.fetchone()
        cursor.execute(_RANGE, [low, high, MOST])
        count, last = cursor.fetchone()
        if count == MOST:
            # The last transaction may go on beyond the limit: it comes next time, unless it is the only one.
            high = last if last > low else last + 1
        if count:
            add_new(low=low, high=high)
        if count or high - low >= IDLE_SPAN:
            Cursor.objects.filter(handler=HANDLER, xid__lt=high).update(xid=high)
    return int(count)


def fanned_out() -> int:
    """The transaction below which every event has its deliveries."""
    found = Cursor.objects.filter(handler=HANDLER).values_list("xid", flat=True).first()
    return found or 0
