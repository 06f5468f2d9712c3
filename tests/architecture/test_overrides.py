"""Exceptions from the type checker and the linter are named and few."""

import re
import tomllib
from pathlib import Path

from tests.architecture.tree import ROOT, parsed, show

OVERRIDES = 1
IGNORED_MODULES = 20
TYPE_IGNORES = 41
BARE = re.compile(r"#\s*(?:type:\s*ignore(?!\[)|noqa(?!:))")
NAMED = re.compile(r"#\s*type:\s*ignore\[")


def test_mypy_overrides_are_counted() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    overrides = configured["overrides"]
    assert configured["strict"] is True
    assert len(overrides) <= OVERRIDES
    for each in overrides:
        assert set(each) == {"module", "ignore_missing_imports"}, (
            "an override may only say that a package has no types"
        )
        assert len(each["module"]) <= IGNORED_MODULES
        assert not any(name.startswith(("diwan", "peers", "tools", "tests")) for name in each["module"])


def test_exceptions_in_the_code_are_named_and_counted() -> None:
    bare, named = [], 0
    for name, text, _ in parsed("diwan", "peers", "tools", "tests", "benchmarks"):
        if name == str(Path(__file__).relative_to(ROOT)):
            continue
        bare += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if BARE.search(line)]
        named += len(NAMED.findall(text))
    assert not bare, show(bare)
    assert named <= TYPE_IGNORES, f"{named} type ignores, at most {TYPE_IGNORES}"
