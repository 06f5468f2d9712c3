"""Backup and restore of a whole installation in one file: database, stored files, secrets.

The dump is taken first and the files after it: stored files are never changed, so every file that the dump names is
there. Only the anchors of the audit log are copied before, so that they name no seal that the dump lacks. The result is
as secret as the installation itself.
"""

import json
import os
import shutil
import tarfile
import tempfile
import time
import zlib
from pathlib import Path
from typing import Final

from diwan.project.launch import binaries, manifest, notes, private, transactions
from diwan.project.launch import cluster as embedded
from diwan.project.launch.install import Install
from diwan.project.launch.phases import PhaseError, phase, say

DUMP: Final = "database.dump"
ANCHORS: Final = "audit"
LEFT_OUT: Final = frozenset(
    {"database", "log", "metrics", "static", "run.lock", "running.json", "runtime", notes.FILE, manifest.FILE}
)
"""What a restore makes anew: the cluster itself, logs, built static files, traces of processes."""


def _contents(install: Install) -> list[Path]:
    return sorted(path for path in install.data.iterdir() if path.name not in LEFT_OUT)


def backup(install: Install, target: Path) -> int:
    """Write the backup file (readable by its owner only); the installation may be running."""
    if target.exists():
        raise PhaseError(f"{target} exists; name another file.")
    began = time.monotonic()
    making = target.with_name(target.name + ".making")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        if (install.data / ANCHORS).is_dir():
            shutil.copytree(install.data / ANCHORS, Path(folder) / ANCHORS)
        with phase("Writing the database"):
            url = install.environment(owner=True).get("DIWAN_DATABASE_OWNER_URL")
            if install.has_own_database:
                url = install.cluster.url(embedded.SUPERUSER)
            if url is None:
                raise PhaseError("DIWAN_DATABASE_OWNER_URL is needed to back up an outside database.")
            with manifest.counted(url) as (snapshot, counts):
                binaries.run(
                    "pg_dump",
                    ["--format=custom", f"--snapshot={snapshot}", f"--file={dump}", f"--dbname={url}"],
                )
            (Path(folder) / manifest.FILE).write_text(json.dumps(counts, indent=1))
        with phase("Writing files and secrets"):
            descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(descriptor, "wb") as out,
                tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as archive,
            ):
                archive.add(dump, arcname=DUMP)
                archive.add(Path(folder) / manifest.FILE, arcname=manifest.FILE)
                for path in _contents(install):
                    earlier = Path(folder) / ANCHORS if path.name == ANCHORS else path
                    if earlier.exists():
                        archive.add(earlier, arcname=f"data/{path.name}")
    making.replace(target)
    notes.write(
        install.data,
        "backup",
        ok=True,
        seconds=round(time.monotonic() - began, 1),
        size=target.stat().st_size,
    )
    say(
        f"  {target}: {target.stat().st_size / 1e6:.1f} MB. It holds every secret of the installation; keep it safe."
    )
    return 0


def restore(install: Install, source: Path) -> int:
    """Replace the content of this installation by a backup. The caller has made sure that nothing runs."""
    if not install.has_own_database:
        raise PhaseError("restore works on the embedded database; use pg_restore for an outside one.")
    if not source.is_file():
        raise PhaseError(f"{source} is not a file.")
    with tempfile.TemporaryDirectory(dir=install.data.parent, prefix=".restore-") as folder:
        with phase("Reading the backup"):
            _unpack(source, Path(folder))
        unpacked = Path(folder)
        if not (unpacked / DUMP).is_file() or not (unpacked / "data" / "install.json").is_file():
            raise PhaseError(f"{source} is not a backup of Diwan.")
        with phase("Restoring the database"):
            install.cluster.start()
            try:
                _restore_database(install.cluster, unpacked / DUMP)
                highest = transactions.highest_stored(install.cluster.url(embedded.SUPERUSER))
                behind = transactions.current(install.cluster, "diwan") <= highest
            finally:
                install.cluster.stop()
            if behind:
                transactions.move_beyond(install.cluster, highest)
        with phase("Restoring files and secrets"):
            for path in _contents(install):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            for path in (unpacked / "data").iterdir():
                shutil.move(path, install.data / path.name)
            if (unpacked / manifest.FILE).is_file():
                shutil.move(unpacked / manifest.FILE, install.data / manifest.FILE)
            _keep_port(install)
    say("  Restored. Start with ./run")
    return 0


def _unpack(source: Path, folder: Path) -> None:
    """Unpack plain files and directories that stay inside the folder; anything else is not our backup."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
                if not inside or not (member.isfile() or member.isdir()):
                    raise PhaseError(f"{source} is not a backup of Diwan: it holds {member.name}.")
                member.mode = 0o700 if member.isdir() else 0o600
                archive.extract(member, folder, set_attrs=True, numeric_owner=False)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise PhaseError(f"{source} is not a backup of Diwan: {error}") from error


def _restore_database(cluster: embedded.Cluster, dump: Path) -> None:
    """Into a database of another name first; the old one goes only when the new one is complete."""
    cluster.drop_database("restoring")
    cluster.ensure_database("restoring")
    url = cluster.url(embedded.SUPERUSER, "restoring")
    binaries.run("pg_restore", ["--exit-on-error", "--clean", "--if-exists", f"--dbname={url}", str(dump)])
    cluster.drop_database("diwan")
    cluster.rename_database("restoring", "diwan")
    cluster.ensure_database("diwan")


def _keep_port(install: Install) -> None:
    path = install.data / "install.json"
    private.write(path, json.dumps({**json.loads(path.read_text()), "port": install.port}, indent=1))
