"""The benchmark's own installation: a durable server in `var/bench`, the demo city, and web servers as the product
starts them."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from diwan.project.launch import cluster as embedded
from diwan.project.launch import parts, prepare, processes
from diwan.project.launch.install import ROOT, SECRET_NAMES, Install
from diwan.project.launch.phases import phase

HOME: Final = ROOT / "var" / "bench"
CITY: Final = "diwan"
PROTOTYPES: Final = 40
"""Cases that the engine itself walks through; the many are made after them."""
_SOURCES: Final = ("diwan/**/*.py", "diwan/**/*.yaml", "requirements/runtime.txt")
_TICK: Final = os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_house() -> Install:
    """The installation. Nothing in the caller's environment points it at another database or at other settings."""
    HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {name: secrets.token_urlsafe(36) for name in SECRET_NAMES}
    return Install(data=HOME, profile="demo", port=_free_port(), language="ar", secrets=made, given={})


def environment(install: Install, database: str) -> dict[str, str]:
    """The environment of a process of the product that works on one of the databases."""
    made = install.environment()
    return {
        **made,
        "DIWAN_DATABASE_URL": install.cluster.url(embedded.APP, database),
        "DIWAN_DATABASE_READ_URL": install.cluster.url(embedded.READ, database),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }


def superuser(install: Install, database: str) -> str:
    """The address under which the benchmark loads rows and reads the server's counters."""
    return install.cluster.url(embedded.SUPERUSER, database)


def build_city(install: Install) -> None:
    """A database with tables, catalogue, demo city and a few cases that the engine has walked, as `CITY`.

    The city is made again when anything of the product has changed, and copied otherwise.
    """
    (HOME / "log").mkdir(exist_ok=True)
    kept = f"city_{prepare.fingerprint(_SOURCES)}"
    with phase("Starting the database (durable, var/bench)"):
        install.cluster.start()
        _drop_all(install, but=kept)
    if kept not in install.cluster.databases():
        install.cluster.ensure_database(CITY)
        for step in prepare.STEPS:
            if step.key in ("migrate", "catalogue", "demo"):
                more = ("--count", str(PROTOTYPES)) if step.key == "demo" else ()
                prepare.run_step(install, replace(step, words=(*step.words, *more)), prepare.ONCE)
        install.cluster.rename_database(CITY, kept)
    for step, stamp in prepare.pending(install):
        if step.key == "static":
            prepare.run_step(install, step, stamp)
    with phase("Copying the demo city"):
        install.cluster.clone_database(kept, CITY)


def _drop_all(install: Install, *, but: str) -> None:
    for name in install.cluster.databases():
        if name not in ("postgres", but):
            install.cluster.drop_database(name)


def leave(install: Install) -> None:
    """Drop what was loaded, all but the city, and stop the server."""
    if install.cluster.running() is not None:
        kept = [name for name in install.cluster.databases() if name.startswith("city_")]
        _drop_all(install, but=kept[0] if kept else "")
        install.cluster.stop()


def run_inside(install: Install, database: str, *words: str, times: int = 1) -> list[str]:
    """Run one of the benchmark's own modules as so many processes of the product at once; what each printed."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.inside", *words],
            env={**environment(install, database), "DIWAN_DATABASE_POOL_MAX": "0"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(times)
    ]
    printed = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise RuntimeError(f"{' '.join(words)} has failed")
    return printed


@dataclass(frozen=True, kw_only=True)
class Web:
    """A running web server."""

    pid: int
    port: int
    workers: int
    connections: int

    def cpu_seconds(self) -> float:
        """Processor time that the server and its workers have used so far."""
        used = 0
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[2]) == self.pid:
                used += int(fields[11]) + int(fields[12])
        return used / _TICK


@contextmanager
def web_server(install: Install, database: str) -> Iterator[Web]:
    """The product's web server on a free port, started with the words and settings of the launcher."""
    install = replace(install, port=_free_port())
    part = next(part for part in parts.product(install, frozenset()) if part.name == "web")
    with (HOME / "log" / f"web-{database}.log").open("wb") as log:
        server = processes.start(
            part.words,
            env={**environment(install, database), "DIWAN_PORT": str(install.port)},
            cwd=ROOT,
            output=log,
        )
    try:
        deadline = time.monotonic() + 60
        while not part.ready():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server has not started; see {HOME}/log/web-{database}.log")
            time.sleep(0.1)
        workers = _option(part.words, "--workers")
        threads = _option(part.words, "--blocking-threads")
        yield Web(pid=server.pid, port=install.port, workers=workers, connections=workers * threads)
    finally:
        processes.end_group(server.pid, patience=part.patience)


def _option(words: tuple[str, ...], name: str) -> int:
    return int(words[words.index(name) + 1])
