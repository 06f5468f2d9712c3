"""Which events a subscription covers: one statement that makes the waiting rows, for new events and for a replay.

An event belongs to the service and municipality of its case; one without a case to the service that it names.
"""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from diwan.kit import clock
from diwan.webhooks.envelope import offered
from diwan.webhooks.events import TESTED

_ROWS: Final = """
INSERT INTO webhook_delivery (subscription_id, event_id, name, version, subject, data, service, municipality, at,
                              state, attempts, next_at, made_at, status, error, took_ms)
SELECT s.id, e.id, e.name, e.version, coalesce('case:' || c.id, e.subject), e.data,
       coalesce(c.service, e.data->>'service', ''), coalesce(m.code, ''), e.at,
       'waiting', 0, %(now)s, %(now)s, 0, '', 0
FROM outbox_event e
LEFT JOIN "case" c ON c.id = (e.data->>'case')::bigint
LEFT JOIN people_municipality m ON m.id = c.municipality_id
JOIN webhook_subscription s ON s.paused_at IS NULL AND s.ended_at IS NULL AND e.xid >= s.xid AND (
  (e.name = ANY(s.events)
   AND (s.all_services OR coalesce(c.service, e.data->>'service') = ANY(s.services))
   AND (s.all_municipalities OR e.data->>'case' IS NULL OR m.code = ANY(s.municipalities)))
  OR (e.name = %(tested)s AND (e.data->>'subscription')::bigint = s.id))
WHERE e.name = ANY(%(names)s) AND
"""
_NEW: Final = (
    _ROWS
    + "e.xid >= %(low)s AND e.xid < %(high)s ORDER BY e.xid, e.id ON CONFLICT (subscription_id, event_id) DO NOTHING"
)
_AGAIN: Final = (
    _ROWS
    + """e.name <> %(tested)s AND s.id = %(subscription)s AND e.at >= %(since)s AND e.xid < %(high)s
ORDER BY e.xid, e.id
ON CONFLICT (subscription_id, event_id) DO UPDATE
SET state = 'waiting', attempts = 0, next_at = EXCLUDED.next_at, made_at = EXCLUDED.made_at, done_at = NULL,
    status = 0, error = ''
WHERE %(again)s AND webhook_delivery.state <> 'waiting'
"""
)


def add_new(*, low: int, high: int) -> int:
    """Rows for the events of the transactions from `low` to below `high`; how many."""
    return _run(_NEW, {"low": low, "high": high})


def add_since(*, subscription_id: int, since: datetime, high: int, again: bool) -> int:
    """Rows for what happened since a moment, as far as events are kept; how many.

    With `again` what was delivered or given up goes once more, else only what was never on its way. Transactions from
    `high` on are left to the usual way.
    """
    return _run(_AGAIN, {"subscription": subscription_id, "since": since, "high": high, "again": again})


def _run(statement: str, values: dict[str, Any]) -> int:
    names = [kind.name for kind in offered()]
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"now": clock.real_now(), "tested": TESTED, "names": [*names, TESTED], **values}
        )
        return int(cursor.rowcount)
