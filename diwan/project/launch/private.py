"""Private files and short private directories of an installation."""

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Final

PREFIX: Final = "dw-"
LONGEST_PARENT: Final = 70


class NoShortFolderError(Exception):
    """No writable directory with a path short enough for a socket."""


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, complete or not at all."""
    making = path.with_name(path.name + ".making")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    making.replace(path)


def short_folder(record: Path) -> Path:
    """A 0700 directory with a short path (a socket's path may hold 107 bytes), remembered in the file `record`.

    The remembered one is used again when it is still there, ours and private, so that addresses stay valid when a
    process is started anew.
    """
    with contextlib.suppress(OSError):
        known = Path(record.read_text().strip())
        facts = known.lstat()
        private = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077
        if known.name.startswith(PREFIX) and private:
            return known
    for parent in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp", "/dev/shm"):
        if parent and len(os.fsencode(parent)) <= LONGEST_PARENT and os.access(parent, os.W_OK | os.X_OK):
            made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            write(record, str(made))
            return made
    raise NoShortFolderError("No writable directory with a short path for sockets; set TMPDIR to one.")


def forget_short_folder(record: Path) -> None:
    """Remove the remembered directory and the memory of it."""
    with contextlib.suppress(OSError):
        known = Path(record.read_text().strip())
        if known.name.startswith(PREFIX) and known.lstat().st_uid == os.geteuid():
            shutil.rmtree(known, ignore_errors=True)
        record.unlink()
