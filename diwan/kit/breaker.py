"""A circuit breaker: after several failures in a row an outside system is left alone for a while, then tried once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Breaker:
    """Counts failures of one outside system in this process. Safe for threads.

    Closed: every call may go. After `limit` failures in a row it opens for `pause` seconds: no call may go. Then one
    call may try; its success closes the circuit, its failure opens it again.
    """

    limit: int = 5
    pause: float = 20.0
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _open_until: float = 0.0
    _trying: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        """Whether a call may go now. Whoever gets True must report `succeeded`, `failed` or `untried`."""
        with self._lock:
            if self._failures < self.limit:
                return True
            if self._trying or self.clock() < self._open_until:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        """The system answered, whatever it said."""
        with self._lock:
            self._failures, self._trying = 0, False

    def failed(self) -> None:
        """The system did not answer."""
        with self._lock:
            self._failures += 1
            self._trying = False
            if self._failures >= self.limit:
                self._open_until = self.clock() + self.pause

    def untried(self) -> None:
        """The call that might have gone was not made."""
        with self._lock:
            self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether calls are held back now."""
        return self._failures >= self.limit and self.clock() < self._open_until
