"""Write an event in the transaction of the change it tells of."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from diwan.kit import clock, tracing
from diwan.outbox.events import UndeclaredEvent, kind_of

_INSERT = (
    "INSERT INTO outbox_event (xid, at, name, version, subject, request_id, data) "
    "VALUES (pg_current_xact_id()::text::bigint, %s, %s, %s, %s, %s, %s::jsonb) RETURNING id"
)


def event_sql_values(*, name: str, subject: str, data: Mapping[str, Any], version: int = 1) -> dict[str, Any]:
    """The columns of one event (all but `id` and `xid`) for a set-based statement; refuses an undeclared event.

    The statement itself supplies `xid` as `pg_current_xact_id()::text::bigint`; `data` is to be passed as jsonb.
    """
    kind = kind_of(name)
    if not 1 <= version <= kind.version:
        raise UndeclaredEvent(f"{name} has no version {version}")
    if kind.keys and set(data) - set(kind.keys):
        raise UndeclaredEvent(f"{name} declares no {sorted(set(data) - set(kind.keys))}")
    return {"at": clock.now(), "name": name, "version": version, "subject": subject, "data": dict(data)}


def emit(*, name: str, subject: str, data: Mapping[str, Any], version: int = 1) -> int:
    """Insert one event and return its id. `subject` names the object (`case:2600000012`); data holds ids and codes."""
    row = event_sql_values(name=name, subject=subject, data=data, version=version)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT, [row["at"], name, version, subject, tracing.request_id(), json.dumps(row["data"])]
        )
        (event_id,) = cursor.fetchone()
    return int(event_id)
