"""The heads of the chain outside the database: a file that only grows, so that emptied tables are noticed.

One file a month under the data directory (`audit/heads-2026-11.log`). A line holds the seal and a keyed digest over
itself and the line before: a line cannot be changed, taken out or made up without the deployment's secret.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from diwan.audit.models import Seal
from diwan.kit import clock
from diwan.kit.keyed import keyed_digest, same_digest

_START = "-"
_TAIL = 4096


class Anchor(NamedTuple):
    """One line of the file, and whether its own digest holds."""

    seq: int
    xid_to: int
    rows: int
    head: str
    mac: str
    intact: bool


def folder() -> Path:
    """Where the anchor files lie."""
    place: Path = settings.DIWAN.data / "audit"
    return place


def read_anchors() -> Iterator[Anchor]:
    """Every line of every month's file, oldest first; a broken line is given with `intact` False."""
    before = _START
    for file in sorted(folder().glob("heads-*.log")):
        with file.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                anchor = _parsed(line, before)
                yield anchor
                before = anchor.mac


def append_missing() -> int:
    """Append and fsync a line for each seal after the last anchored one; returns how many."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        last = _last()
        seals = list(Seal.objects.filter(seq__gt=last.seq if last else 0).order_by("seq"))
        if seals:
            _append(seals, before=last.mac if last else _START)
    return len(seals)


def _append(seals: list[Seal], *, before: str) -> None:
    file = folder() / f"heads-{clock.real_now():%Y-%m}.log"
    with file.open("a", encoding="ascii") as out:
        if file.stat().st_size and not _ends_with_newline(file):
            out.write("\n")
        for seal in seals:
            text = f"{seal.seq} {seal.xid_to} {seal.rows} {seal.head}"
            before = _mac(text, before)
            out.write(f"{text} {before}\n")
        out.flush()
        os.fsync(out.fileno())


def _last() -> Anchor | None:
    """The newest readable line; one that a power failure cut short is passed over. Only the end of a file is read."""
    for file in sorted(folder().glob("heads-*.log"), reverse=True):
        with file.open("rb") as reader:
            reader.seek(max(0, file.stat().st_size - _TAIL))
            lines = reader.read().decode("ascii", errors="replace").splitlines()
        for line in reversed(lines):
            anchor = _parsed(line, _START)
            if anchor.seq:
                return anchor
    return None


def _parsed(line: str, before: str) -> Anchor:
    parts = line.split()
    if len(parts) != 5 or not all(part.isdigit() for part in parts[:3]) or len(parts[4]) != 64:
        return Anchor(0, 0, 0, "", before, intact=False)
    text = " ".join(parts[:4])
    intact = same_digest(_mac(text, before), parts[4])
    return Anchor(int(parts[0]), int(parts[1]), int(parts[2]), parts[3], parts[4], intact)


def _mac(text: str, before: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose="audit anchor", value=f"{before} {text}")


def _ends_with_newline(file: Path) -> bool:
    with file.open("rb") as reader:
        reader.seek(-1, os.SEEK_END)
        return reader.read(1) == b"\n"
