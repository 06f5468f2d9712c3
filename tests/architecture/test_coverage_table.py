"""The table of what holds each promise names only tests, checks and figures that exist, and hides no gap."""

import ast
import re
from pathlib import Path
from typing import Final

from tests.architecture.tree import ROOT
from tools.checks import RECIPES

TABLE: Final = ROOT / "docs" / "coverage.md"
_TEST: Final = re.compile(r"`([a-z_]+/test_[a-z0-9_]+\.py)::(test_[a-z0-9_]+)`")
_CHECK: Final = re.compile(r"`check ([a-z-]+)`")
_FIGURE: Final = re.compile(r"`figure ([a-z0-9_]+)`")
OPEN: Final = "**open**"


def rows(text: str) -> list[tuple[str, str]]:
    """(promise, held by) of every line of the tables."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and cells[0] not in ("promise", "---"):
            found.append((cells[0], cells[1]))
    return found


def functions_of(path: Path) -> set[str]:
    """Names of the test functions of a file."""
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    """Holders that do not exist, and promises without a holder that are not marked as open."""
    faults = []
    for file, name in _TEST.findall(text):
        path = ROOT / "tests" / file
        if not path.is_file() or name not in functions_of(path):
            faults.append(f"there is no {file}::{name}")
    known = {recipe.name for recipe in RECIPES}
    faults += [f"there is no check {name}" for name in _CHECK.findall(text) if name not in known]
    measured = "\n".join(path.read_text() for path in sorted((ROOT / "benchmarks").glob("*.py")))
    faults += [f"no figure {name} is measured" for name in _FIGURE.findall(text) if name not in measured]
    for promise, holder in rows(text):
        named = _TEST.search(holder) or _CHECK.search(holder) or _FIGURE.search(holder)
        if not named and OPEN not in holder:
            faults.append(f"nothing holds: {promise}")
    return faults


def test_everything_named_exists_and_gaps_are_said() -> None:
    text = TABLE.read_text()
    assert len(rows(text)) > 80
    assert missing(text) == []


def test_planted_faults_are_found() -> None:
    planted = """
| promise | held by |
|---|---|
| a | `cases/test_walk.py::test_that_is_not_there` |
| b | `check nothing` |
| c | `figure of_speech` |
| d | somebody will see to it |
| e | **open**: said plainly |
"""
    assert missing(planted) == [
        "there is no cases/test_walk.py::test_that_is_not_there",
        "there is no check nothing",
        "no figure of_speech is measured",
        "nothing holds: d",
    ]
