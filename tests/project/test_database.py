"""The database of the tests and the assertions at start."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from diwan.project.database import UnsafeDatabaseError, assert_safe
from diwan.project.launch import cluster as embedded
from tests import databases


@pytest.mark.django_db
def test_tests_work_as_the_app_role_on_a_safe_database() -> None:
    assert_safe(connection, durable=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (embedded.APP,)


@pytest.mark.django_db
def test_the_app_role_may_not_truncate_or_define() -> None:
    for statement in (
        "TRUNCATE django_session",
        "CREATE TABLE public.planted (id int)",
        "DROP TABLE django_session",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
def test_a_server_that_may_lose_commits_is_refused() -> None:
    with pytest.raises(UnsafeDatabaseError, match="fsync is off"):
        assert_safe(connection, durable=True)


@pytest.mark.parametrize("role", [embedded.OWNER, embedded.SUPERUSER])
def test_owner_and_superuser_are_refused(committed_database: str, role: str) -> None:
    databases.use(committed_database)
    connection.settings_dict.update(USER=role, PASSWORD=databases.CLUSTER.passwords()[role])
    connection.close()
    with pytest.raises(UnsafeDatabaseError, match="role"):
        assert_safe(connection, durable=False)


def test_commits_in_a_database_of_its_own_are_real(committed_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (committed_database,)
    assert not connection.in_atomic_block
