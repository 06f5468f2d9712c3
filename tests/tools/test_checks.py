"""The recipes of `./test` leave no test out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.checks import BROWSER_TESTS, JOURNEY_TESTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("mark", "places"), [("browser", BROWSER_TESTS), ("journey", JOURNEY_TESTS)])
def test_tests_of_a_mark_are_where_its_recipe_looks(mark: str, places: tuple[str, ...]) -> None:
    marked = re.compile(rf"mark\.{mark}\b")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if marked.search(path.read_text(encoding="utf-8"))
    ]
    assert found
    assert [one for one in found if not one.startswith(places)] == []
