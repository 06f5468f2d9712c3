"""What the person at the terminal sees while an installation is prepared: one line a phase, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

WIDTH: Final = 46


class PhaseError(Exception):
    """A phase failed; the message says what to look at."""


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


@contextmanager
def phase(title: str) -> Iterator[None]:
    """Print the title, then how long the block took; on failure print that it failed."""
    sys.stdout.write(f"  {title} {'.' * max(3, WIDTH - len(title))} ")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - began:5.1f} s")
