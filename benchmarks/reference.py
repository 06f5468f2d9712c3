"""What the database alone can do: pgbench with `reference.sql`, prepared, with the connections of the web server."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from diwan.project.launch import binaries

SQL: Final = Path(__file__).with_name("reference.sql")
_TPS: Final = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class NoPgbenchError(Exception):
    """pgbench is nowhere: neither beside the embedded server nor on this machine."""


def _words() -> list[str]:
    if (binaries.folder() / "pgbench").exists():
        return binaries.command("pgbench")
    found = shutil.which("pgbench") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), None)
    if found is None:
        raise NoPgbenchError("pgbench is missing. On Debian: apt-get install postgresql-contrib")
    return [found]


def _login(url: str) -> dict[str, str]:
    """The address as variables, so that the password stands in no list of processes."""
    parts = urlsplit(url)
    return {
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }


def cases_per_second(url: str, values: Mapping[str, str], *, connections: int, seconds: int) -> float:
    """Complete cases a second, written by one prepared statement each."""
    return per_second(url, SQL, values, "-c", str(connections), "-T", str(seconds))


def per_second(url: str, script: Path, values: Mapping[str, str], *words: str) -> float:
    """How often a second pgbench runs the script, its statements prepared, with these variables."""
    given = [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
    done = subprocess.run(
        [*_words(), "-n", "-M", "prepared", "-j", "1", *words, *given, "-f", str(script)],
        env=binaries.clean_environment(_login(url)),
        capture_output=True,
        text=True,
        check=False,
    )
    found = _TPS.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return float(found[1])
