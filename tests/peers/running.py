"""Start a real peer as its own process on a free port, and stop it again."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

KEY = "the-key-of-the-peers-in-tests"
NOTICE_KEY = "the-key-of-the-notices-in-tests"


@dataclass(frozen=True)
class Peer:
    """A running peer: its address, and a client that shows the right key."""

    url: str
    facts: dict[str, Any]
    http: httpx.Client

    def switch(self, name: str, state: str, **more: Any) -> None:
        """Turn one of its switches."""
        answer = self.http.put(f"/control/switches/{name}", json={"state": state, **more})
        assert answer.status_code == 200, answer.text

    def reset(self) -> None:
        """Everything up again."""
        self.http.post("/control/reset")


def environment(**more: str) -> dict[str, str]:
    """The environment of a peer: profile test and the keys of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIWAN_", "PEERS_"))}
    return {
        **kept,
        "DIWAN_PROFILE": "test",
        "PEERS_REGISTERS_KEY": KEY,
        "PEERS_PAYMENTS_KEY": KEY,
        "PEERS_SMS_KEY": KEY,
        "PEERS_NOTICE_KEY": NOTICE_KEY,
        **more,
    }


@contextmanager
def running(name: str, *options: str) -> Iterator[Peer]:
    """`python -m peers.<name>` for the length of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"peers.{name}", *options],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 30)
        assert ready, f"peers.{name} did not say that it is ready"
        facts = json.loads(process.stdout.readline())
        with httpx.Client(base_url=facts["ready"], headers={"X-Api-Key": KEY}, timeout=10) as client:
            yield Peer(facts["ready"], facts, client)
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()
