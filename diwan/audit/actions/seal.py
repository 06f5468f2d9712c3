"""Chain the committed audit rows, in batches, behind the open transactions.

A batch is a span of transaction ids whose upper end lies at or below `pg_snapshot_xmin`: no transaction inside can
still commit a row, so a row that commits late is in a later span and never skipped. The head is keyed with the
deployment's secret: who owns the tables but not the secret cannot make a new chain.
"""

from django.conf import settings
from django.db import connection, transaction

from diwan.audit.actions.anchor import append_missing
from diwan.audit.chain import FIRST, Chain, rows_between
from diwan.audit.models import Seal
from diwan.kit import clock

BATCH = 20_000
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('audit_seal'))"
_WATERMARK = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_LAST_OF_BATCH = """
SELECT max(xid), count(*) FROM (
  SELECT xid FROM audit_row WHERE xid >= %s AND xid < %s ORDER BY xid, id LIMIT %s
) span
"""


class SealingRefused(Exception):
    """The transaction counter of this server is behind the last seal: the database was restored into another cluster.

    The counter must be moved forward (`pg_resetwal --epoch`) before anything is written; the operator's guide says how.
    """


def seal_committed() -> int:
    """Seal everything that is committed below the oldest open transaction; returns the number of rows sealed.

    Only one sealer works at a time. The anchor file is written after the commit, and catches up after a crash.
    """
    total = 0
    while True:
        rows, full = _seal_batch()
        total += rows
        if not full:
            break
    append_missing()
    return total


def _seal_batch() -> tuple[int, bool]:
    """Add at most one seal; returns its rows and whether more may wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        last = Seal.objects.order_by("-seq").first()
        start, previous, seq = (last.xid_to, last.head, last.seq + 1) if last else (0, FIRST, 1)
        cursor.execute(_WATERMARK)
        (watermark,) = cursor.fetchone()
        if watermark < start:
            raise SealingRefused(f"transaction {watermark} is before the last seal's {start}")
        cursor.execute(_LAST_OF_BATCH, [start, watermark, BATCH])
        newest, found = cursor.fetchone()
        if not found:
            return 0, False
        full = found == BATCH
        end = newest + 1 if full else watermark
        chain = Chain(secret=settings.SECRET_KEY, previous=previous, xid_from=start, xid_to=end)
        for row in rows_between(start, end):
            chain.add(row)
        Seal.objects.create(
            seq=seq,
            xid_from=start,
            xid_to=end,
            rows=chain.rows,
            previous=previous,
            head=chain.head(),
            sealed_at=clock.real_now(),
        )
        return chain.rows, full
