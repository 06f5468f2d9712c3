"""The embedded PostgreSQL: made, started, recovered and stopped by ourselves, one cluster a data directory.

Connections come only through a Unix socket in a fresh private directory, with scram and random passwords. A server
is recognised as ours by its data directory alone; no other server on the machine is looked at, let alone stopped.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from diwan.project.launch import binaries, private
from diwan.project.launch.binaries import ClusterError

SUPERUSER: Final = "diwan_root"
OWNER: Final = "diwan_owner"
APP: Final = "diwan_app"
READ: Final = "diwan_read"
ROLES: Final = (SUPERUSER, OWNER, APP, READ)
EXTENSIONS: Final = ("pg_trgm", "unaccent", "btree_gist", "btree_gin", "pg_stat_statements")
START_SECONDS: Final = 60
STOP_SECONDS: Final = 30
BUILTIN_LOCALE_SINCE: Final = 17


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One cluster: `home` holds the data (`pgdata`), the passwords and the server's log."""

    home: Path
    durable: bool
    max_connections: int = 100

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def passwords(self) -> dict[str, str]:
        """The password of each role, as made with the cluster."""
        known: dict[str, str] = json.loads((self.home / "passwords.json").read_text())
        return known

    def socket(self) -> Path:
        """The directory of the server's socket, as the last start left it."""
        return Path((self.home / "socket").read_text().strip())

    def url(self, role: str, database: str = "diwan") -> str:
        """A postgresql:// address for one of the roles."""
        password = quote(self.passwords()[role], safe="")
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket()), safe='')}"

    def running(self) -> int | None:
        """The process of the server on exactly this data directory, or None."""
        pid_file = self.pgdata / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            here = Path(f"/proc/{pid}/cwd").resolve(strict=True)
        except (OSError, ValueError):
            return None
        is_server = Path(os.fsdecode(words[0])).name == "postgres"
        return pid if is_server and here == self.pgdata.resolve() else None

    def start(self) -> bool:
        """Start the server and wait until it answers; returns False when it ran already. Makes the cluster first."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            if self.running() is not None and self._wait(None):
                return False
            if not (self.home / "passwords.json").exists():
                self._create()
            self._clear_leftovers()
            if not self._wait(self._launch()):
                raise ClusterError(f"The database server has ended:\n{self._last_lines()}")
            self._ensure_roles()
            return True

    def stop(self) -> bool:
        """Fast shutdown of this cluster only; returns False when nothing ran."""
        pid = self.running()
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.running() is not None:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)
                break
            time.sleep(0.05)
        private.forget_short_folder(self.home / "socket")
        return True

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        """initdb into a half-made directory that is renamed when complete, so that a kill leaves nothing usable."""
        making = self.home / "pgdata.making"
        shutil.rmtree(making, ignore_errors=True)
        shutil.rmtree(self.pgdata, ignore_errors=True)
        passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        with tempfile.NamedTemporaryFile("w", dir=self.home, prefix="first-") as first:
            first.write(passwords[SUPERUSER])
            first.flush()
            binaries.run(
                "initdb",
                [
                    f"--pgdata={making}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={first.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    *_locale(),
                    "--data-checksums",
                    *([] if self.durable else ["--no-sync"]),
                ],
            )
        (making / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        making.rename(self.pgdata)
        private.write(self.home / "passwords.json", json.dumps(passwords))

    def _inhabitants(self) -> list[int]:
        """Processes that work in our data directory: a server, or the backends that outlive a killed one."""
        found, here = [], self.pgdata.resolve()
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if entry.readlink() == here:
                    found.append(int(entry.parent.name))
        return found

    def _clear_leftovers(self) -> None:
        """After a kill -9: pid file and socket of a server that is gone.

        The pid file is what keeps a second server away from backends that still write, so it goes only when no
        process is left in the data directory.
        """
        deadline = time.monotonic() + STOP_SECONDS
        while self._inhabitants():
            if time.monotonic() > deadline:
                raise ClusterError(f"Processes {self._inhabitants()} of a killed database server do not end.")
            time.sleep(0.1)
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (private.short_folder(self.home / "socket") / name).unlink(missing_ok=True)

    def _settings(self, socket: Path) -> dict[str, str]:
        """Server settings; durability is never left to a default or to a file."""
        on = "on" if self.durable else "off"
        return {
            "listen_addresses": "",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "fsync": on,
            "synchronous_commit": on,
            "full_page_writes": on,
            "max_connections": str(self.max_connections),
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "wal_level": "replica" if self.durable else "minimal",
            "max_wal_senders": "2" if self.durable else "0",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "random_page_cost": "1.1",
            "shared_preload_libraries": "pg_stat_statements",
            "password_encryption": "scram-sha-256",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
        }

    def _launch(self) -> "subprocess.Popen[bytes]":
        words = [f"-D{self.pgdata}"]
        for name, value in self._settings(private.short_folder(self.home / "socket")).items():
            words += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                binaries.command("postgres", *words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=binaries.clean_environment(),
                start_new_session=True,
            )

    def _wait(self, server: "subprocess.Popen[bytes] | None") -> bool:
        """Until the server answers; False when it has ended instead (a killed one takes a moment to be gone)."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
                return True
            except psycopg.OperationalError as error:
                ended = self.running() is None if server is None else server.poll() is not None
                if ended:
                    return False
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"The database does not answer: {error}\n{self._last_lines()}"
                    ) from error
            time.sleep(0.05)

    def _last_lines(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""

    def _ensure_roles(self) -> None:
        passwords = self.passwords()
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            for role in (OWNER, APP, READ):
                verb = "ALTER" if role in present else "CREATE"
                connection.execute(
                    sql.SQL(
                        verb
                        + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS PASSWORD {}"
                    ).format(sql.Identifier(role), sql.Literal(passwords[role]))
                )
        self.ensure_database("diwan")

    def ensure_database(self, name: str) -> bool:
        """Make a database owned by the owner role, with extensions and rights; returns whether it was new."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
                )
        with psycopg.connect(self.url(SUPERUSER, name), autocommit=True) as connection:
            _prepare(connection, name)
        return not found

    def drop_database(self, name: str) -> None:
        """Remove a database, ending its connections."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def clone_database(self, template: str, name: str, *, tablespace: str = "pg_default") -> None:
        """Make `name` as a copy of `template`, replacing an older one."""
        self.drop_database(name)
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} TABLESPACE {} STRATEGY {}").format(
                    sql.Identifier(name),
                    sql.Identifier(template),
                    sql.Identifier(OWNER),
                    sql.Identifier(tablespace),
                    sql.Identifier("wal_log" if self.durable else "file_copy"),
                )
            )
            _rights_on_database(connection, name)

    def rename_database(self, name: str, new: str) -> None:
        """Give a database without connections another name."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new))
            )

    def clients(self) -> int:
        """How many connections others hold at this moment."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def databases(self) -> list[str]:
        """Names of the databases in this cluster."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows]


def _locale() -> list[str]:
    """The same order and case rules everywhere: the server's own C.UTF-8, the C library's before version 17."""
    if binaries.major_version() >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale-provider=libc", "--locale=C.UTF-8"]


def _rights_on_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    database = sql.Identifier(name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in (APP, READ):
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))
        )


RIGHTS: Final = f"""
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO {OWNER};
GRANT USAGE ON SCHEMA public TO {APP}, {READ};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON TABLES TO {READ};
"""
"""What the owner's future tables give to the others: no TRUNCATE, no DDL. The audit's own migrations take more away.
An outside server gets the same statements from docs/operate.md."""


def _prepare(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    _rights_on_database(connection, name)
    connection.execute(RIGHTS)
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    connection.execute(f"GRANT pg_read_all_stats TO {READ}")
