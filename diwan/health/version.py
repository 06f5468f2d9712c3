"""Which state of the product runs."""

from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
UNKNOWN: Final = "?"


@cache
def version() -> str:
    """The version of `pyproject.toml` and, in a clone, the commit: `0.1.0+2f46c1c`."""
    released = _released()
    commit = _commit()
    return f"{released}+{commit[:7]}" if commit else released


def _released() -> str:
    try:
        lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    except OSError:
        return UNKNOWN
    return next((line.split('"')[1] for line in lines if line.startswith("version = ")), UNKNOWN)


def _commit() -> str:
    """The commit that is checked out, read from Git's own files; empty outside a clone."""
    try:
        folder = ROOT / ".git"
        if folder.is_file():
            folder = Path(folder.read_text().removeprefix("gitdir:").strip())
        head = (folder / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        shared = (
            folder / (folder / "commondir").read_text().strip()
            if (folder / "commondir").is_file()
            else folder
        )
        return _of_ref(shared, name)
    except OSError:
        return ""


def _of_ref(folder: Path, name: str) -> str:
    loose = folder / name
    if loose.is_file():
        return loose.read_text().strip()
    packed = (folder / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
