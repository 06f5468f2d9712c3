"""A restore drill: a backup is restored beside the installation, looked at in full, and thrown away.

Only a backup that was restored is one. The installation may be running; nothing of it is touched but the note of how
the drill went, which the health page shows.
"""

import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from diwan.project.launch import backup, manifest, notes
from diwan.project.launch import cluster as embedded
from diwan.project.launch.binaries import ClusterError
from diwan.project.launch.install import ROOT, Install
from diwan.project.launch.phases import PhaseError, phase, say

#: Settings that would lead the copy back to the real database.
REAL: Final = frozenset({"DIWAN_DATABASE_URL", "DIWAN_DATABASE_OWNER_URL", "DIWAN_DATABASE_READ_URL"})


def drill(install: Install, source: Path | None) -> int:
    """Restore a backup (a fresh one when none is named) elsewhere, look at it, and note the result; the exit status."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=install.data.parent, prefix=".drill-") as folder:
        place = Path(folder)
        try:
            if source is None:
                source = place / "backup"
                backup.backup(install, source)
            found = _restored(install, source, place / "data")
        except (PhaseError, ClusterError) as error:
            notes.write(install.data, "drill", ok=False, seconds=_since(began), why=str(error)[:300])
            raise
    notes.write(install.data, "drill", ok=True, seconds=_since(began), found=found)
    say(f"  The backup works: {', '.join(f'{value} {key}' for key, value in found.items())}.")
    return 0


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


def _restored(install: Install, source: Path, where: Path) -> dict[str, Any]:
    where.mkdir(mode=0o700)
    given = {name: value for name, value in install.given.items() if name not in REAL}
    empty = dataclasses.replace(install, data=where, given=given)
    backup.restore(empty, source)
    record = json.loads((where / "install.json").read_text())
    copy = dataclasses.replace(empty, secrets={**empty.secrets, **record["secrets"]})
    copy.cluster.start()
    try:
        with phase("Comparing the rows"):
            tables = _compared(copy, where)
        with phase("Bringing the tables up to date"):
            _product(copy, ["migrate", "--no-input", "--verbosity=0"], owner=True)
        with phase("Looking at audit log, files, documents"):
            said = _product(copy, ["drill", "check", "--on-a-copy"])
    finally:
        copy.cluster.stop()
    return {"tables": tables, **json.loads(said.splitlines()[-1])}


def _compared(copy: Install, where: Path) -> int:
    """The copy has the rows that the backup counted in the moment of its dump; how many tables that were."""
    counted = manifest.read(where)
    if counted is None:
        return 0
    now = manifest.count_rows(copy.cluster.url(embedded.SUPERUSER))
    for table, rows in counted["rows"].items():
        if now.get(table) != rows:
            raise PhaseError(f"rows: {table} has {now.get(table)} of {rows}")
    return len(counted["rows"])


def _product(copy: Install, words: list[str], *, owner: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "diwan.project", *words],
        env=copy.environment(owner=owner),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise PhaseError(
            lines[-1].removeprefix("CommandError: ") if lines else f"{words[0]} ended with {done.returncode}"
        )
    return done.stdout
