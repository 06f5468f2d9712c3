"""The short way of one statement to a pooled connection answers as the usual way does."""

import psycopg
import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from diwan.api.prepared import Prepared

PAIR = Prepared(name="test_pair", query="SELECT %s::bigint::text, %s::text, NULL::text")


@pytest.mark.django_db
def test_the_usual_way_inside_a_transaction() -> None:
    assert PAIR.row("12", "ديوان") == ["12", "ديوان", None]


@pytest.mark.django_db
def test_a_pooled_connection_learns_the_statement_once_and_stays_usable() -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as pooled:
        for number in (b"12", b"13"):
            assert PAIR._fetched(pooled.pgconn, [number, "ديوان".encode()]) == [
                number.decode(),
                "ديوان",
                None,
            ]
        known = pooled.execute("SELECT name FROM pg_prepared_statements WHERE NOT from_sql").fetchall()
        assert ("test_pair",) in known
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            PAIR._fetched(pooled.pgconn, [b"many", b""])
        assert pooled.info.transaction_status == TransactionStatus.IDLE
