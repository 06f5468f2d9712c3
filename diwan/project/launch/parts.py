"""The processes of a running installation, and how each is known to be ready."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from diwan.project.launch import install as installs
from diwan.project.launch.install import Install
from diwan.project.launch.prepare import has_command

MOST_WORKERS: Final = 4
"""Web server processes when the setting leaves it to the machine: more of them want more of the database as well."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A long-running process: its words, its environment, and the question "are you ready?"."""

    name: str
    words: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool]
    patience: float = 10.0


def answers(url: str) -> Callable[[], bool]:
    """Ready when the address answers with success."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:
                return int(response.status) < 400
        except (OSError, urllib.error.URLError):
            return False

    return ask


def listens_on(path: str) -> Callable[[], bool]:
    """Ready when a Unix socket accepts a connection."""

    def ask() -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            try:
                probe.connect(path)
            except OSError:
                return False
            return True

    return ask


def lives() -> bool:
    """Ready as soon as it has been started (a worker takes jobs and has no door)."""
    return True


def peers(install: Install) -> list[Part]:
    """The demo's outside systems."""
    extra: dict[str, list[str]] = {
        "registers": ["--seed", str(install.data / "registers-seed.json")],
        "payments": ["--notice-url", install.base_url + installs.PAYMENT_NOTICE],
        "catcher": [
            *("--smtp-port", str(install.port_of("smtp"))),
            *("--receipt-url", install.base_url + installs.SMS_RECEIPT),
        ],
        "authority": [],
        "receiver": ["--secrets", str(install.data / "receiver-secrets.json")],
    }
    if not (install.data / "registers-seed.json").exists():
        extra["registers"] = []
    found = []
    for name, more in extra.items():
        folder = install.data / "peers" / name
        folder.mkdir(parents=True, exist_ok=True)
        where = ["--host", "127.0.0.1", "--port", str(install.port_of(name)), "--data", str(folder)]
        words = (sys.executable, "-m", f"peers.{name}", *where, *more)
        found.append(
            Part(
                name=name,
                words=words,
                env=install.peer_environment(name),
                ready=answers(install.peer_url(name) + "/healthz"),
                patience=3.0,
            )
        )
    return found


def product(install: Install, known: frozenset[str]) -> list[Part]:
    """Signer, worker and web server."""
    env = install.environment()
    socket_path = env["DIWAN_SIGNER_SOCKET"]
    command = (sys.executable, "-m", "diwan.project")
    found = []
    if has_command(("signer",), known):
        found.append(Part(name="signer", words=(*command, "signer"), env=env, ready=listens_on(socket_path)))
    if has_command(("worker",), known):
        found.append(Part(name="worker", words=(*command, "worker"), env=env, ready=lives, patience=20.0))
    found.append(
        Part(
            name="web",
            words=_web_words(env),
            env=env,
            ready=answers(f"{_local(install)}/healthz"),
            patience=15.0,
        )
    )
    return found


def _local(install: Install) -> str:
    return f"http://127.0.0.1:{install.port}"


def _web_words(env: Mapping[str, str]) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", env["DIWAN_HOST"], "--port", env["DIWAN_PORT"]),
        *("--workers", str(int(env.get("DIWAN_WEB_WORKERS", "0")) or min(MOST_WORKERS, os.cpu_count() or 1))),
        *("--blocking-threads", env.get("DIWAN_WEB_THREADS", "4")),
        *("--respawn-failed-workers", "--no-access-log", "--log-level", "warning"),
        *("--workers-kill-timeout", "8", "--http", "1", "--no-ws"),
        "diwan.project.wsgi:application",
    )
