"""A PostgreSQL of one's own: prepared by the statements of docs/operate.md, named by settings, down to version 15.

Where Debian's postgresql-15 is installed the whole walk runs on it; else on the binaries that Diwan brings, which
proves the settings and not the version.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from diwan.project.launch import binaries

pytestmark = pytest.mark.full
ROOT: Final = Path(__file__).resolve().parents[2]
OLDEST: Final = Path("/usr/lib/postgresql/15/bin")
WORDS: Final = {"diwan_owner": "owner-word", "diwan_app": "app-word", "diwan_read": "read-word"}


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """A server that Diwan knows nothing of: TCP, its own superuser, durable."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        word = home / "word"
        word.write_text("super-word")
        binaries.run(
            "initdb",
            [
                f"--pgdata={home / 'data'}",
                "--username=dba",
                f"--pwfile={word}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8" if binaries.major_version() < 17 else "--locale=C",
            ],
        )
        settings = (
            "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={self.port}", "shared_buffers=64MB",
            "shared_preload_libraries=pg_stat_statements",
        )  # fmt: skip
        words = [f"-D{home / 'data'}", *(part for one in settings for part in ("-c", one))]
        with (home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                binaries.command("postgres", *words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=binaries.clean_environment(),
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("dba", "super-word", "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None and time.monotonic() < deadline, (
                    self.home / "log"
                ).read_text()
                time.sleep(0.1)

    def url(self, user: str, word: str, database: str = "diwan") -> str:
        """The address as an operator would write it down."""
        return f"postgresql://{user}:{word}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End it; its data are removed with the folder of the test."""
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The oldest server at hand, prepared as docs/operate.md says, with the tables of the product."""
    with pytest.MonkeyPatch.context() as patch:
        if OLDEST.exists():
            patch.setenv("POSTGRES_BINARIES", str(OLDEST))
        made = Server(tmp_path_factory.mktemp("outside"))
        try:
            _prepare(made)
            data = tmp_path_factory.mktemp("data")
            diwan(made, data, "migrate", "--no-input", "--verbosity=0", profile="production")
            yield made
        finally:
            made.stop()


def _prepare(made: Server) -> None:
    """Run the documented statements as the superuser, the second block in the new database."""
    text = (ROOT / "docs" / "operate.md").read_text()
    roles, rights = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)
    for name, word in WORDS.items():
        roles = re.sub(rf"({name}\s+LOGIN[^;]*PASSWORD) '\.\.\.'", rf"\1 '{word}'", roles)
    for database, statements in (("postgres", roles), ("diwan", rights)):
        with psycopg.connect(made.url("dba", "super-word", database), autocommit=True) as connection:
            for statement in filter(None, (part.strip() for part in statements.split(";"))):
                connection.execute(statement.encode())


def diwan(
    server: Server, data: Path, *words: str, profile: str = "test", module: str = "diwan.project",
    role: str = "diwan_app",
) -> str:  # fmt: skip
    """Run the product as an operator would: nothing but settings say where the database is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIWAN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env={
            **kept,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "diwan.project.settings",
            "DIWAN_PROFILE": profile,
            "DIWAN_DATA": str(data),
            "DIWAN_SECRET": "a-secret-of-the-tests-that-protects-nothing-at-all",
            "DIWAN_BASE_URL": "https://diwan.test" if profile == "production" else "http://127.0.0.1:8000",
            "DIWAN_DATABASE_URL": server.url(role, WORDS[role]),
            "DIWAN_DATABASE_OWNER_URL": server.url("diwan_owner", WORDS["diwan_owner"]),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_settings_lead_to_an_outside_server_on_which_a_case_is_opened_and_moved(
    server: Server, tmp_path: Path
) -> None:
    diwan(server, tmp_path, "catalogue", "load", profile="production")
    diwan(server, tmp_path, "demo", "load", "--no-cases")
    said = json.loads(diwan(server, tmp_path, module="tests.project.one_case").splitlines()[-1])
    expected = 15 if OLDEST.exists() else binaries.major_version()
    assert (said["server"], said["user"], said["state"]) == (expected, "diwan_app", "invoiced")
    assert said["history"] >= 10


def test_a_server_that_may_lose_commits_is_refused_by_its_settings(server: Server, tmp_path: Path) -> None:
    with psycopg.connect(server.url("dba", "super-word", "postgres"), autocommit=True) as connection:
        connection.execute("ALTER ROLE diwan_app SET synchronous_commit = off")
    try:
        with pytest.raises(AssertionError, match="synchronous_commit is off"):
            diwan(server, tmp_path, "catalogue", "list", profile="production")
    finally:
        with psycopg.connect(server.url("dba", "super-word", "postgres"), autocommit=True) as connection:
            connection.execute("ALTER ROLE diwan_app RESET synchronous_commit")


def test_the_owners_address_is_refused_for_everyday_work(server: Server, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="owns tables of the product"):
        diwan(server, tmp_path, "catalogue", "list", profile="production", role="diwan_owner")
