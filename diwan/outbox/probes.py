"""How far events have got: what waits for each handler, and what was given up."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection

from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.outbox.models import Cursor
from diwan.outbox.queries import waiting
from diwan.outbox.registry import Registered, handlers

WATCH, BAD = 60.0, 900.0
_PENDING: Final = """
SELECT count(*), min(e.at) FROM outbox_event e
WHERE e.xid >= %s AND e.name = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM outbox_handled h WHERE h.event_id = e.id AND h.handler = %s)
  AND NOT EXISTS (SELECT 1 FROM outbox_failure f WHERE f.event_id = e.id AND f.handler = %s)
"""
_NAMES: Final = {"cases.index_words": N_("Words of the search")}


@probe("queues", "outbox.events")
def events() -> Iterator[Finding]:
    """Events that a handler has not heard yet. Handlers that lag behind are named; the search has its own line."""
    cursors = dict(Cursor.objects.values_list("handler", "xid"))
    total, oldest = 0, None
    for handler in handlers().values():
        count, at = _pending(handler, cursors.get(handler.name, 0))
        if handler.name in _NAMES:
            yield _line(f"events.{handler.name}", _NAMES[handler.name], count, at)
            continue
        total += count
        oldest = min((moment for moment in (oldest, at) if moment is not None), default=None)
    yield _line("events", N_("Events"), total, oldest)
    found = waiting()
    yield Finding(
        key="events.dead", name=N_("Deliveries given up"), state="bad" if found.dead else "good", count=found.dead,
        says=N_("{count} are being tried again.") if found.retrying else "", params={"count": found.retrying},
        advice=N_("Mend what the log says of the handler, then run: diwan outbox revive"),
    )  # fmt: skip


def _pending(handler: Registered, since: int) -> tuple[int, datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, [since, sorted(handler.events), handler.name, handler.name])
        count, at = cursor.fetchone()
    return int(count), at


def _line(key: str, name: str, count: int, oldest: datetime | None) -> Finding:
    age = seconds_since(oldest, now=clock.now())
    return Finding(
        key=key, name=name, state=grade(age, watch=WATCH, bad=BAD), count=count, age=age,
        advice=N_("See whether the worker lives, and what its log says of the sweep “events”."),
    )  # fmt: skip
