"""Keeping the parts of an installation alive, and ending all of them together.

One supervisor an installation, guarded by a lock that the operating system releases however the supervisor ends. What
it has started is written down with start times, so that the next one can end what a kill left behind.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from diwan.project.launch import private, processes
from diwan.project.launch.install import ROOT, Install
from diwan.project.launch.parts import Part
from diwan.project.launch.phases import PhaseError, say

READY_SECONDS: Final = 60
CALM_SECONDS: Final = 60
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
LOG_LIMIT: Final = 20 * 1024 * 1024


class AlreadyRunningError(Exception):
    """Another supervisor holds this installation."""


class StopRequestedError(Exception):
    """Ctrl-C, SIGTERM or the end of the terminal."""


@dataclass
class Child:
    """A part and its present process."""

    part: Part
    process: "subprocess.Popen[bytes]"
    began: float
    pause: float = FIRST_PAUSE
    due: float = 0.0
    restarts: int = 0


@contextlib.contextmanager
def held(install: Install) -> Iterator[None]:
    """Hold the installation for this process. Raises AlreadyRunningError."""
    with (install.data / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunningError from error
        yield


def is_held(install: Install) -> bool:
    """Whether a supervisor lives."""
    try:
        with held(install):
            return False
    except AlreadyRunningError:
        return True


def record_path(install: Install) -> Path:
    """Where the supervisor writes what it has started."""
    return install.data / "running.json"


def recorded(install: Install) -> dict[str, Any]:
    """What the last supervisor wrote: its own pid and its children."""
    with contextlib.suppress(OSError, ValueError):
        known: dict[str, Any] = json.loads(record_path(install).read_text())
        return known
    return {}


def end_leftovers(install: Install) -> int:
    """End what a killed supervisor has left running; returns how many process groups that were."""
    ended = 0
    for child in recorded(install).get("children", {}).values():
        if processes.is_same(child["pid"], child["born"]) or processes.outlived(child["pid"]):
            processes.end_group(child["pid"], patience=5)
            ended += 1
    record_path(install).unlink(missing_ok=True)
    return ended


def stop_on_signals() -> None:
    """Turn SIGINT, SIGTERM and SIGHUP into StopRequestedError, once."""

    def stop(number: int, frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise StopRequestedError

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup has made us deaf to the end of the terminal on purpose.
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, stop)


class Supervisor:
    """Starts parts in order, restarts what falls with growing pauses, ends all in reverse order."""

    def __init__(self, install: Install) -> None:
        self.install = install
        self.children: dict[str, Child] = {}

    def start(self, part: Part) -> None:
        """Start a part without waiting for it."""
        self.children[part.name] = Child(part=part, process=self._spawn(part), began=time.monotonic())
        self.record()

    def wait_ready(self, part: Part) -> None:
        """Wait until a part is ready. Raises PhaseError with the end of its log when it falls or stays silent."""
        deadline = time.monotonic() + READY_SECONDS
        while not part.ready():
            fallen = self.children[part.name].process.poll()
            if fallen is not None or time.monotonic() > deadline:
                why = f"ended with {fallen}" if fallen is not None else "does not answer"
                raise PhaseError(f"{part.name} {why}; see {self.log(part.name)}\n{self._tail(part.name)}")
            time.sleep(0.05)

    def watch(self) -> None:
        """Until StopRequestedError: restart what has ended, bring back a database that is gone."""
        while True:
            for child in self.children.values():
                self._look_after(child)
            if self.install.has_own_database and self.install.cluster.running() is None:
                say("The database has ended; starting it again.")
                self.install.cluster.start()
            time.sleep(0.3)

    def stop(self, name: str) -> None:
        """End one part."""
        child = self.children.pop(name)
        processes.end_group(child.process.pid, patience=child.part.patience)
        self.record()

    def stop_all(self) -> None:
        """End every part, the last started first, and then the embedded database."""
        for child in reversed(self.children.values()):
            processes.signal_group(child.process.pid, signal.SIGTERM)
        for name in reversed(list(self.children)):
            self.stop(name)
        if self.install.has_own_database:
            self.install.cluster.stop()
        private.forget_short_folder(self.install.data / "runtime")
        record_path(self.install).unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        """The log file of a part."""
        return self.install.data / "log" / f"{name}.log"

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.due:
            if now >= child.due:
                child.process, child.began, child.due = self._spawn(child.part), now, 0.0
                child.restarts += 1
                self.record()
            return
        status = child.process.poll()
        if status is None:
            return
        processes.signal_group(child.process.pid, signal.SIGKILL)
        if now - child.began > CALM_SECONDS:
            child.pause = FIRST_PAUSE
        child.due = now + child.pause
        say(f"{child.part.name} ended with {status}; starting it again in {child.pause:.1f} s.")
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _spawn(self, part: Part) -> "subprocess.Popen[bytes]":
        path = self.log(part.name)
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as output:
            return processes.start(part.words, env=part.env, cwd=ROOT, output=output)

    def _tail(self, name: str) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-25:])
        return ""

    def record(self) -> None:
        """Write down who we are and what we have started."""
        children = {
            name: {
                "pid": child.process.pid,
                "born": processes.born(child.process.pid) or 0,
                "restarts": child.restarts,
            }
            for name, child in self.children.items()
        }
        record = {"supervisor": os.getpid(), "port": self.install.port, "children": children}
        private.write(record_path(self.install), json.dumps(record, indent=1))
