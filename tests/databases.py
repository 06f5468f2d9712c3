"""The tests' own PostgreSQL cluster: template by content, clones by worker.

Clones live in memory where the machine has room: each is 1,700 files that are gone after a test, and a file system may
take a millisecond to make one (ext4 without a journal looks at everything that was deleted in the last minutes).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from diwan.project.launch import cluster as embedded

ROOT = Path(__file__).resolve().parents[1]
# An older server, named by its programs, gets a cluster of its own.
OTHER = os.environ.get("POSTGRES_BINARIES", "").strip("/").replace("/", "-")
HOME = ROOT / "var" / "test" / (f"cluster-{OTHER}" if OTHER else "cluster")
KEPT_TEMPLATES = 8
REMEMBERING = (
    "diwan.cases.routing",
    "diwan.cases.services",
    "diwan.catalogue.remembered",
    "diwan.health.queries",
    "diwan.places.queries",
    "diwan.web.portal.figures",
)
"""Modules that keep rows in the process for a while; each has `forget`."""
SHARED_MEMORY = Path("/dev/shm")
MEMORY = SHARED_MEMORY / f"diwan-{os.geteuid()}-{hashlib.sha256(str(HOME).encode()).hexdigest()[:8]}"
ROOM = 2 * 1024**3
"""Bytes that have to be free there: clones take 25 to 60 MB, a few at a time."""
CLUSTER = embedded.Cluster(home=HOME, durable=False, max_connections=300)


def _fingerprint() -> str:
    """What a template is made of: every migration, the seeds, the rights, the packages, the applications."""
    from django.conf import settings  # the settings are complete only once pytest has configured them

    digest = hashlib.sha256()
    digest.update(embedded.RIGHTS.encode())
    digest.update("\n".join(settings.INSTALLED_APPS).encode())
    digest.update((ROOT / "requirements" / "runtime.txt").read_bytes())
    for path in sorted((ROOT / "diwan").glob("**/migrations/*")):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _lock(name: str) -> Iterator[None]:
    HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (HOME / name).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def environment(database: str) -> dict[str, str]:
    """Environment variables for a process of the product that works on one of these databases."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "DIWAN_DATABASE_URL": CLUSTER.url(embedded.APP, database),
        "DIWAN_DATABASE_OWNER_URL": CLUSTER.url(embedded.OWNER, database),
        "DIWAN_DATABASE_READ_URL": CLUSTER.url(embedded.READ, database),
    }


def template(*, rebuild: bool = False) -> str:
    """The name of the migrated template, built by the owner role when its content has changed."""
    CLUSTER.start()
    name = f"template_{_fingerprint()}"
    with _lock("template.lock"):
        present = CLUSTER.databases()
        if name in present and not rebuild:
            _touch(name)
            return name
        making = f"making_{name}"
        CLUSTER.drop_database(making)
        CLUSTER.ensure_database(making)
        done = subprocess.run(
            [sys.executable, "-m", "diwan.project", "migrate", "--no-input", "--verbosity=0"],
            env=environment(making),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"The template database could not be migrated:\n{done.stdout}\n{done.stderr}")
        CLUSTER.drop_database(name)
        CLUSTER.rename_database(making, name)
        _touch(name)
        _forget_old([other for other in present if other.startswith("template_") and other != name])
    return name


