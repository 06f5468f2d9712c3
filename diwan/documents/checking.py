"""Asking the checker from the web process: one checker for each, few files at once, an answer in bounded time."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Any, Final

from diwan.documents.checker import READY
from diwan.kit.errors import N_, DiwanError

WALL_SECONDS: Final = 2.4
"""What judging one file may take; with waiting for a place and the way there and back under three seconds. This and the
two below stand where the settings (`DIWAN_VERIFY_*`) say nothing else."""
PLACE_SECONDS: Final = 0.3
START_SECONDS: Final = 10.0
MEMORY: Final = 640 * 1024 * 1024
AT_ONCE: Final = 2
MOST_ANSWER: Final = 256 * 1024

_HOME: Final = Path(__file__).resolve().parents[2]


class CheckingBusy(DiwanError):
    """As many files as this process takes are being checked."""

    code = "documents.checking_busy"
    message = N_("Many files are being checked just now. Yours was not looked at; try again in a minute.")


class Checker:
    """The process beside this one that judges files; started when first asked, and again when it has ended."""

    def __init__(
        self, *, at_once: int = AT_ONCE, seconds: float = WALL_SECONDS, memory: int = MEMORY
    ) -> None:
        self._lock = threading.Lock()
        self._door: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.limit(at_once=at_once, seconds=seconds, memory=memory)

    def limit(self, *, at_once: int, seconds: float, memory: int) -> None:
        """Files at once, seconds and bytes for each: from the next question on. Called at start, before the first."""
        self._places = threading.BoundedSemaphore(at_once)
        self.at_once = at_once
        self.seconds = seconds
        self.memory = memory

    def ask(self, pdf: bytes, *, roots: Path) -> dict[str, Any] | None:
        """What `validation.judge` says of the file; None when it took too long, too much memory, or broke the process.

        Raises CheckingBusy when no place becomes free, or when the checker does not start.
        """
        if not self._places.acquire(timeout=PLACE_SECONDS):
            raise CheckingBusy
        try:
            return self._asked(pdf, roots)
        finally:
            self._places.release()

    def _asked(self, pdf: bytes, roots: Path) -> dict[str, Any] | None:
        order = {"roots": str(roots), "seconds": self.seconds, "memory": self.memory}
        given = os.memfd_create("file")
        reading, writing = os.pipe()
        try:
            with open(given, "wb", closefd=False) as file:
                file.write(pdf)
            self._send(json.dumps(order).encode(), given, writing)
            os.close(writing)
            writing = -1
            text = _read(reading, until=monotonic() + self.seconds + 0.2)
        finally:
            for descriptor in (given, reading, writing):
                if descriptor >= 0:
                    os.close(descriptor)
        try:
            answer: dict[str, Any] = json.loads(text)
        except ValueError:
            return None
        return answer

    def _send(self, order: bytes, *descriptors: int) -> None:
        """To the checker; one that has gone meanwhile is replaced once."""
        for _ in range(2):
            door = self._opened()
            try:
                socket.send_fds(door, [order], list(descriptors))
            except OSError:
                self._forget(door)
            else:
                return
        raise CheckingBusy

    def _opened(self) -> socket.socket:
        with self._lock:
            if self._door is None:
                self._door = self._started()
            return self._door

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "diwan.documents.checker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=_HOME,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        ours.settimeout(START_SECONDS)
        try:
            ready = ours.recv(len(READY))
        except OSError:
            ready = b""
        if ready != READY:
            ours.close()
            self._process.kill()
            self._process.wait()
            raise CheckingBusy
        return ours

    def _forget(self, door: socket.socket) -> None:
        with self._lock:
            if self._door is door:
                door.close()
                self._door = None
                if self._process is not None:
                    self._process.kill()
                    self._process.wait()

    def close(self) -> None:
        """End the checker; the next question starts another."""
        with self._lock:
            door = self._door
        if door is not None:
            self._forget(door)


def _read(descriptor: int, *, until: float) -> bytes:
    """Everything up to the end of the answer; nothing when it does not end in time or is too long."""
    poll, text = select.poll(), b""
    poll.register(descriptor, select.POLLIN)
    while len(text) <= MOST_ANSWER:
        left = until - monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return b""
        piece = os.read(descriptor, 65536)
        if not piece:
            return text
        text += piece
    return b""


CHECKER: Final = Checker()
