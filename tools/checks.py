"""Every check of the repository, once: `./test`, pre-commit and CI call these recipes and nothing else.

`python -m tools.checks [--full] [--only NAME,NAME] [--list] [-- PYTEST WORDS]` prints one line a recipe and ends with
`N passed, N failed, N skipped`. A recipe that is not a test run counts as one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from tests import databases
from tools import installation, machine

ROOT: Final = Path(__file__).resolve().parents[1]
REPORTS: Final = ROOT / "var" / "test" / "reports"
PYTHON: Final = sys.executable
PYTEST: Final = (PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider")
STATIC: Final = "static"
TESTS: Final = "tests"
BROWSER: Final = "browser"
BROWSER_TESTS: Final = ("tests/pages", "tests/ui", "tests/walks")
JOURNEY_TESTS: Final = ("tests/journeys", "tests/project/test_launcher.py")
"""Where tests of the two marks are: to collect all of them takes each worker as long as some of the tests."""
OLDEST_SERVER: Final = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One check: its words; whether it reads only the sources, runs tests, or needs a browser and for `--full` a
    running installation. One that is `beside` the others runs while they wait for something."""

    name: str
    title: str
    words: tuple[str, ...]
    kind: str = STATIC
    env: Mapping[str, str] = field(default_factory=dict)
    full_only: bool = False
    needs: Path | None = None
    at_commit: bool = False
    beside: bool = False


def _processors() -> str:
    return str(max(2, min(8, os.cpu_count() or 2)))


RECIPES: Final = (
    Recipe(name="lint", title="Lint", words=(PYTHON, "-m", "ruff", "check", "--quiet", "."), at_commit=True),
    Recipe(
        name="format",
        title="Format",
        words=(PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."),
        at_commit=True,
    ),
    Recipe(name="layers", title="Layers", words=(PYTHON, "-m", "tools.layers"), at_commit=True),
    Recipe(
        name="messages", title="Translations", words=(PYTHON, "-m", "tools.messages", "check"), at_commit=True
    ),
    Recipe(name="types", title="Types", words=(PYTHON, "-m", "mypy"), beside=True),
    Recipe(
        name="migrations",
        title="Migrations",
        words=(PYTHON, "-W", "ignore", "-m", "diwan.project", "makemigrations", "--check", "--dry-run"),
        # The models are compared with the files; no database is asked.
        env={"DIWAN_DATABASE_OWNER_URL": "postgresql:///none?host=/nonexistent"},
    ),
    Recipe(
        name="tests",
        title="Unit, action, API and architecture tests",
        # Neighbours stay with one worker, so that what a module or a session starts is started once.
        words=(*PYTEST, "-n", _processors(), "--dist", "worksteal", "-m", "not browser and not journey"),
        kind=TESTS,
    ),
    Recipe(
        name="oldest-server",
        title="The same on PostgreSQL 15",
        words=(
            *PYTEST,
            "-n",
            _processors(),
            "--dist",
            "worksteal",
            "-m",
            "not browser and not journey and not full",
        ),
        kind=TESTS,
        env={"POSTGRES_BINARIES": str(OLDEST_SERVER)},
        full_only=True,
        needs=OLDEST_SERVER,
    ),
    Recipe(
        name="browser",
        title="Browser tests",
        # The walks share one installation and stay together (`tests/conftest.py`).
        words=(*PYTEST, "-n", _processors(), "--dist", "loadgroup", "-m", "browser", *BROWSER_TESTS),
        kind=BROWSER,
    ),
    Recipe(
        name="journey-tests",
        title="Journey tests",
        # The walks and the kills have an installation each, and mostly wait for it.
        words=(*PYTEST, "-n", "2", "--dist", "loadgroup", "-m", "journey", *JOURNEY_TESTS),
        kind=BROWSER,
    ),
)


@dataclass
class Tally:
    """Counts over all recipes."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def line(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def _environment(recipe: Recipe, addresses: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DIWAN_", "DJANGO_"))}
    settings = {"DIWAN_PROFILE": "test", "DIWAN_DATA": str(ROOT / "var" / "test" / "checks")}
    return {**kept, **settings, "PYTHONPATH": str(ROOT), **recipe.env, **addresses}


def _count(report: Path, tally: Tally) -> bool:
    """Add the figures of a junit file; False when there is none."""
    if not report.exists():
        return False
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        figures = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        bad = figures["failures"] + figures["errors"]
        tally.failed += bad
        tally.skipped += figures["skipped"]
        tally.passed += figures["tests"] - bad - figures["skipped"]
    return True


@dataclass
class Running:
    """A recipe under way: what it prints is told when it has ended, for a check of the sources only if it failed."""

    recipe: Recipe
    process: subprocess.Popen[str]
    output: IO[str] | None
    began: float

    @property
    def report(self) -> Path:
        """The junit file of a test run."""
        return report_of(self.recipe)

    def finish(self, tally: Tally) -> bool:
        """Wait for its end, print how it went, count it."""
        try:
            code = self.process.wait()
        except BaseException:
            self.process.kill()
            raise
        nothing_selected = self.recipe.kind != STATIC and code == 5
        good = code == 0 or nothing_selected
        if self.output is not None:
            tally.passed += good
            tally.failed += not good
            self.output.seek(0)
            if not good:
                print(self.output.read().strip()[-8000:])
            self.output.close()
        elif not _count(self.report, tally) and not good:
            tally.failed += 1
        spent = time.monotonic() - self.began
        print(f"{'ok    ' if good else 'FAILED'}  {self.recipe.title}  {spent:.1f} s", flush=True)
        return good


def report_of(recipe: Recipe) -> Path:
    """Where the figures of a test run are written."""
    return REPORTS / f"{recipe.name}.xml"


def begin(recipe: Recipe, *, full: bool, addresses: Mapping[str, str], more: Sequence[str]) -> Running:
    """Start one recipe."""
    words = list(recipe.words)
    output: IO[str] | None = None
    if recipe.kind == STATIC:
        output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  closed at its end
    else:
        report = report_of(recipe)
        report.parent.mkdir(parents=True, exist_ok=True)
        report.unlink(missing_ok=True)
        words += [f"--junitxml={report}", *(["--full"] if full and not recipe.needs else []), *more]
    process = subprocess.Popen(
        words, cwd=ROOT, env=_environment(recipe, addresses), stdout=output, stderr=output, text=True
    )
    return Running(recipe, process, output, time.monotonic())


def _chosen(options: argparse.Namespace) -> list[Recipe]:
    names = [recipe.name for recipe in RECIPES]
    wanted = options.only.split(",") if options.only else names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        raise SystemExit(f"There is no check {', '.join(unknown)}; there are {', '.join(names)}.")
    if options.commit:
        return [recipe for recipe in RECIPES if recipe.at_commit]
    return [recipe for recipe in RECIPES if recipe.name in wanted and (options.full or not recipe.full_only)]


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./test", description="Run every check of Diwan.")
    parser.add_argument("--full", action="store_true", help="also what is longer (under 60 minutes)")
    parser.add_argument("--only", default="", metavar="NAMES", help="only these checks, separated by commas")
    parser.add_argument(
        "--commit", action="store_true", help="only the checks that are quick enough for each commit"
    )
    parser.add_argument("--list", action="store_true", help="name the checks and stop")
    parser.add_argument("more", nargs="*", help="words for pytest, after --")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Run the chosen checks; 0 when nothing failed."""
    options = _parse(words)
    chosen = _chosen(options)
    if options.list:
        for recipe in chosen:
            print(f"{recipe.name:<14} {recipe.title}")
        return 0
    tally = Tally()
    if any(recipe.needs for recipe in chosen):
        machine.oldest_server()
    kinds = {recipe.kind for recipe in chosen}
    addresses = machine.prepare(needs_browser=BROWSER in kinds) if kinds - {STATIC} else {}
    ran_before = databases.CLUSTER.running() is not None
    with installation.Shared() as shared:
        _run_all(chosen, tally, shared, options, addresses)
    if not ran_before:
        databases.stop_if_idle()
    print(tally.line())
    return 1 if tally.failed else 0


def _run_all(
    chosen: Sequence[Recipe],
    tally: Tally,
    shared: installation.Shared,
    options: argparse.Namespace,
    addresses: Mapping[str, str],
) -> None:
    """One after the other, with those beside them from the beginning to the end."""
    beside = [begin(recipe, full=options.full, addresses={}, more=()) for recipe in chosen if recipe.beside]
    try:
        for recipe in chosen:
            if recipe.beside:
                continue
            if recipe.needs is not None and not recipe.needs.exists():
                print(f"skipped  {recipe.title}: there is no {recipe.needs}", flush=True)
                tally.skipped += 1
                continue
            if recipe.kind == BROWSER and options.full:
                try:
                    addresses = {**addresses, **shared.addresses()}
                except installation.NotUpError as error:
                    print(f"FAILED  {recipe.title}\n{error}", flush=True)
                    tally.failed += 1
                    continue
            begin(recipe, full=options.full, addresses=addresses, more=options.more).finish(tally)
            if recipe.needs is not None:
                _stop_server_of(recipe)
        for running in beside:
            running.finish(tally)
    finally:
        for running in beside:
            running.process.kill()


def _stop_server_of(recipe: Recipe) -> None:
    """End the server of another version that the tests of a recipe started, unless somebody uses it."""
    words = (PYTHON, "-c", "from tests import databases; databases.stop_if_idle()")
    subprocess.run(words, cwd=ROOT, env=_environment(recipe, {}), check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
