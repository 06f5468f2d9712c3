"""Pre-commit, the build server and a person call the same recipes, over the same folders."""

import os
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.architecture.test_shape import FOLDERS
from tests.architecture.tree import ROOT
from tools import checks

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _hooks() -> list[dict[str, Any]]:
    told = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())
    return [{"repo": each["repo"], **hook} for each in told["repos"] for hook in each["hooks"]]


def test_every_hook_is_a_recipe_of_ours() -> None:
    """No checks of somebody else's repository, none of their own: `./test --commit` for every file."""
    assert [(hook["repo"], hook["entry"]) for hook in _hooks()] == [("local", "./test --commit")]
    assert all(hook["pass_filenames"] is False and hook["always_run"] is True for hook in _hooks())


def test_a_commit_runs_the_quick_recipes() -> None:
    quick = [recipe.name for recipe in checks._chosen(checks._parse(["--commit"]))]
    assert quick == ["lint", "format", "layers", "messages"]
    whole = {recipe.name for recipe in checks._chosen(checks._parse([]))}
    assert {*quick, "types", "migrations", "tests", "browser", "journey-tests"} == whole
    full = {recipe.name for recipe in checks._chosen(checks._parse(["--full"]))}
    assert full - whole == {"oldest-server"}


def test_the_build_server_calls_the_same_with_every_tool_required() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-2:] == ["export CI=1", 'exec ./test "$@"']
    assert 'exec "$python" -m tools.checks "$@"' in (ROOT / "test").read_text()


def test_a_failing_recipe_is_told_in_one_closing_line() -> None:
    """A planted recipe that fails: its output, its line, one closing line, exit 1."""
    code = (
        "import sys; from tools import checks\n"
        "checks.RECIPES = (\n"
        "    checks.Recipe(name='good', title='Good', words=('true',)),\n"
        "    checks.Recipe(name='bad', title='Bad', words=(sys.executable, '-c', 'exit(\"planted\")')),\n"
        ")\n"
        "sys.exit(checks.main([]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok      Good")
    assert lines[1] == "planted" and lines[2].startswith("FAILED  Bad")
    assert lines[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_recipe_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit) as told:
        checks.main(["--only", "nothing"])
    assert "There is no check nothing" in str(told.value)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_of_ours_is_typed_and_sorted_as_ours(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    assert folder in PROJECT["tool"]["mypy"]["files"]
    assert folder in PROJECT["tool"]["ruff"]["lint"]["isort"]["known-first-party"]


def test_no_folder_with_python_is_forgotten() -> None:
    ours = {
        path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith((".", "node_"))
    }
    assert ours - {"var"} == set(FOLDERS)
    assert not re.search(r"ignore_errors|follow_imports", (ROOT / "pyproject.toml").read_text())
