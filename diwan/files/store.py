"""The content-addressed store on disk: `DATA/files/<classification>/sha256/ab/cd/<hex>`.

A content is complete and on the platter before a row that names it commits: file, then folder are fsynced.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from diwan.files.errors import EmptyFile, FileTooLarge
from diwan.files.rules import SlotRules

CHUNK = 1024 * 1024
CLASSIFICATIONS = ("public", "restricted", "secret", "top_secret")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a written file is: its digest and size."""

    sha256: str
    size: int


def root() -> Path:
    """The folder of all stored files."""
    return Path(settings.DIWAN.data) / "files"


def path_of(classification: str, sha256: str) -> Path:
    """Where the content with this digest lies."""
    if classification not in CLASSIFICATIONS or len(sha256) != 64:
        raise ValueError("not a place in the store")
    return root() / classification / "sha256" / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def workplace() -> Iterator[Path]:
    """A private folder beside the store, on the same disk, emptied at the end."""
    place = root() / "incoming" / secrets.token_hex(12)
    place.mkdir(parents=True, mode=0o700)
    try:
        yield place
    finally:
        for left in place.iterdir():
            left.unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()


def take_in(stream: BinaryIO, target: Path, rules: SlotRules) -> Measured:
    """Copy a stream to `target` in chunks. Stops at the slot's limit with `FileTooLarge`; `EmptyFile` for nothing."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > rules.max_bytes:
                raise FileTooLarge(limit_mb=rules.max_mb)
            digest.update(chunk)
            out.write(chunk)
    if size == 0:
        raise EmptyFile
    return Measured(digest.hexdigest(), size)


def measure(path: Path) -> Measured:
    """Digest and size of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Measured(digest, path.stat().st_size)


def place(source: Path, *, classification: str, sha256: str) -> Path:
    """Move a complete file to its address, durably; a content that is there already is left alone."""
    target = path_of(classification, sha256)
    if target.exists():
        return target
    _make_folders(target.parent)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.chmod(0o600)
    source.replace(target)
    _sync_folder(target.parent)
    return target


def remove(*, classification: str, sha256: str) -> None:
    """Delete a content; quiet when it is gone."""
    path_of(classification, sha256).unlink(missing_ok=True)


def _make_folders(folder: Path) -> None:
    """Make a folder and those above it, each fsynced into its parent."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        with suppress(FileExistsError):
            made.mkdir(mode=0o700)
        _sync_folder(made.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
