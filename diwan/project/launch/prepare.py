"""Bringing an installation to the state in which it can serve: tables, texts, static files, catalogue, demo city.

A step is done again only when its sources have changed; its stamp is written after it has succeeded, so that a kill
in the middle repeats it. Each step is safe to repeat.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from diwan.project.launch import private
from diwan.project.launch.install import ROOT, Install
from diwan.project.launch.phases import PhaseError, phase
from diwan.project.launch.processes import start

ONCE: Final = "once"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of the product's command line, and the files and settings whose change asks for it again."""

    key: str
    title: str
    words: tuple[str, ...]
    sources: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    owner: bool = False
    demo_only: bool = False
    after_peers: bool = False


STEPS: Final = (
    Step(
        key="migrate",
        title="Creating or updating the tables",
        words=("migrate", "--no-input", "--verbosity=0"),
        sources=("diwan/**/migrations/*.py", "requirements/runtime.txt"),
        owner=True,
    ),
    Step(
        key="static",
        title="Collecting static files",
        words=("collectstatic", "--no-input", "--clear", "--verbosity=0"),
        sources=("diwan/**/static/**/*",),
    ),
    Step(
        key="catalogue",
        title="Loading the catalogue of services",
        words=("catalogue", "load"),
        sources=("diwan/catalogue/**/*", "diwan/forms/**/*.py", "diwan/flow/*.py", "diwan/rules/*.py"),
    ),
    Step(
        key="demo",
        title="Building the demo city",
        words=("demo", "load"),
        sources=(ONCE,),
        demo_only=True,
    ),
    Step(
        key="receiver",
        title="Subscribing the demo partner to events",
        words=("demo", "receiver"),
        sources=(ONCE,),
        settings=("DIWAN_DEMO_RECEIVER_URL",),
        demo_only=True,
    ),
    Step(
        key="authority",
        title="Preparing the demo authority",
        words=("authority", "init"),
        sources=(ONCE,),
        demo_only=True,
        after_peers=True,
    ),
)


def fingerprint(patterns: Iterable[str]) -> str:
    """A digest of the names and contents of the files that match."""
    digest = hashlib.sha256()
    for pattern in patterns:
        digest.update(pattern.encode())
        if pattern == ONCE:
            continue
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def _values(install: Install, step: Step) -> str:
    """The settings that the step depends on, as part of its stamp."""
    known = install.settings()
    return "".join(f" {known.get(name, '')}" for name in step.settings)


def known_commands() -> frozenset[str]:
    """The commands that the product has, read from its files: asking Django would cost a second of each start."""
    found = {path.stem for path in (ROOT / "diwan").glob("**/management/commands/*.py")}
    return frozenset(found | {"migrate", "collectstatic"})


def has_command(words: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether a command of one or two words is among the known ones."""
    return words[0] in known or "_".join(words[:2]).replace("-", "_") in known


def pending(install: Install) -> list[tuple[Step, str]]:
    """The steps whose stamp is missing or old, with the stamp that they get."""
    stamps = _stamps(install)
    found = []
    for step in STEPS:
        if step.demo_only and not install.has_peers:
            continue
        stamp = fingerprint(step.sources) + _values(install, step)
        if stamps.get(step.key) != stamp:
            found.append((step, stamp))
    return found


def run_step(install: Install, step: Step, stamp: str) -> None:
    """Run one step to its end, keep its output in the log directory, and write its stamp."""
    log = install.data / "log" / f"setup-{step.key}.log"
    log.parent.mkdir(exist_ok=True)
    with phase(step.title):
        with log.open("wb") as output:
            process = start(
                [sys.executable, "-m", "diwan.project", *step.words],
                env=install.environment(owner=step.owner),
                cwd=ROOT,
                output=output,
            )
            status = process.wait()
        if status != 0:
            raise PhaseError(
                f"{' '.join(step.words)} ended with {status}; see {log}\n{log.read_text()[-3000:]}"
            )
    stamps = _stamps(install)
    private.write(install.data / "prepared.json", json.dumps({**stamps, step.key: stamp}, indent=1))


def _stamps(install: Install) -> dict[str, str]:
    path: Path = install.data / "prepared.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return known
