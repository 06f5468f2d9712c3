"""What a process that reads a stranger's file may still do: little, for a short time, and nothing with the network.

Three walls, each of the kernel: resource limits, an alarm that ends the process, and a filter of system calls that
refuses sockets, other programs, other processes and changes of the file system. Where the kernel offers no filter,
Python's own audit hook still refuses them.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import resource
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NO_NEW_PRIVILEGES: Final = 38
_SET_FILTER: Final = 22
_FILTER_MODE: Final = 2
_ALLOW: Final = 0x7FFF0000
_DENY: Final = 0x00050000 | 1  # EPERM
_KILL: Final = 0x80000000
_X32: Final = 0x40000000

#: Per machine: number of the architecture, and the system calls that are refused. socket, connect, accept, sendto,
#: sendmsg, bind, listen, accept4, sendmmsg; clone, clone3, fork, vfork, execve, execveat; kill, tkill, tgkill, ptrace,
#: process_vm_writev, pidfd_send_signal; rename*, unlink*, rmdir, link*, symlink*, chmod*, chown*; io_uring_*.
_MACHINES: Final[dict[str, tuple[int, tuple[int, ...]]]] = {
    "x86_64": (0xC000003E, (
        41, 42, 43, 44, 46, 49, 50, 288, 307, 56, 435, 57, 58, 59, 322, 62, 200, 234, 101, 311, 424,
        82, 264, 316, 87, 263, 84, 86, 265, 88, 266, 90, 91, 268, 92, 93, 94, 260, 425, 426, 427,
    )),
    "aarch64": (0xC00000B7, (
        198, 203, 202, 206, 211, 200, 201, 242, 269, 220, 435, 221, 281, 129, 130, 131, 117, 271, 424,
        38, 276, 35, 37, 36, 52, 53, 54, 55, 425, 426, 427,
    )),
}  # fmt: skip
_REFUSED_EVENTS: Final = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg",
                          "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.remove",
                          "os.rename", "shutil.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock (the processor's time is bounded by the next whole second) and bytes of address space."""

    seconds: float
    memory: int


def confine(limits: Limits) -> None:
    """Put the calling process behind the walls, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    whole = math.ceil(limits.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    filter_system_calls()
    sys.addaudithook(_refuse)


def first_to_go() -> None:
    """When memory of the machine runs out, this process and its children are ended before any other."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def filter_system_calls() -> bool:
    """Have the kernel refuse what reading needs not; whether it does."""
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    program = _program(*known)
    lines = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(lines))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(kernel.prctl(_SET_FILTER, _FILTER_MODE, described, 0, 0) == 0)


def _program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """The filter: another architecture ends the process, a refused call fails with EPERM, all else passes."""
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    lines = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (give, 0, 0, _KILL),
        (load, 0, 0, 0),
        (at_least, len(refused) + 1, 0, _X32),
        *((equal, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        (give, 0, 0, _ALLOW),
        (give, 0, 0, _DENY),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(os.strerror(1), event)
