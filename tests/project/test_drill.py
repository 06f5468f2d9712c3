"""A backup is made while cases are opened, restored elsewhere, and looked at in full. Minutes long: ./test --full."""

import contextlib
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.terminal import Person, environment

PORT = 8910 + 10 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    env = environment(DIWAN_CITY_CASES="20")
    made = Person(tmp_path_factory.mktemp("a drill") / "data", port=PORT, env=env)
    yield made
    made.types("stop")


def drilled(data: Path) -> dict[str, object]:
    """The note of the last drill."""
    found: dict[str, object] = json.loads((data / "operations.json").read_text())["drill"]
    return found


def test_a_backup_made_while_it_writes_is_restored_and_works(person: Person) -> None:
    person.starts()
    stop, written = threading.Event(), [0]

    def write() -> None:
        """Questions for documents that never were: each is counted in a row."""
        while not stop.is_set():
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(
                    f"http://127.0.0.1:{PORT}/api/v1/documents/101{written[0]:09}", timeout=5
                )
            written[0] += 1
            time.sleep(0.05)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    time.sleep(2)
    done = person.types("drill")
    stop.set()
    writer.join(timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    assert written[0] > 0
    note = drilled(person.data)
    assert note["ok"] is True
    found = note["found"]
    assert isinstance(found, dict)
    assert found["tables"] > 60 and found["audit_rows"] > 100 and found["files"] > 0 and found["case"]
    assert person.types("status").returncode == 0


def test_a_damaged_backup_is_told_and_noted(person: Person, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x1f\x8b no backup at all")
    done = person.types("drill", str(broken))
    assert done.returncode == 1 and "not a backup" in done.stdout + done.stderr
    note = drilled(person.data)
    assert note["ok"] is False and "not a backup" in str(note["why"])


def test_the_check_moves_a_case_and_so_refuses_the_real_one(person: Person) -> None:
    done = person.types("diwan", "drill", "check")
    assert done.returncode != 0 and "makes a copy first" in done.stderr
