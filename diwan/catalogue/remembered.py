"""Answers kept in the process for a short while: lookups and calendars change by the day, pages ask by the second."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

KEEP_SECONDS: Final = 30.0
MOST: Final = 256
_kept: dict[Hashable, tuple[float, Any]] = {}
T = TypeVar("T")


def remembered(key: Hashable, find: Callable[[], T]) -> T:
    """The answer of `find`, at most `KEEP_SECONDS` old."""
    now = time.monotonic()
    kept = _kept.get(key)
    if kept is not None and kept[0] > now:
        found: T = kept[1]
        return found
    made = find()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (now + KEEP_SECONDS, made)
    return made


def forget() -> None:
    """Forget everything (after a change made by this process; in tests)."""
    _kept.clear()