def _loaded_fingerprint(*more: str) -> str:
    """What a loaded template is made of beside the tables: the catalogue's data and everything that loads it."""
    digest = hashlib.sha256(_fingerprint().encode())
    for folder in ("catalogue", "people", "places", "forms", "flow", "rules", *more):
        for path in sorted((ROOT / "diwan" / folder).rglob("*")):
            if path.suffix in {".py", ".yaml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def catalogue_template() -> str:
    """A template with the packaged catalogue and nobody in it, loaded by the product's command."""
    return _loaded(f"template_catalogue_{_loaded_fingerprint()}", template(), "catalogue", "load")


def city_template() -> str:
    """A template with catalogue and demo city (no cases), built as the product does it, when it has changed."""
    source = catalogue_template()
    return _loaded(f"template_city_{_loaded_fingerprint('demo')}", source, "demo", "load", "--no-cases")


def _loaded(name: str, source: str, *words: str) -> str:
    """The template of this name: a clone of `source` filled by a command of the product, unless it is there."""
    with _lock("loaded.lock"):
        if name in CLUSTER.databases():
            _touch(name)
            return name
        making = f"making_{name}"
        CLUSTER.drop_database(making)
        clone(source, making, large=True)
        done = subprocess.run(
            [sys.executable, "-m", "diwan.project", *words],
            env={**environment(making), "DIWAN_DATA": str(HOME / "city")},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{name} could not be made:\n{done.stdout}\n{done.stderr}")
        CLUSTER.rename_database(making, name)
        _touch(name)
    return name


def _touch(name: str) -> None:
    (HOME / f"{name}.used").touch()


def _forget_old(names: list[str]) -> None:
    def used(name: str) -> float:
        marker = HOME / f"{name}.used"
        return marker.stat().st_mtime if marker.exists() else 0.0

    for name in sorted(names, key=used, reverse=True)[KEPT_TEMPLATES:]:
        CLUSTER.drop_database(name)
        (HOME / f"{name}.used").unlink(missing_ok=True)


def clone(source: str, name: str, *, large: bool = False) -> None:
    """A fresh copy of a template, one copy at a time; one that becomes `large` is on the disk."""
    with _lock("template.lock"):
        CLUSTER.clone_database(source, name, tablespace="pg_default" if large else _place_of_clones())


@cache
def _place_of_clones() -> str:
    """The tablespace in memory, made when it is missing; that of the server where the machine has no room."""
    if not os.access(SHARED_MEMORY, os.W_OK) or shutil.disk_usage(SHARED_MEMORY).free < ROOM:
        return "pg_default"
    with psycopg.connect(CLUSTER.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_tablespace WHERE spcname = 'memory'").fetchone():
            if MEMORY.is_dir():
                return "memory"
            _leave_memory(connection)  # the machine was started anew
        shutil.rmtree(MEMORY, ignore_errors=True)
        MEMORY.mkdir(mode=0o700)
        connection.execute(sql.SQL("CREATE TABLESPACE memory LOCATION {}").format(sql.Literal(str(MEMORY))))
    return "memory"


def _leave_memory(connection: psycopg.Connection[Any]) -> None:
    """Drop what is there and the tablespace."""
    inside = connection.execute(
        "SELECT datname FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE spcname = 'memory'"
    )
    for (name,) in inside.fetchall():
        drop(name)
    connection.execute("DROP TABLESPACE IF EXISTS memory")
    with suppress(OSError):
        MEMORY.rmdir()


def drop(name: str) -> None:
    """Remove a clone."""
    CLUSTER.drop_database(name)


_filled = ""


def _forget(name: str) -> None:
    """What the process remembers of one city is not true of another; the usual clone holds nothing to remember."""
    global _filled
    if name.startswith("clone_") or name == _filled:
        return
    _filled = name
    for module in REMEMBERING:
        loaded = sys.modules.get(module)
        if loaded is not None:
            loaded.forget()


def use(name: str) -> None:
    """Make every new Django connection of this process go to `name` as the app role."""
    _forget(name)
    from django.db import connections  # the settings are complete only once pytest has configured them

    settings: dict[str, Any] = connections.settings["default"]
    settings.update(
        NAME=name,
        USER=embedded.APP,
        PASSWORD=CLUSTER.passwords()[embedded.APP],
        HOST=str(CLUSTER.socket()),
        PORT="",
    )
    connections["default"].settings_dict.update(settings)


def close() -> None:
    """Close this thread's connections."""
    from django.db import connections  # the settings are complete only once pytest has configured them

    connections.close_all()


def stop_if_idle() -> bool:
    """Stop the cluster unless somebody else is still testing on it."""
    if CLUSTER.running() is None or CLUSTER.clients() > 0:
        return False
    with psycopg.connect(CLUSTER.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        _leave_memory(connection)
    return CLUSTER.stop()
