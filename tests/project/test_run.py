"""`./run` as a person uses it: start, again, Ctrl-C, kill -9, backup and restore. Minutes long: ./test --full."""

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.terminal import Person

#: Ten ports for each process of the tests.
PORT = 8810 + 10 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    made = Person(tmp_path_factory.mktemp("a person") / "data", port=PORT)
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


def test_another_terminal_stops_it(person: Person) -> None:
    """In English this time; the language is remembered for the next start."""
    person.starts("--lang", "en")
    assert '<html lang="en"' in person.reads("/") and 'dir="ltr"' in person.reads("/")
    done = person.types("stop")
    assert done.returncode == 0 and "Stopped; nothing is left running." in done.stdout
    assert person.started is not None and person.started.wait(timeout=20) == 0
    assert not person.processes()
    person.starts()
    assert '<html lang="en"' in person.reads("/")
    assert person.sends(signal.SIGINT) == 0
    person.starts("--lang", "ar")
    assert '<html lang="ar"' in person.reads("/") and 'dir="rtl"' in person.reads("/")
    assert person.sends(signal.SIGINT) == 0


@pytest.mark.parametrize("delay", [0.5, 1.5, 3.0, None])
def test_a_kill_in_the_middle_is_recovered_from(person: Person, delay: float | None) -> None:
    if delay is None:
        person.starts()
    else:
        person.begins(seconds=delay)
    person.sends(signal.SIGKILL)
    person.starts()
    assert web_answers()
    person.sends(signal.SIGINT)
    assert not person.processes()


def test_a_backup_comes_back(person: Person, tmp_path: Path) -> None:
    saved = tmp_path / "saved.diwan"
    assert person.types("backup", str(saved)).returncode == 0
    assert saved.stat().st_mode & 0o777 == 0o600
    other = Person(tmp_path / "other", port=PORT)
    done = other.types("restore", str(saved))
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.types("diwan", "migrate", "--check").returncode == 0
    done = other.types("diwan", "audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.types("restore", "/etc/hostname").returncode == 1


def test_an_address_of_the_outside_is_refused_in_the_demo(person: Person) -> None:
    done = person.types("--port", str(PORT), DIWAN_HOST="0.0.0.0")
    assert done.returncode == 2
    assert "loopback only" in done.stdout + done.stderr
