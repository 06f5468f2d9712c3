"""Audit rows: one plain statement, no personal value, and nothing the app role could change."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from diwan.audit.actions import AccessNote, audit_digest, audit_row, audit_sql_values, log_access
from diwan.audit.models import AccessRow, AuditRow
from diwan.people.actor import Actor, system

pytestmark = pytest.mark.django_db

CLERK = Actor(account_id=7, capacity="position:3", request_id="req-1")


def test_a_row_holds_names_and_a_digest_but_no_value() -> None:
    with CaptureQueriesContext(connection) as queries:
        audit_row(
            by=CLERK,
            action="people.account.made",
            object_type="account",
            object_id=9,
            municipality_id=2,
            fields=["kind"],
            values={"name_ar": "سعاد", "mobile": "+966500000000"},
        )
    assert len(queries) == 1
    row = AuditRow.objects.get(object_type="account", object_id="9")
    assert (row.actor, row.capacity, row.request_id, row.municipality_id) == (
        "account:7",
        "position:3",
        "req-1",
        2,
    )
    assert row.fields == ["kind", "mobile", "name_ar"]
    assert "سعاد" not in str(vars(row))
    assert row.digest == audit_digest({"mobile": "+966500000000", "name_ar": "سعاد"})
    assert row.xid > 0


def test_no_values_no_digest() -> None:
    columns = audit_sql_values(
        by=system("clock"), action="a.b.c", object_type="case", object_id=1, municipality_id=1
    )
    assert columns["digest"] == ""
    assert columns["actor"] == "system:clock"


def test_reads_are_noted_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        log_access(by=CLERK, notes=[AccessNote("case", str(n), "case.page") for n in range(20)])
        log_access(by=CLERK, notes=[])
    assert len(queries) == 1
    assert AccessRow.objects.filter(actor="account:7", purpose="case.page").count() == 20


@pytest.mark.parametrize("table", ["audit_row", "audit_seal", "access_log"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_role_cannot_change_the_log(table: str, statement: str) -> None:
    column = "rows" if table == "audit_seal" else "id"
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        cursor.execute(statement.format(table, column, column))
