"""The process that has judging a PDF loaded and forks for each file: `python -m diwan.documents.checker DESCRIPTOR`.

Loading takes longer than judging; so it is done once. Over the socket that the web process gave come small JSON orders
with two descriptors: the file, and where the answer goes. Each file is judged by a process of its own that is confined
before it reads the first byte (see `confinement`). Neither Django nor the database nor any secret is here. It ends with
the web process, or when nobody asked for a while.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Final

from diwan.documents import confinement, validation

IDLE_SECONDS: Final = 900.0
READY: Final = b"ready"
ORDER_BYTES: Final = 4096


def main() -> None:
    """Load, say so, fork for each order."""
    logging.disable(logging.CRITICAL)
    confinement.first_to_go()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door = socket.socket(fileno=int(sys.argv[1]))
    validation.load()
    gc.freeze()
    door.send(READY)
    door.settimeout(IDLE_SECONDS)
    while True:
        try:
            order, descriptors, _, _ = socket.recv_fds(door, ORDER_BYTES, 2)
        except TimeoutError:
            return
        if not order:
            return
        if os.fork() == 0:
            _answer_and_end(door, json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _answer_and_end(door: socket.socket, order: dict[str, Any], given: int, wanted: int) -> None:
    """The life of the process of one file."""
    try:
        door.close()
        gc.disable()  # the process ends with the file, its memory is bounded
        confinement.confine(confinement.Limits(seconds=order["seconds"], memory=order["memory"]))
        roots = Path(order["roots"])
        answer = validation.judge(
            os.pread(given, os.fstat(given).st_size, 0),
            roots=roots.read_bytes() if roots.exists() else b"",
            status_lists=[path.read_bytes() for path in sorted(roots.parent.glob("*.crl"))],
        )
        text = json.dumps(answer).encode()
        while text:
            text = text[os.write(wanted, text) :]
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
