"""One statement for a hot address, prepared once on each connection of the pool, answered as text.

The wrappers of Django and psycopg cost more than the statement itself: 100 microseconds of processor time against 35.
Without a pool (tests, command line) the same statement goes the usual way, inside whatever transaction is open.
"""

from typing import Final

import psycopg
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn

_UNKNOWN: Final = b"26000"
"""SQLSTATE of a prepared statement that this connection does not know yet."""


class Prepared:
    """A query of one row whose parameters are written %s; every column has to be text, and so is every parameter."""

    def __init__(self, *, name: str, query: str) -> None:
        self._name = name.encode()
        self._query = query
        numbered = query
        for number in range(1, query.count("%s") + 1):
            numbered = numbered.replace("%s", f"${number}", 1)
        self._numbered = numbered.encode()

    def row(self, *values: str) -> list[str | None]:
        """The one row, column by column."""
        pool = getattr(connection, "pool", None)
        if pool is None or connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(self._query, values)
                return list(cursor.fetchone())
        pool.open()
        with connection.wrap_database_errors:
            taken: psycopg.Connection[object] = pool.getconn()
            try:
                return self._fetched(taken.pgconn, [value.encode() for value in values])
            finally:
                pool.putconn(taken)

    def _fetched(self, server: PGconn, values: list[bytes]) -> list[str | None]:
        found = server.exec_prepared(self._name, values)
        if found.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:
            server.prepare(self._name, self._numbered)
            found = server.exec_prepared(self._name, values)
        if found.status != ExecStatus.TUPLES_OK:
            raise error_from_result(found)
        cells = (found.get_value(0, place) for place in range(found.nfields))
        return [None if cell is None else cell.decode() for cell in cells]
