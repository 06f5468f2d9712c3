"""Deadlines that carry their unit: due moments, escalation moments, and an exact stop and resumption.

Citizens are given elapsed time or working days; working time is for staff. While a clock is stopped only the unit and
the amount that is left are kept; resuming turns them into a due moment again, by the calendar of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from diwan.kit.calendars import (
    WorkingCalendar,
    add_elapsed,
    add_working_days,
    add_working_time,
    day_length,
    next_working_day,
    opening,
    working_days_between,
    working_time_between,
)
from diwan.kit.clock import local


class Unit(StrEnum):
    """What a deadline counts: seconds day and night, working days, or seconds of working time."""

    ELAPSED = "elapsed"
    WORKING_DAYS = "working_days"
    WORKING_TIME = "working_time"


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of one unit: seconds for elapsed and working time, days for working days; below zero when overdue."""

    unit: Unit
    amount: int


def hours(count: int) -> Term:
    """A term of elapsed hours."""
    return Term(Unit.ELAPSED, count * 3600)


def working_days(count: int) -> Term:
    """A term of working days; 0 is by the end of the day."""
    return Term(Unit.WORKING_DAYS, count)


def working_hours(count: int) -> Term:
    """A term of working hours, for staff."""
    return Term(Unit.WORKING_TIME, count * 3600)


def due(start: datetime, term: Term, calendar: WorkingCalendar) -> datetime:
    """When a term that starts (or resumes) at a moment ends.

    An overdue term (amount below zero) of working time is put before the start by elapsed seconds, since work that was
    not done has no place on the calendar; what counts is that it stays overdue.
    """
    if term.unit is Unit.WORKING_DAYS:
        return add_working_days(start, term.amount, calendar)
    amount = timedelta(seconds=term.amount)
    if term.unit is Unit.ELAPSED or term.amount < 0:
        return add_elapsed(start, amount)
    return add_working_time(start, amount, calendar)


def remaining(at: datetime, due_at: datetime, unit: Unit, calendar: WorkingCalendar) -> Term:
    """What is left of a term at a moment, to be kept while its clock is stopped; negative when overdue.

    In working days the day of the moment isn't counted, so stopping and resuming on one day changes nothing, and a stop
    on the due day itself leaves 0: the day of resumption. Seconds are rounded up: nobody loses time by a stop.
    """
    if unit is Unit.WORKING_DAYS:
        return Term(unit, working_days_between(local(at).date(), _day_of(due_at), calendar))
    if unit is Unit.ELAPSED or due_at < at:
        left = due_at - at
    else:
        left = working_time_between(at, due_at, calendar)
    return Term(unit, -(-left // timedelta(seconds=1)))


def moment_at(start: datetime, term: Term, percent: int, calendar: WorkingCalendar) -> datetime:
    """When so many percent of a term have passed (75 and 100 warn, 150 and 200 escalate).

    A part of a working day is that part of the day's working time.
    """
    if term.unit is not Unit.WORKING_DAYS:
        return due(start, Term(term.unit, term.amount * percent // 100), calendar)
    whole, part = divmod(term.amount * percent, 100)
    if part == 0:
        return add_working_days(start, whole, calendar)
    day = _day_of(add_working_days(start, whole, calendar)) if whole else local(start).date()
    day = next_working_day(day, calendar)
    return add_working_time(opening(day, calendar), day_length(day, calendar) * part // 100, calendar)


def _day_of(due_at: datetime) -> date:
    """The day that a due moment closes; midnight belongs to the day before."""
    return local(due_at - timedelta(microseconds=1)).date()
