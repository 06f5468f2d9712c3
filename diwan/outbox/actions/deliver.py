"""Deliver events to handlers, at least once, in the order of transactions, without skipping a late commit.

A handler's cursor is a transaction id below `pg_snapshot_xmin`: no transaction under it can still commit. Each call of
a handler shares one transaction with the note that it ran (`Handled`), so a second deliverer waits for that row and
then skips the event. A handler that fails is tried again later with growing pauses, while it goes on with other events.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import connection, transaction

from diwan.kit import clock, tracing
from diwan.kit.errors import DiwanError
from diwan.outbox.models import Cursor, Event, Failure
from diwan.outbox.registry import Delivered, Registered, handlers

log = logging.getLogger(__name__)

BATCH = 200
TURN = 50
"""Calls of one handler before the next one has its turn: a long queue of one must not keep the others waiting."""
#: After this many attempts (about two days with the pauses below) an event is a dead letter until somebody revives it.
MAX_ATTEMPTS = 15
#: An idle cursor is moved only so often: moving it writes, and so makes the watermark move again.
IDLE_SPAN = 10_000
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)

_WATERMARK = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_PENDING = """
SELECT e.id, e.name, e.version, e.subject, e.data, e.at FROM outbox_event e
WHERE e.xid >= %s AND e.xid < %s AND e.name = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM outbox_handled h WHERE h.event_id = e.id AND h.handler = %s)
  AND NOT EXISTS (SELECT 1 FROM outbox_failure f WHERE f.event_id = e.id AND f.handler = %s)
ORDER BY e.xid, e.id LIMIT %s
"""
_CLAIM = """
INSERT INTO outbox_handled (event_id, handler, at) VALUES (%s, %s, %s)
ON CONFLICT (event_id, handler) DO NOTHING
"""
_FAILED = """
INSERT INTO outbox_failure (event_id, handler, attempts, next_at, error, first_at)
VALUES (%(event)s, %(handler)s, 1, %(now)s::timestamptz + make_interval(secs => %(first)s), %(error)s, %(now)s)
ON CONFLICT (event_id, handler) DO UPDATE SET
  attempts = outbox_failure.attempts + 1,
  next_at = %(now)s::timestamptz
    + make_interval(secs => LEAST(%(first)s * power(2, LEAST(outbox_failure.attempts, 20)), %(longest)s)),
  error = EXCLUDED.error,
  dead_at = CASE WHEN outbox_failure.attempts + 1 >= %(most)s THEN %(now)s::timestamptz END
"""


def deliver_pending(*, limit: int = 1000, go_on: Callable[[], bool] = lambda: True) -> int:
    """Deliver what is committed and due, at most about `limit` calls of handlers; returns how many succeeded.

    `go_on` is asked between events, so that a worker that stops need not wait for a long queue.
    """
    done = 0
    for handler in handlers().values():
        done += _retry_due(handler, go_on=go_on)
    busy = list(handlers().values())
    while busy:
        for handler in tuple(busy):
            turn = min(TURN, limit - done)
            if turn <= 0 or not go_on():
                return done
            called = _advance(handler, limit=turn, go_on=go_on)
            done += called
            if called < turn:
                busy.remove(handler)
    return done


def deliver_events(ids: Iterable[int]) -> int:
    """Call every handler that hears these events now, without waiting for other transactions; returns the calls.

    For a caller that wrote the events itself, such as a command that loads data. Errors are not caught.
    """
    calls = 0
    for event in Event.objects.filter(id__in=list(ids)).order_by("xid", "id"):
        for handler in handlers().values():
            if event.name in handler.events and _call(handler, _delivered(event)):
                calls += 1
    return calls


def watermark() -> int:
    """The oldest transaction that still runs: everything below it is committed or gone."""
    with connection.cursor() as cursor:
        cursor.execute(_WATERMARK)
        return int(cursor.fetchone()[0])


def _advance(handler: Registered, *, limit: int, go_on: Callable[[], bool]) -> int:
    """Deliver new events of one handler and move its cursor to the watermark when none is left under it."""
    cursor_row, _ = Cursor.objects.get_or_create(handler=handler.name)
    top = watermark()
    done = 0
    while done < limit:
        batch = _pending(handler, since=cursor_row.xid, below=top, limit=min(BATCH, limit - done))
        if not batch:
            if done or top - cursor_row.xid >= IDLE_SPAN:
                Cursor.objects.filter(handler=handler.name, xid__lt=top).update(xid=top)
            break
        for event in batch:
            if not go_on():
                return done
            done += _attempt(handler, event)
    return done


def _pending(handler: Registered, *, since: int, below: int, limit: int) -> list[Delivered]:
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, [since, below, sorted(handler.events), handler.name, handler.name, limit])
        ids = [row[0] for row in cursor.fetchall()]
    found = Event.objects.filter(id__in=ids).order_by("xid", "id")
    return [_delivered(event) for event in found]


def _retry_due(handler: Registered, *, go_on: Callable[[], bool]) -> int:
    due = Failure.objects.filter(
        handler=handler.name, dead_at__isnull=True, next_at__lte=clock.real_now()
    ).select_related("event")
    done = 0
    for failure in due.order_by("next_at")[:BATCH]:
        if not go_on():
            break
        done += _attempt(handler, _delivered(failure.event))
    return done


def _attempt(handler: Registered, event: Delivered) -> int:
    with tracing.following(event.request_id, capacity="system:events"):
        try:
            return int(_call(handler, event))
        except Exception as error:  # a handler's failure of any kind is kept and retried, the others go on
            log.exception("handler %s failed at event %s (%s)", handler.name, event.id, event.name)
            _keep_failure(handler, event, error)
            return 0


def _call(handler: Registered, event: Delivered) -> bool:
    """Run the handler with its note in one transaction, for the request that caused the event; False: it has run."""
    with tracing.following(event.request_id, capacity="system:events"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [event.id, handler.name, clock.real_now()])
            if cursor.rowcount == 0:
                return False
        handler.run(event)
        Failure.objects.filter(event_id=event.id, handler=handler.name).delete()
    return True


def _keep_failure(handler: Registered, event: Delivered, error: Exception) -> None:
    code = error.code if isinstance(error, DiwanError) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _FAILED,
            {
                "event": event.id,
                "handler": handler.name,
                "now": clock.real_now(),
                "first": FIRST_PAUSE.total_seconds(),
                "longest": LONGEST_PAUSE.total_seconds(),
                "error": f"{type(error).__name__} {code}".strip()[:200],
                "most": MAX_ATTEMPTS,
            },
        )


def _delivered(event: Event) -> Delivered:
    return Delivered(
        id=event.id,
        name=event.name,
        version=event.version,
        subject=event.subject,
        data=event.data,
        at=event.at,
        request_id=event.request_id,
    )
