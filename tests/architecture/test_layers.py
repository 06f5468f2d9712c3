"""The linter's contracts hold, cover every package, and are shown to break."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCT, ROOT, ranks

AUDIENCES = ("portal", "desk", "apply", "signin")


def _lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-m", "tools.layers"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _small_house(folder: Path, planted: dict[str, str]) -> Path:
    """Every package of the contract, empty, and the planted files."""
    (folder / ".importlinter").write_text((ROOT / ".importlinter").read_text())
    for name in ("diwan", "peers", *(f"diwan/{package}" for package in ranks())):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("")
    for name in ("diwan/modules/one", "diwan/modules/two", *(f"diwan/web/{each}" for each in AUDIENCES)):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("")
    for name, text in planted.items():
        (folder / name).write_text(text)
    return folder


def test_the_contracts_hold() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_house_without_breaches_passes(tmp_path: Path) -> None:
    done = _lint(_small_house(tmp_path, {}))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("diwan/people/planted.py", "import diwan.cases"),
        ("diwan/web/planted.py", "import diwan.api"),
        ("diwan/forms/planted.py", "import diwan.payments"),
        ("diwan/modules/one/planted.py", "import diwan.modules.two"),
        ("diwan/web/desk/planted.py", "import diwan.web.portal"),
        ("diwan/web/signin/planted.py", "import diwan.web.desk"),
        ("diwan/kit/planted.py", "import django"),
        ("peers/planted.py", "import diwan.kit"),
        ("diwan/project/planted.py", "import peers"),
        ("diwan/newcomer.py", ""),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, path: str, text: str) -> None:
    assert _lint(_small_house(tmp_path, {path: text + "\n"})).returncode != 0


def test_a_planted_cycle_is_found(tmp_path: Path) -> None:
    planted = {
        "diwan/cases/one.py": "import diwan.cases.two\n",
        "diwan/cases/two.py": "import diwan.cases.one\n",
    }
    assert _lint(_small_house(tmp_path, planted)).returncode != 0


def test_every_folder_with_python_is_a_package() -> None:
    """The linter does not see a folder without `__init__.py`."""
    folders = {path.parent for path in PRODUCT.rglob("*.py")} | {
        path.parent for path in (ROOT / "peers").rglob("*.py")
    }
    bare = sorted(str(each.relative_to(ROOT)) for each in folders if not (each / "__init__.py").exists())
    assert not bare
