"""What a line of the log, a row of a job and a call to an outside system say of the request that caused them.

Carried by the context of the thread: a request id follows a case from the request through the rows that wait for the
worker, and from each of them through the worker's act to the systems outside. Never a personal value.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final

LONGEST: Final = 64
_SHAPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")


@dataclass(frozen=True, slots=True)
class Trace:
    """The request, the capacity in which somebody acts (`position:7`), and the key of the case; empty: not known."""

    request_id: str = ""
    capacity: str = ""
    case: str = ""


_NOTHING: Final = Trace()
_trace: ContextVar[Trace] = ContextVar("trace", default=_NOTHING)


def current() -> Trace:
    """What is known in this context."""
    return _trace.get()


def request_id() -> str:
    """The id of the request that this context serves, or the empty text."""
    return _trace.get().request_id


def fresh_id() -> str:
    """A new id: 16 hexadecimal characters."""
    return secrets.token_hex(8)


def accepted(raw: str) -> str:
    """An id that somebody sent, if it has the shape of one (8 to 64 letters, digits and `._:-`); else a new one."""
    return raw if _SHAPE.fullmatch(raw) else fresh_id()


def note(*, capacity: str = "", case: object = "") -> None:
    """Add what became known: from now on lines of the log say it too. Outside of any request nothing is kept."""
    now = _trace.get()
    if not now.request_id:
        return
    _trace.set(replace(now, capacity=capacity or now.capacity, case=str(case) if case else now.case))


@contextmanager
def following(request_id: str, *, capacity: str = "", case: object = "") -> Iterator[None]:
    """Serve a request, or a row that a request has left, for the length of the block; an empty id gets a new one."""
    token = _trace.set(Trace(request_id or fresh_id(), capacity, str(case) if case else ""))
    try:
        yield
    finally:
        _trace.reset(token)
