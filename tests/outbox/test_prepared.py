"""The short way of one statement to a pooled connection answers as the usual way does."""

from datetime import date

import psycopg
import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from diwan.kit import clock
from diwan.outbox.prepared import Prepared, record
from diwan.people.models import Account

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


@pytest.mark.django_db
def test_no_row_is_none_and_a_record_has_the_types_of_its_model() -> None:
    account = Account.objects.create(username="prepared", birth_date=date(1990, 2, 3), created_at=clock.now())
    whole = Prepared(
        name="test_account", query="SELECT to_jsonb(a)::text FROM people_account a WHERE a.id = %s::bigint"
    )
    found = whole.first(str(account.pk))
    assert found is not None
    same = record(Account, str(found[0]))
    for field in Account._meta.concrete_fields:
        assert getattr(same, field.attname) == getattr(account, field.attname), field.name
    assert not same._state.adding
    assert whole.first("0") is None
    with pytest.raises(LookupError):
        whole.row("0")
