"""A ZIP archive written piece by piece: nothing is held in memory beyond one chunk, however many papers there are."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CHUNK: Final = 65_536
PACKED: Final = (".json", ".txt", ".sha256")
"""Endings that are worth compressing; papers and documents are compressed already."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the archive. `expected` is the digest under which it was kept; empty for what is made now."""

    name: str
    open: Callable[[], Iterator[bytes]]
    expected: str = ""


def whole(name: str, content: bytes) -> Item:
    """A file whose content is at hand."""
    return Item(name, lambda: iter((content,)))


def stream(items: Iterable[Item], *, about: Mapping[str, Any], at: datetime) -> Iterator[bytes]:
    """The bytes of the archive. Last come `manifest.json` and `manifest.sha256` (as `sha256sum -c` reads it).

    A content that the store does not hold any more, or that is not what it was, is named in the manifest and spoils
    nothing else.
    """
    sink = _Sink()
    listed: list[dict[str, Any]] = []
    with ZipFile(sink, "w", allowZip64=True) as archive:
        for item in items:
            yield from _write(archive, sink, item, listed, at)
        told = json.dumps({**about, "files": listed}, ensure_ascii=False, indent=1)
        sums = "".join(f"{each['sha256']}  {each['name']}\n" for each in listed if each["sha256"])
        for name, text in (("manifest.json", told), ("manifest.sha256", sums)):
            yield from _write(archive, sink, whole(name, text.encode()), [], at)
    yield sink.take()


def _write(
    archive: ZipFile, sink: "_Sink", item: Item, listed: list[dict[str, Any]], at: datetime
) -> Iterator[bytes]:
    entry: dict[str, Any] = {"name": item.name, "size": 0, "sha256": "", "state": "whole"}
    listed.append(entry)
    try:
        pieces = item.open()
        first = next(pieces, b"")
    except OSError:
        entry["state"] = "missing"
        return
    digest = hashlib.sha256()
    info = ZipInfo(item.name, date_time=at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if item.name.endswith(PACKED) else ZIP_STORED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as out:
        for piece in _chained(first, pieces):
            digest.update(piece)
            entry["size"] += len(piece)
            out.write(piece)
            yield sink.take()
    entry["sha256"] = digest.hexdigest()
    if item.expected and item.expected != entry["sha256"]:
        entry["state"] = "changed"


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Sink:
    """Takes what the archive writes and hands it on; it cannot be sought in, so sizes come after each file."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Keep a piece until it is taken."""
        self._waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken
