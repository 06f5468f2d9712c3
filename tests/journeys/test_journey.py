"""The whole walk against a started installation."""

import ast
import os
import subprocess
import sys

import pytest

from tests.journeys.city import ADDRESSES, ROOT

pytestmark = pytest.mark.journey


def _walks(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys", *words],
        cwd=ROOT,
        # The settings of the tests are not those of the installation that is walked.
        env={name: value for name, value in os.environ.items() if not name.startswith(("DIWAN_", "DJANGO_"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


@pytest.mark.usefixtures("installation")
def test_a_shop_licence_goes_from_citizen_to_signed_file() -> None:
    said = _walks("shop-licence")
    assert "held in" in said
    assert said.count(".pdf") >= 2


@pytest.mark.usefixtures("installation")
def test_a_report_is_closed_with_proof_disputed_judged_by_another_and_confirmed() -> None:
    said = _walks("report")
    assert "All held in" in said
    assert said.count(".pdf") == 1


def test_without_addresses_it_says_how_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ADDRESSES:
        monkeypatch.delenv(f"JOURNEY_{name}", raising=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys", "shop-licence"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "./run journey" in done.stderr


def test_the_walk_knows_nothing_of_the_product_but_its_pages_and_its_api() -> None:
    for path in sorted((ROOT / "tests" / "journeys").glob("*.py")):
        if path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            inner = [name for name in names if name.split(".")[0] in ("diwan", "django", "psycopg")]
            assert not inner, f"{path.name} imports {inner}"
