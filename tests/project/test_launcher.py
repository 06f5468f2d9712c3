"""The words of `./run`: what they choose, what is remembered, what an installation answers to them."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from diwan.project.launch.install import FIRST_PORT, default_data, open_install
from tests.architecture.tree import ROOT
from tests.project.terminal import environment
from tools.installation import Shared

PARTS = ("database", "registers", "payments", "catcher", "authority", "receiver", "signer", "worker", "web")


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DIWAN_")]:
        monkeypatch.delenv(name)


def launcher(*words: str) -> "subprocess.CompletedProcess[str]":
    """The launcher without the preparation of packages."""
    return subprocess.run(
        [sys.executable, "-m", "diwan.project.launch", *words],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_language_and_port_are_chosen_and_remembered(tmp_path: Path) -> None:
    usual = open_install(data=tmp_path / "usual", port=None, language=None)
    assert (usual.language, usual.port) == ("ar", FIRST_PORT)
    chosen = open_install(data=tmp_path / "chosen", port=8790, language="en")
    again = open_install(data=tmp_path / "chosen", port=None, language=None)
    assert chosen == again
    assert again.settings()["DIWAN_LANGUAGE"] == "en"
    assert again.settings()["DIWAN_PORT"] == "8790"
    assert [again.port_of(name) for name in ("registers", "authority")] == [8791, 8795]


def test_data_lives_where_it_is_told_and_is_private(tmp_path: Path) -> None:
    install = open_install(data=tmp_path / "a place" / "data", port=None, language=None)
    assert install.data == tmp_path / "a place" / "data"
    assert install.data.stat().st_mode & 0o777 == 0o700
    assert install.settings()["DIWAN_DATA"] == str(install.data)
    assert default_data("demo") == ROOT / "var" / "demo"


@pytest.mark.parametrize("words", [("--lang", "fr"), ("--port", "high"), ("dance",)])
def test_other_words_are_refused(words: tuple[str, ...]) -> None:
    done = launcher(*words)
    assert done.returncode == 2 and "usage: ./run" in done.stderr


def test_status_and_stop_where_nothing_runs(tmp_path: Path) -> None:
    status = launcher("--data", str(tmp_path / "data"), "status")
    assert (status.returncode, status.stdout) == (3, "Diwan is not running.\n")
    stop = launcher("--data", str(tmp_path / "data"), "stop")
    assert (stop.returncode, stop.stdout) == (0, "Diwan is not running.\n")


def test_a_port_that_was_asked_for_and_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        done = launcher("--data", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use by another program; choose others with --port N." in done.stderr


@pytest.fixture
def running(installation: Shared) -> Iterator[tuple[Shared, str]]:
    """The shared installation and its address."""
    yield installation, installation.addresses()["JOURNEY_BASE"]


@pytest.mark.journey
def test_status_names_every_part_and_that_it_answers(running: tuple[Shared, str]) -> None:
    shared, base = running
    done = shared.run("status")
    assert done.returncode == 0, done.stdout
    first, *rows = done.stdout.splitlines()
    assert first.startswith(f"Diwan runs at {base}/ (process ")
    assert [row.split()[0] for row in rows] == list(PARTS)
    assert all("answers" in row and "does not" not in row for row in rows)


@pytest.mark.journey
def test_it_runs_on_the_port_and_the_data_asked_for(running: tuple[Shared, str]) -> None:
    shared, base = running
    kept = json.loads((shared.data / "install.json").read_text())
    assert base == f"http://127.0.0.1:{kept['port']}"
    with urllib.request.urlopen(base + "/", timeout=20) as answer:
        page = answer.read().decode()
    assert f'<html lang="{kept["language"]}"' in page


@pytest.mark.journey
def test_a_second_start_is_refused_and_the_first_goes_on(running: tuple[Shared, str]) -> None:
    shared, base = running
    done = shared.run()
    assert done.returncode == 1 and "already runs" in done.stdout
    with urllib.request.urlopen(base + "/healthz", timeout=20) as answer:
        assert answer.status == 200
