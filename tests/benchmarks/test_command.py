"""`./bench` starts, measures what is asked for, and writes each figure with what it is compared with."""

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import benchmarks.__main__ as command
from benchmarks import house
from benchmarks.figures import AT_LEAST, AT_MOST, Figure
from tests.architecture.test_coverage_table import _FIGURE, TABLE
from tests.architecture.tree import ROOT
from tests.project.terminal import environment

READ_BY_TESTS = {"intake_s"}
"""Figures that a browser test of a screen reads, and no run of the command."""
PROMISED = {"name", "value", "unit", "compared_with", "ratio"}
MEASURED = [
    Figure(
        name="submit", value=150, unit="requests/s", compared_with="reference", compared_value=1000, ratio=0.15,
        sense=AT_LEAST, bound=0.15,
    ),
    Figure(name="page", value=20, unit="ms", compared_with="10,000 cases", ratio=1.4, sense=AT_MOST, bound=1.3),
]  # fmt: skip


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, str]]:
    """The command without a database: (plan, half) of every measurement that it asked for."""
    asked: list[tuple[Any, str]] = []

    def measured(install: Any, plan: Any, *, only: str, reuse: bool) -> tuple[list[Figure], list[Any]]:
        asked.append((plan, only))
        return MEASURED, []

    monkeypatch.setattr(command, "_measured", measured)
    monkeypatch.setattr(house, "open_house", lambda: None)
    monkeypatch.setattr(house, "leave", lambda install: None)
    monkeypatch.setattr(command, "phase", lambda title: nullcontext())
    return asked


def bench(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["./bench", *words])
    return command.main()


def test_the_json_names_value_unit_comparison_and_ratio(
    plans: list[tuple[Any, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench(monkeypatch, "--quick", "--json", str(tmp_path / "figures.json")) == 0
    told = json.loads((tmp_path / "figures.json").read_text())
    assert told["quick"] is True
    assert [figure["name"] for figure in told["figures"]] == ["submit", "page"]
    assert all(set(figure) >= PROMISED for figure in told["figures"])
    assert told["figures"][0] | {"value": 150, "ratio": 0.15, "ok": True} == told["figures"][0]
    said = capsys.readouterr().out
    assert "submit" in said and "page is 1.40; it has to be at most 1.3." in said


def test_quick_and_whole_differ_in_size_alone(
    plans: list[tuple[Any, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench(monkeypatch)
    bench(monkeypatch, "--quick")
    bench(monkeypatch, "--quick", "--only", "hot")
    assert [plan.large_cases for plan, _ in plans] == [1_000_000, 100_000, 100_000]
    assert [only for _, only in plans] == ["", "", "hot"]


def test_the_script_prepares_and_hands_over_its_words() -> None:
    text = (ROOT / "bench").read_text()
    assert 'exec "$python" -m benchmarks "$@"' in text
    done = subprocess.run(
        [str(ROOT / "bench"), "--help"], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "--quick" in done.stdout and "--json" in done.stdout


@pytest.mark.full
def test_a_quick_run_measures_every_figure_that_is_promised(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    done = subprocess.run(
        [str(ROOT / "bench"), "--quick", "--json", str(file)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found = {figure["name"]: figure for figure in json.loads(file.read_text())["figures"]}
    promised = set(_FIGURE.findall(TABLE.read_text())) - READ_BY_TESTS
    assert promised and not [name for name in promised if not any(each.startswith(name) for each in found)]
    assert all(set(figure) >= PROMISED for figure in found.values())
