"""The embedded database: made, killed, recovered, stopped; durable where it must be; nothing else is touched."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from diwan.project.launch import cluster as embedded
from diwan.project.launch import private
from diwan.project.launch.cluster import Cluster
from tests import databases


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A durable cluster in a long directory whose name has a space."""
    made = Cluster(home=tmp_path_factory.mktemp("a place with spaces") / ("x" * 100), durable=True)
    made.start()
    yield made
    made.stop()


def ask(cluster: Cluster, question: str, role: str = embedded.APP) -> object:
    with psycopg.connect(cluster.url(role)) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_it_keeps_what_it_acknowledges(cluster: Cluster) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(cluster, f"SHOW {name}") == "on"


def test_nobody_comes_in_but_through_the_private_socket(cluster: Cluster) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(cluster.socket().stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.home / "passwords.json").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://{embedded.SUPERUSER}:guess@/diwan?host={cluster.socket()}")


def test_the_roles_may_do_what_they_must_and_no_more(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(embedded.OWNER)) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    with psycopg.connect(cluster.url(embedded.APP)) as app:
        app.execute("INSERT INTO kept VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE kept")
    with psycopg.connect(cluster.url(embedded.READ)) as read:
        read.execute("SELECT * FROM kept")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            read.execute("DELETE FROM kept")
    for role in (embedded.OWNER, embedded.APP, embedded.READ):
        assert (
            ask(cluster, "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user", role)
            is False
        )


def test_it_recovers_from_a_kill_with_what_was_committed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url(embedded.OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS acknowledged (id int)")
        owner.execute("INSERT INTO acknowledged VALUES (1)")
    before, pid = cluster.url(embedded.APP), cluster.running()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert cluster.start() is True
    assert cluster.url(embedded.APP) == before, "addresses that other processes hold stay valid"
    assert ask(cluster, "SELECT count(*) FROM acknowledged") == 1


def test_a_second_start_changes_nothing(cluster: Cluster) -> None:
    pid = cluster.running()
    assert cluster.start() is False
    assert cluster.running() == pid


def test_a_pid_that_belongs_to_something_else_is_left_alone(tmp_path: Path) -> None:
    """After a crash and a reboot the old number may be anybody's."""
    other = Cluster(home=tmp_path / "other", durable=False)
    (other.pgdata).mkdir(parents=True)
    (other.pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n{other.pgdata}\n")
    assert other.running() is None
    assert other.stop() is False


def test_another_server_is_not_taken_for_ours(cluster: Cluster, tmp_path: Path) -> None:
    stranger = Cluster(home=tmp_path / "stranger", durable=False)
    stranger.pgdata.mkdir(parents=True)
    (stranger.pgdata / "postmaster.pid").write_text((cluster.pgdata / "postmaster.pid").read_text())
    assert stranger.running() is None
    assert stranger.stop() is False
    assert cluster.running() is not None


def test_the_cluster_of_the_tests_is_another_one(cluster: Cluster) -> None:
    assert cluster.home != databases.CLUSTER.home
    assert cluster.databases() == ["diwan", "postgres"]


def test_a_socket_folder_that_others_can_enter_is_not_used_again(tmp_path: Path) -> None:
    record = tmp_path / "record"
    first = private.short_folder(record)
    assert private.short_folder(record) == first
    first.chmod(0o777)
    second = private.short_folder(record)
    assert second != first
    private.forget_short_folder(record)
    assert not second.exists() and not record.exists()
    first.rmdir()


def test_the_page_for_operators_gives_the_same_rights() -> None:
    page = " ".join((databases.ROOT / "docs" / "operate.md").read_text().split())
    for statement in embedded.RIGHTS.strip().splitlines():
        assert " ".join(statement.split()) in page, statement
    for extension in embedded.EXTENSIONS:
        assert f"CREATE EXTENSION IF NOT EXISTS {extension};" in page
