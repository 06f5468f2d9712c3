"""`./run` as a person uses it: start, again, Ctrl-C, kill -9, backup and restore. Minutes long: ./test --full."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PORT = 8660
pytestmark = pytest.mark.full


class Person:
    """Somebody at a terminal, with a data directory of their own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.out = data.parent / "terminal.txt"
        self.started: subprocess.Popen[bytes] | None = None

    def types(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`./run` with words, to its end."""
        return subprocess.run(
            [str(ROOT / "run"), "--data", str(self.data), *words],
            env=environment(),
            capture_output=True,
            text=True,
        )

    def starts(self, *, seconds: float = 400) -> float:
        """`./run` in the foreground of a terminal; how long until it was ready."""
        began = time.monotonic()
        with self.out.open("wb") as output:
            self.started = subprocess.Popen(
                [str(ROOT / "run"), "--data", str(self.data), "--port", str(PORT)],
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while "Ready in" not in self.said():
            assert self.started.poll() is None, self.said()
            assert time.monotonic() - began < seconds, self.said()
            time.sleep(0.1)
        return time.monotonic() - began

    def said(self) -> str:
        """What stands in the terminal."""
        return self.out.read_text(errors="replace")

    def sends(self, number: int) -> int:
        """A signal to everything in the foreground, as Ctrl-C is; the exit status."""
        assert self.started is not None
        os.killpg(self.started.pid, number)
        return self.started.wait(timeout=60)

    def processes(self) -> list[str]:
        """Processes that work for this installation."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.data) in words and int(entry.name) != os.getpid():
                found.append(entry.name)
        return found


def environment() -> dict[str, str]:
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("DIWAN_", "DJANGO_", "PYTEST"))
    }


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    made = Person(tmp_path_factory.mktemp("a person") / "data")
    yield made
    made.types("stop")


def web_answers() -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
        return bool(answer.status == 200)


def test_the_first_start_then_a_quick_one(person: Person) -> None:
    done = person.types("--setup-only", "--port", str(PORT))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not person.processes()
    person.starts()
    assert web_answers()
    assert person.types("status").returncode == 0


def test_a_second_start_on_the_same_data_is_refused(person: Person) -> None:
    done = person.types()
    assert done.returncode == 1 and "already runs" in done.stdout


def test_ctrl_c_leaves_nothing_running(person: Person) -> None:
    assert person.sends(signal.SIGINT) == 0
    assert "nothing is left running" in person.said()
    assert not person.processes()
    assert person.types("status").returncode == 3


@pytest.mark.parametrize("delay", [0.5, 1.5, 3.0, None])
def test_a_kill_in_the_middle_is_recovered_from(person: Person, delay: float | None) -> None:
    if delay is None:
        person.starts()
    else:
        with person.out.open("wb") as output:
            person.started = subprocess.Popen(
                [str(ROOT / "run"), "--data", str(person.data), "--port", str(PORT)],
                env=environment(), stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        time.sleep(delay)
    person.sends(signal.SIGKILL)
    person.starts()
    assert web_answers()
    person.sends(signal.SIGINT)
    assert not person.processes()


def test_a_backup_comes_back(person: Person, tmp_path: Path) -> None:
    saved = tmp_path / "saved.diwan"
    assert person.types("backup", str(saved)).returncode == 0
    assert saved.stat().st_mode & 0o777 == 0o600
    other = Person(tmp_path / "other")
    done = other.types("restore", str(saved))
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.types("diwan", "migrate", "--check").returncode == 0
    done = other.types("diwan", "audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.types("restore", "/etc/hostname").returncode == 1


def test_an_address_of_the_outside_is_refused_in_the_demo(person: Person) -> None:
    done = subprocess.run(
        [str(ROOT / "run"), "--data", str(person.data), "--port", str(PORT)],
        env={**environment(), "DIWAN_HOST": "0.0.0.0"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "loopback only" in done.stdout + done.stderr
