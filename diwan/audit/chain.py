"""How rows become a link of the chain: the one definition that the sealer and the verifier share."""

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from diwan.kit.keyed import derived_key

#: What stands for the head before the first seal.
FIRST = "0" * 64
_PAGE = 2000
_ROWS = """
SELECT xid, id, recorded_at, at, actor, capacity, action, object_type, object_id, municipality_id, request_id,
       fields, digest
FROM audit_row WHERE xid >= %s AND xid < %s AND (xid, id) > (%s, %s)
ORDER BY xid, id LIMIT %s
"""

Row = tuple[Any, ...]


class Chain:
    """One link: a keyed digest over the previous head, the span, and every column of every row in order."""

    def __init__(self, *, secret: str | bytes, previous: str, xid_from: int, xid_to: int) -> None:
        self._mac = hmac.new(derived_key(secret=secret, purpose="audit chain"), digestmod=sha256)
        self._mac.update(f"{previous} {xid_from} {xid_to}\n".encode())
        self.rows = 0

    def add(self, row: Row) -> None:
        """Add the next row in the order of (xid, id)."""
        self._mac.update(row_line(row))
        self.rows += 1

    def head(self) -> str:
        """The head after all rows: 64 hexadecimal characters."""
        closed = self._mac.copy()
        closed.update(f"{self.rows}".encode())
        return closed.hexdigest()


def row_line(row: Row) -> bytes:
    """One row as one unambiguous line: a JSON list, times in UTC with microseconds."""
    plain = [
        value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for value in row
    ]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def rows_between(xid_from: int, xid_to: int) -> Iterator[Row]:
    """All rows of a span of transactions in order of (xid, id), read in pages."""
    after: tuple[int, int] = (-1, -1)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, [xid_from, xid_to, *after, _PAGE])
            page = cursor.fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        after = (page[-1][0], page[-1][1])
