"""Count an attempt under a key, in one atomic statement, before anything is compared."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from diwan.kit import clock
from diwan.people.errors import TooManyAttempts
from diwan.people.models import RateWindow

_COUNT = """
INSERT INTO people_ratewindow AS w (key, window_start, count) VALUES (%(key)s, %(now)s, %(amount)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN w.window_start <= %(since)s THEN %(amount)s ELSE w.count + %(amount)s END,
  window_start = CASE WHEN w.window_start <= %(since)s THEN EXCLUDED.window_start ELSE w.window_start END
RETURNING count, window_start
"""
_TAKE_BACK = """
WITH less AS (UPDATE people_ratewindow SET count = count - 1 WHERE key = %(key)s AND count > 1 RETURNING key)
DELETE FROM people_ratewindow WHERE key = %(key)s AND count <= 1 AND NOT EXISTS (SELECT FROM less)
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whether one more attempt is allowed, how many are left, and the real time at which the window ends."""

    allowed: bool
    left: int
    retry_at: datetime

    @property
    def retry_after(self) -> int:
        """Seconds until the window ends, at least 1."""
        return max(1, math.ceil((self.retry_at - clock.real_now()).total_seconds()))

    def require(self) -> None:
        """Raise TooManyAttempts when not allowed."""
        if not self.allowed:
            raise too_many(self.retry_at)


def count_attempt(*, key: str, limit: int, window: timedelta, amount: int = 1) -> Attempt:
    """Count one attempt (or `amount` at once) of at most `limit` in a window that starts with the first (real time).

    The count is committed at once: the call is refused inside another transaction, whose rollback would undo it.
    """
    now = clock.real_now()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key[:120], "now": now, "since": now - window, "amount": amount})
        count, start = cursor.fetchone()
    return Attempt(allowed=count <= limit, left=max(0, limit - count), retry_at=start + window)


def take_back_attempt(*, key: str) -> None:
    """Take one attempt back that was counted before the comparison and turned out right."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"key": key[:120]})


def forget_attempts(*, key: str) -> None:
    """Forget the attempts under a key, after success."""
    RateWindow.objects.filter(key=key[:120]).delete()


def prune_windows(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete windows that nobody can need any more; for a daily job."""
    deleted, _ = RateWindow.objects.filter(window_start__lt=clock.real_now() - older_than).delete()
    return deleted


def too_many(retry_at: datetime) -> TooManyAttempts:
    """The refusal that says when to try again, in minutes and by the clock in Riyadh."""
    seconds = (retry_at - clock.real_now()).total_seconds()
    return TooManyAttempts(minutes=max(1, math.ceil(seconds / 60)), at=f"{clock.local(retry_at):%H:%M}")
