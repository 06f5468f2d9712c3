"""Starting, recognising and ending processes that are ours. Nothing is ever found by its name."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

PR_SET_PDEATHSIG: Final = 1
GONE_SECONDS: Final = 3.0
_LIBC = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    """In the child, before its program: ask for SIGTERM when the launcher dies, however it dies."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def start(
    words: Sequence[str], *, env: Mapping[str, str], cwd: Path, output: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; it gets SIGTERM when this process dies."""
    return subprocess.Popen(
        list(words),
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )


def born(pid: int) -> int | None:
    """When a process started, in clock ticks since boot: with the pid it names a process for good. None: it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return None if fields[0] == "Z" else int(fields[19])


def is_same(pid: int, start_ticks: int) -> bool:
    """Whether the process that was recorded with these figures still lives."""
    return born(pid) == start_ticks


def signal_group(pid: int, number: int) -> None:
    """Send a signal to the process group that a process of ours leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def end_group(pid: int, *, patience: float) -> None:
    """SIGTERM to a group, SIGKILL to what is left of it after `patience` seconds."""
    signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and group_lives(pid):
        time.sleep(0.05)
    signal_group(pid, signal.SIGKILL)
    # What it held (a port, a lock) is free only when it is gone.
    gone_by = time.monotonic() + GONE_SECONDS
    while time.monotonic() < gone_by and group_lives(pid):
        time.sleep(0.02)


def outlived(pid: int) -> bool:
    """Whether the leader of a group is gone and others of the group are not: workers that still finish their requests.

    The kernel gives no new process a number that a group still bears, so these are the leader's.
    """
    return born(pid) is None and group_lives(pid)


def group_lives(pid: int) -> bool:
    """Whether any process is left in a group."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
