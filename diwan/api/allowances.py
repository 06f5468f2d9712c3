"""How often one may ask: counted for each token and each address, for all processes together, by few statements.

A process takes an allowance of several requests from the common window at once and spends it by itself; a statement is
needed only for the next allowance. Paths that are measured are counted by each process alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from time import monotonic
from typing import Final

from diwan.kit.errors import N_
from diwan.people.actions import count_attempt
from diwan.rest.refusals import Refused

WINDOW: Final = timedelta(minutes=1)
SHARE: Final = 20
"""An allowance is this part of the limit."""
_MOST_KEPT: Final = 10_000


@dataclass(slots=True)
class _Held:
    """What a process may still spend under a key, until when; `left` 0 and `refused`: nothing before then."""

    left: int
    until: float
    refused: bool = False


_held: dict[str, _Held] = {}


def spend(key: str, *, limit: int, shared: bool = True) -> None:
    """Spend one request of `limit` a minute under the key. Raises Refused (429) with Retry-After.

    Called outside of any transaction: a new allowance is committed at once.
    """
    now = monotonic()
    held = _held.get(key)
    if held is None or held.until <= now or (held.left <= 0 and not held.refused):
        held = _more(key, limit, now, held) if shared else _alone(limit, now, held)
        if len(_held) >= _MOST_KEPT:
            _held.clear()
        _held[key] = held
    if held.left <= 0:
        raise too_often(held.until - now)
    held.left -= 1


def _more(key: str, limit: int, now: float, held: _Held | None) -> _Held:
    """The next allowance from the window that all processes share."""
    part = max(1, limit // SHARE)
    attempt = count_attempt(key=f"api:{key}", limit=limit, window=WINDOW, amount=part)
    if not attempt.allowed:
        return _Held(0, now + attempt.retry_after, refused=True)
    return _Held(part, now + attempt.retry_after)


def _alone(limit: int, now: float, held: _Held | None) -> _Held:
    if held is not None and held.until > now:
        return _Held(0, held.until, refused=True)
    return _Held(limit, now + WINDOW.total_seconds())


def forget() -> None:
    """Forget what this process holds (in tests)."""
    _held.clear()


def too_often(seconds: float) -> Refused:
    """The refusal of who asks too often."""
    wait = max(1, ceil(seconds))
    return Refused(
        429,
        "too_many",
        N_("Too many requests. Try again in {seconds} seconds."),
        {"Retry-After": str(wait)},
        seconds=wait,
    )
