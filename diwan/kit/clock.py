"""The one clock. Everything that asks for the time asks here, so demonstrations and tests can move it.

Times are aware and in UTC; days and deadlines are those of Asia/Riyadh (UTC+3, no summer time).
Signatures and the audit log use `real_now`, which nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RIYADH = ZoneInfo("Asia/Riyadh")


@dataclass(frozen=True, slots=True)
class _Moved:
    """Either a fixed moment (`at`) or a distance from real time (`offset`)."""

    at: datetime | None = None
    offset: timedelta = timedelta()


_process = _Moved()
_here: ContextVar[_Moved | None] = ContextVar("diwan_clock", default=None)


def real_now() -> datetime:
    """The machine's time in UTC, never moved."""
    return datetime.now(UTC)


def now() -> datetime:
    """The product's time in UTC: the machine's time unless a demonstration or a test moved it."""
    moved = _here.get() or _process
    return moved.at if moved.at is not None else real_now() + moved.offset


def local(moment: datetime) -> datetime:
    """The same moment on a wall clock in Riyadh. A naive moment is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(RIYADH)


def today() -> date:
    """The date in Riyadh now."""
    return local(now()).date()


def start_of_day(day: date) -> datetime:
    """Midnight in Riyadh at the start of that day, in UTC."""
    return datetime.combine(day, time(), RIYADH).astimezone(UTC)


def offset() -> timedelta:
    """How far the whole process's clock is moved from the machine's."""
    return _process.offset


def set_offset(distance: timedelta) -> None:
    """Move the clock of the whole process, all threads; zero puts it back. Demonstration and test profiles only."""
    global _process
    _process = _Moved(offset=distance)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock at a moment within the block, for this thread or task only."""
    moment = _aware(at)
    token = _here.set(_Moved(at=moment))
    try:
        yield moment
    finally:
        _here.reset(token)


@contextmanager
def moved(to: datetime) -> Iterator[None]:
    """Within the block the clock starts at `to` and runs on, for this thread or task only."""
    token = _here.set(_Moved(offset=_aware(to) - real_now()))
    try:
        yield
    finally:
        _here.reset(token)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
