"""One audit row for one write, inserted in the write's own transaction.

A row holds names and digests, never personal values: erasure must not break the chain. The digest is keyed with the
deployment's secret, so that it proves a value without letting anyone guess it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from diwan.audit.acting import Acting
from diwan.kit import clock, tracing
from diwan.kit.canonical import canonical_json
from diwan.kit.keyed import keyed_digest

_COLUMNS = (
    "recorded_at",
    "at",
    "actor",
    "capacity",
    "action",
    "object_type",
    "object_id",
    "municipality_id",
    "request_id",
    "fields",
    "digest",
)
_INSERT = """
INSERT INTO audit_row (xid, recorded_at, at, actor, capacity, action, object_type, object_id, municipality_id,
                       request_id, fields, digest)
VALUES (pg_current_xact_id()::text::bigint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _spelled(value: Any) -> Any:
    """Dates and times in their ISO form, which is the one spelling that the canonical form lacks."""
    if isinstance(value, (str, int)) or value is None:
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def audit_digest(values: Mapping[str, Any]) -> str:
    """The keyed digest of the written values (canonical JSON), or the empty text when there are none."""
    if not values:
        return ""
    return audit_digest_of(canonical_json(_spelled(values)))


def audit_digest_of(canonical: bytes) -> str:
    """`audit_digest` of values whose canonical JSON is at hand."""
    return keyed_digest(secret=settings.SECRET_KEY, purpose="audit values", value=canonical)


def audit_sql_values(
    *,
    by: Acting,
    action: str,
    object_type: str,
    object_id: int | str,
    municipality_id: int | None,
    fields: Iterable[str] = (),
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The columns of one row (all but `id` and `xid`) for a set-based statement.

    The statement itself supplies `xid` as `pg_current_xact_id()::text::bigint`. `object_id` may be replaced by a
    column of the statement when the object is made in it; `fields` is a list for `text[]`.
    """
    written = values or {}
    return {
        "recorded_at": clock.real_now(),
        "at": clock.now(),
        "actor": by.label,
        "capacity": by.capacity,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "municipality_id": municipality_id,
        "request_id": by.request_id or tracing.request_id(),
        "fields": sorted(set(fields) | set(written)),
        "digest": audit_digest(written),
    }


def audit_row(
    *,
    by: Acting,
    action: str,
    object_type: str,
    object_id: int | str,
    municipality_id: int | None,
    fields: Iterable[str] = (),
    values: Mapping[str, Any] | None = None,
) -> None:
    """Insert one row: one plain statement, no read back.

    `action` is the event-like name of the write (`people.delegation.given`); `fields` and the keys of `values` are
    stored by name, the values themselves only as a keyed digest.
    """
    row = audit_sql_values(
        by=by,
        action=action,
        object_type=object_type,
        object_id=object_id,
        municipality_id=municipality_id,
        fields=fields,
        values=values,
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [row[name] for name in _COLUMNS])
