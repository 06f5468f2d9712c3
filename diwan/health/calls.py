"""How calls to systems outside went: noted in memory where the call is made, written down when nothing is open.

A call may happen in a thread without a connection or beside a transaction; so an adapter only notes, and the request
or the round of a sweep that made the call writes afterwards: when a system falls silent or speaks again, else at most
every half minute.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, connection

from diwan.kit import clock
from diwan.kit.breaker import Breaker
from diwan.kit.metering import BREAKERS, CALLS

EVERY: Final = 30.0
#: A single call may get lost; so many in a row are an outage, and are written down at once.
ENOUGH: Final = 3
_UPSERT: Final = """
INSERT INTO health_connector AS c (name, last_success_at, last_failure_at, failing_since, failures, error)
VALUES (%(name)s, %(good)s, %(bad)s, CASE WHEN %(failing)s THEN %(first)s::timestamptz END, %(failures)s, %(error)s)
ON CONFLICT (name) DO UPDATE SET
  last_success_at = GREATEST(c.last_success_at, EXCLUDED.last_success_at),
  last_failure_at = GREATEST(c.last_failure_at, EXCLUDED.last_failure_at),
  failing_since = CASE WHEN %(failing)s THEN COALESCE(c.failing_since, EXCLUDED.failing_since) END,
  failures = CASE WHEN %(failing)s THEN c.failures + EXCLUDED.failures ELSE 0 END,
  error = CASE WHEN EXCLUDED.error <> '' THEN EXCLUDED.error ELSE c.error END
"""


@dataclass(slots=True)
class _Noted:
    """What this process saw of one system since it last wrote."""

    failing: bool = False
    good: datetime | None = None
    bad: datetime | None = None
    first: datetime | None = None
    failures: int = 0
    streak: int = 0
    error: str = ""
    written_failing: bool | None = None
    written_at: float = 0.0
    fresh: bool = False


_noted: dict[str, _Noted] = {}
_lock = threading.Lock()


def note_call(name: str, *, ok: bool, error: str = "", breaker: Breaker | None = None) -> None:
    """Note one call to the system `name`; `error` is a class or a status, never a value. Writes nothing itself."""
    CALLS.labels(name, "answered" if ok else "failed").inc()
    if breaker is not None:
        BREAKERS.labels(name).set(1 if breaker.is_open else 0)
    now = clock.real_now()
    with _lock:
        seen = _noted.setdefault(name, _Noted())
        seen.fresh, seen.failing = True, not ok
        if ok:
            seen.good, seen.first, seen.streak = now, None, 0
        else:
            seen.bad, seen.first, seen.error = now, seen.first or now, error[:120]
            seen.failures += 1
            seen.streak += 1


def write_calls(*, every: float = EVERY) -> int:
    """Write down what is worth it, outside any transaction; how many systems that were. Costs nothing otherwise."""
    if not _noted or not any(seen.fresh for seen in list(_noted.values())):
        return 0
    moment, due = time.monotonic(), []
    with _lock:
        for name, seen in _noted.items():
            turned = seen.failing != seen.written_failing or seen.streak == ENOUGH
            if seen.fresh and (turned or moment - seen.written_at >= every):
                due.append(_row(name, seen))
                seen.fresh, seen.failures = False, 0
                seen.written_failing, seen.written_at = seen.failing, moment
    if due:
        _write(due)
    return len(due)


def _row(name: str, seen: _Noted) -> dict[str, Any]:
    return {
        "name": name, "good": seen.good, "bad": seen.bad, "first": seen.first or seen.bad, "failing": seen.failing,
        "failures": seen.failures, "error": seen.error if seen.failing else "",
    }  # fmt: skip


def _write(rows: list[dict[str, Any]]) -> None:
    try:
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(_UPSERT, row)
    except DatabaseError:
        forget()


def forget() -> None:
    """Know nothing: the next note of each system is written at once."""
    with _lock:
        _noted.clear()
