"""One statement of a hot path, prepared once on each connection of the pool, answered as text.

The wrappers of Django and psycopg cost more than the statement itself: 100 microseconds of processor time against 35,
and the building of a query of the ORM several times as much. Without a pool (tests, command line) the same statement
goes the usual way, and so it does where somebody counts or looks at statements. Inside of a transaction psycopg sends
it, which forgets its prepared statements with every rollback, and knows it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import psycopg
from django.db import DataError, connection, models
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn

_UNKNOWN: Final = b"26000"
"""SQLSTATE of a prepared statement that this connection does not know yet."""
M = TypeVar("M", bound=models.Model)


class Prepared:
    """A query of one row at most whose parameters are written %s; every column has to be text, and every parameter."""

    def __init__(self, *, name: str, query: str) -> None:
        self._name = name.encode()
        self.query = query
        numbered = query
        for number in range(1, query.count("%s") + 1):
            numbered = numbered.replace("%s", f"${number}", 1)
        self._numbered = numbered.encode()

    def row(self, *values: str) -> list[str | None]:
        """The one row, column by column, of a query that always has one."""
        found = self.first(*values)
        if found is None:
            raise LookupError(self._name.decode())
        return found

    def first(self, *values: str) -> list[str | None] | None:
        """The row, column by column, or None. A statement that writes is a transaction of its own."""
        pool = getattr(connection, "pool", None)
        watched = bool(connection.execute_wrappers) or connection.queries_logged
        if connection.in_atomic_block and not watched:
            return self._within(values)
        if pool is None or connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(self.query, values)
                found = cursor.fetchone()
                return None if found is None else list(found)
        if any("\0" in value for value in values):
            raise DataError("text of PostgreSQL holds no NUL")
        given = [value.encode() for value in values]
        with connection.wrap_database_errors:
            if connection.connection is not None:
                # What this request holds already: of a second one for each thread the pool might have none left.
                return self._fetched(connection.connection.pgconn, given)
            pool.open()
            taken: psycopg.Connection[object] = pool.getconn()
            try:
                return self._fetched(taken.pgconn, given)
            finally:
                pool.putconn(taken)

    def _within(self, values: Sequence[str]) -> list[str | None] | None:
        """In the transaction at hand, without Django's own wrapping."""
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            found = cursor.execute(self.query, values, prepare=True).fetchone()
            return None if found is None else list(found)

    def _fetched(self, server: PGconn, values: list[bytes]) -> list[str | None] | None:
        found = server.exec_prepared(self._name, values)
        if found.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:
            server.prepare(self._name, self._numbered)
            found = server.exec_prepared(self._name, values)
        if found.status != ExecStatus.TUPLES_OK:
            raise error_from_result(found)
        if found.ntuples == 0:
            return None
        cells = (found.get_value(0, place) for place in range(found.nfields))
        return [None if cell is None else cell.decode() for cell in cells]


def record(model: type[M], text: str) -> M:
    """The object of a row that came as `to_jsonb(row)::text`: dates and times as the model has them."""
    return made(model, json.loads(text))


def records(model: type[M], text: str) -> list[M]:
    """The objects of rows that came as one array, `jsonb_agg(to_jsonb(row))::text`."""
    return [made(model, given) for given in json.loads(text)]


def made(model: type[M], given: Mapping[str, Any]) -> M:
    """The object of a row that is read from JSON already."""
    names, columns = _reading(model)
    values = [given[column] if read is None else read(given[column]) for column, read in columns]
    return model.from_db(connection.alias, names, values)


@cache
def _reading(
    model: type[models.Model],
) -> tuple[list[str], tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """Names of the attributes, and by column what makes its value of that of JSON (None: it is the same)."""
    fields = model._meta.concrete_fields
    columns = (
        (str(one.column), one.to_python if isinstance(one, models.DateField) else None) for one in fields
    )
    return [one.attname for one in fields], tuple(columns)
