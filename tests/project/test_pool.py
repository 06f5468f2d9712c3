"""The pool after the database has gone and come back: nobody is given a dead connection."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, DataError, OperationalError

from diwan.cases.opening_sql import REFUSED
from diwan.outbox import prepared
from diwan.project.config import read_config
from diwan.project.database import django_settings
from diwan.project.launch import cluster as embedded
from diwan.project.postgresql.base import DatabaseWrapper, still_there
from tests import databases

DJANGO_OWN: dict[str, Any] = {"TIME_ZONE": None, "AUTOCOMMIT": True, "TEST": {}}

PATIENCE = 20.0


@pytest.fixture
def pooled(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """A connection as the product has it outside of tests: taken from a pool."""
    given = databases.environment(committed_database) | {"DIWAN_PROFILE": "demo", "DIWAN_HOST": "127.0.0.1"}
    config = read_config({key: value for key, value in given.items() if key.startswith("DIWAN_")})
    made = DatabaseWrapper({**django_settings(config), **DJANGO_OWN}, alias="pooled")
    yield made
    made.close()
    made.close_pool()


def server_process(connection: DatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_servers(database: str) -> None:
    """End every server process of the database's clients, as a crash does."""
    with psycopg.connect(databases.CLUSTER.url(embedded.SUPERUSER, "postgres"), autocommit=True) as boss:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        until = time.monotonic() + PATIENCE
        # Again until none is left: the pool may be opening another one just now.
        while boss.execute(end, [database]).fetchall():
            assert time.monotonic() < until, "the servers do not end"
            time.sleep(0.02)


def test_the_settings_lead_to_this_engine(pooled: DatabaseWrapper) -> None:
    assert pooled.settings_dict["ENGINE"] == DatabaseWrapper.__module__.rpartition(".")[0]
    assert pooled.pool is not None


def test_a_connection_that_waits_is_given_out_again(pooled: DatabaseWrapper) -> None:
    seen = set()
    for _ in range(6):
        seen.add(server_process(pooled))
        pooled.close()
    # The pool may have grown by one while the first was being opened.
    assert len(seen) <= 2


def test_after_a_crash_the_first_request_gets_a_new_connection(
    pooled: DatabaseWrapper, committed_database: str
) -> None:
    first = server_process(pooled)
    pooled.close()
    end_servers(committed_database)
    assert server_process(pooled) != first


def test_without_the_look_it_would_be_a_dead_one(pooled: DatabaseWrapper, committed_database: str) -> None:
    server_process(pooled)
    pooled.close()
    end_servers(committed_database)
    pool = pooled.pool
    taken = pool._getconn_unchecked(5)
    with pytest.raises(psycopg.OperationalError):
        still_there(taken)
    pool.putconn(taken)


def test_in_the_middle_of_work_the_fault_is_told(pooled: DatabaseWrapper, committed_database: str) -> None:
    """Only what waits is exchanged: work that was begun on a connection is not silently begun again."""
    server_process(pooled)
    end_servers(committed_database)
    with pytest.raises(OperationalError):
        server_process(pooled)


def test_a_request_that_holds_a_connection_asks_for_no_second_one(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "connection", pooled)
    asked = prepared.Prepared(name="test_held", query="SELECT pg_backend_pid()::text, %s::text")
    first = asked.row("before")
    assert pooled.connection is None and first[1] == "before"
    mine = server_process(pooled)
    pooled.pool.getconn = lambda *_: pytest.fail("a second connection")
    assert asked.row("held") == [str(mine), "held"]
    with pytest.raises(DataError):
        asked.row("a\0b")


def test_a_statement_that_refuses_itself_says_what_and_leaves_the_connection_usable(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "connection", pooled)
    refusing = prepared.Prepared(name="test_refuse", query="SELECT diwan_refuse(%s::text)")
    for _held in range(2):
        with pytest.raises(DatabaseError) as caught:
            refusing.row("papers")
        cause = caught.value.__cause__
        assert isinstance(cause, psycopg.Error)
        assert (cause.sqlstate, cause.diag.message_primary) == (REFUSED, "papers")
        assert server_process(pooled)
