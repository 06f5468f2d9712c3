"""The demo authority as a process of its own, for tests that sign."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
KEY = "authority-key-of-the-tests"


@dataclass(frozen=True)
class Authority:
    """A running authority: its address, its key, where its root lies."""

    url: str
    root: Path


@contextmanager
def running(folder: Path) -> Iterator[Authority]:
    """Start the authority in a folder, end it by its own process."""
    environment = os.environ | {"DIWAN_PROFILE": "test", "PEERS_AUTHORITY_KEY": KEY}
    process = subprocess.Popen(
        [sys.executable, "-m", "peers.authority", "--data", str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["ready"]
        yield Authority(url, folder / "root.pem")
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def switch(authority: Authority, name: str, state: str) -> Iterator[None]:
    """Put one part of the authority into a state, and up again afterwards."""
    put = f"{authority.url}/control/switches/{name}"
    httpx.put(put, json={"state": state}, trust_env=False).raise_for_status()
    try:
        yield
    finally:
        httpx.put(put, json={"state": "up"}, trust_env=False).raise_for_status()
