"""Tests share a cluster: an open transaction of another test, in any database, holds the watermark back."""

import time

from django.db import connection

PATIENCE = 90.0


def others_done() -> None:
    """Wait until every transaction that is open now has ended, so that what is committed lies below the watermark."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (mine,) = cursor.fetchone()
        until = time.monotonic() + PATIENCE
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (oldest,) = cursor.fetchone()
            if oldest > mine:
                return
            assert time.monotonic() < until, "another transaction stays open"
            time.sleep(0.02)
