"""Working calendars as plain data, and arithmetic on working days and working time.

A day's hours: special hours of that date, else none on holidays and weekends, else Ramadan's, else the weekday's, as
they hold on that date. The weekend goes by date (Thursday-Friday until 28 June 2013, Friday-Saturday since). Wall times
are those of Riyadh; moments come back in UTC. A calendar in force is never edited in place: what is closed is not
counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from diwan.kit.clock import RIYADH, local
from diwan.kit.hijri import is_ramadan

MINUTES_A_DAY = 24 * 60
#: Days searched for the next working time before a calendar is declared to have none.
_HORIZON = 1000
_DAY = timedelta(days=1)

#: Working spans of a day: (from, to) in minutes after midnight, ascending, `to` up to 1440 and not included.
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Weekend:
    """The weekdays (Monday 0 ... Sunday 6) without work from a date on, until the next rule."""

    since: date
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without work, both ends included."""

    first: date
    last: date
    name_ar: str
    name_en: str


@dataclass(frozen=True, slots=True)
class SpecialHours:
    """Other hours on some dates, both ends included; they win over weekends and holidays (Hajj season in Makkah)."""

    first: date
    last: date
    spans: Spans


@dataclass(frozen=True, slots=True)
class Week:
    """Other hours from a date on, until the next such rule: seven days, Monday first, as in `WorkingCalendar`."""

    since: date
    hours: tuple[Spans, ...]
    ramadan_hours: tuple[Spans, ...] | None


#: The Kingdom's weekends: since 29 June 2013 Friday and Saturday, before it Thursday and Friday.
SAUDI_WEEKENDS = (
    Weekend(since=date.min, days=frozenset({3, 4})),
    Weekend(since=date(2013, 6, 29), days=frozenset({4, 5})),
)
#: Default office hours, 07:30-14:30 and 10:00-15:00 in Ramadan; an organisation sets its own.
OFFICE_DAY: Spans = ((450, 870),)
RAMADAN_DAY: Spans = ((600, 900),)


def _ordinals(first: date, last: date) -> range:
    return range(first.toordinal(), last.toordinal() + 1)


def _check_spans(spans: Spans) -> None:
    before = 0
    for start, end in spans:
        if not before <= start < end <= MINUTES_A_DAY:
            raise ValueError(f"working spans must ascend within the day: {spans}")
        before = end


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works. `hours` and `ramadan_hours` hold seven days, Monday first; weekends and holidays need no
    empty day there; `changes` replace both from a date on. `always` is an operations room: every minute of every
    day."""

    hours: tuple[Spans, ...] = (OFFICE_DAY,) * 7
    ramadan_hours: tuple[Spans, ...] | None = (RAMADAN_DAY,) * 7
    weekends: tuple[Weekend, ...] = SAUDI_WEEKENDS
    holidays: tuple[Holiday, ...] = ()
    special: tuple[SpecialHours, ...] = ()
    always: bool = False
    changes: tuple[Week, ...] = ()
    _closed: dict[int, Holiday] = field(init=False, repr=False, compare=False)
    _special: dict[int, Spans] = field(init=False, repr=False, compare=False)
    _known: dict[int, Spans] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed = {
            ordinal: holiday
            for holiday in self.holidays
            for ordinal in _ordinals(holiday.first, holiday.last)
        }
        special = {
            ordinal: rule.spans for rule in self.special for ordinal in _ordinals(rule.first, rule.last)
        }
        rules: tuple[WorkingCalendar | Week, ...] = (self, *self.changes)
        weeks = [week for rule in rules for week in (rule.hours, rule.ramadan_hours) if week is not None]
        for week in weeks:
            if len(week) != 7:
                raise ValueError("hours need seven days, Monday first")
        for spans in (*(spans for week in weeks for spans in week), *special.values()):
            _check_spans(spans)
        object.__setattr__(self, "_closed", closed)
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_known", {})


STANDARD = WorkingCalendar()
ALWAYS = WorkingCalendar(always=True)


def spans_of(day: date, calendar: WorkingCalendar) -> Spans:
    """The working spans of a date in minutes after midnight in Riyadh; empty when nobody works."""
    if calendar.always:
        return ((0, MINUTES_A_DAY),)
    ordinal = day.toordinal()
    known = calendar._known.get(ordinal)
    if known is None:
        known = calendar._known[ordinal] = _spans_of(day, calendar)
    return known


def _spans_of(day: date, calendar: WorkingCalendar) -> Spans:
    ordinal = day.toordinal()
    if ordinal in calendar._special:
        return calendar._special[ordinal]
    if ordinal in calendar._closed or day.weekday() in weekend_on(day, calendar):
        return ()
    rule = rule_on(day, calendar)
    if rule.ramadan_hours is not None and is_ramadan(day):
        return rule.ramadan_hours[day.weekday()]
    return rule.hours[day.weekday()]


def rule_on(day: date, calendar: WorkingCalendar) -> WorkingCalendar | Week:
    """What holds the hours of that date: the calendar itself, or the last change of its hours up to then."""
    return next((week for week in reversed(calendar.changes) if week.since <= day), calendar)


def weekend_on(day: date, calendar: WorkingCalendar) -> frozenset[int]:
    """The weekdays without work as they hold on that date (Monday 0)."""
    return next((rule.days for rule in reversed(calendar.weekends) if rule.since <= day), frozenset())


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether anybody works on that date."""
    return bool(spans_of(day, calendar))


def holiday_on(day: date, calendar: WorkingCalendar) -> Holiday | None:
    """The holiday of that date, for explanations; None when it is none."""
    return calendar._closed.get(day.toordinal())


def is_open(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the office works at that moment."""
    return any(start <= moment < end for start, end in _moments(local(moment).date(), calendar))


def opening(day: date, calendar: WorkingCalendar) -> datetime:
    """The first working moment of a working day."""
    return _at(day, spans_of(day, calendar)[0][0])


def closing(day: date, calendar: WorkingCalendar) -> datetime:
    """The end of work on a working day."""
    return _at(day, spans_of(day, calendar)[-1][1])


def day_length(day: date, calendar: WorkingCalendar) -> timedelta:
    """The working time of a date."""
    return timedelta(minutes=sum(end - start for start, end in spans_of(day, calendar)))


def next_open(moment: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment itself when the office works, else the next opening."""
    for start, end in _from(moment, calendar):
        if moment < end:
            return max(start, moment).astimezone(UTC)
    raise AssertionError("unreachable")


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """The first working day after that date."""
    return _step(day, 1, calendar)


def add_elapsed(start: datetime, amount: timedelta) -> datetime:
    """So much time later, day and night."""
    return (start + amount).astimezone(UTC)


def add_working_time(start: datetime, amount: timedelta, calendar: WorkingCalendar) -> datetime:
    """The earliest moment by which so much working time has passed; zero is the start itself."""
    if amount < timedelta():
        raise ValueError("working time is added, not taken")
    if not amount:
        return start.astimezone(UTC)
    for opened, closed in _from(start, calendar):
        begin = max(opened, start)
        if begin >= closed:
            continue
        if amount <= closed - begin:
            return (begin + amount).astimezone(UTC)
        amount -= closed - begin
    raise AssertionError("unreachable")


def add_working_hours(start: datetime, hours: int, calendar: WorkingCalendar) -> datetime:
    """So many working hours later; for staff, a citizen is given working days or elapsed time."""
    return add_working_time(start, timedelta(hours=hours), calendar)


def add_working_days(start: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The end of work on the n-th working day after the day of `start`, which itself isn't counted.

    Zero is the end of work of that day, or of the next working day when it is none. Below zero counts back to the day
    from which `working_days_between` gives the same number.
    """
    day = local(start).date()
    if days <= 0 and not is_working_day(day, calendar):
        days = days - 1 if days else 1
    for _ in range(abs(days)):
        day = _step(day, 1 if days > 0 else -1, calendar)
    return closing(day, calendar)


def working_days_between(first: date, last: date, calendar: WorkingCalendar) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is before `first`."""
    if last < first:
        return -working_days_between(last, first, calendar)
    if calendar.always:
        return (last - first).days
    return sum(is_working_day(date.fromordinal(n), calendar) for n in _ordinals(first + _DAY, last))


def working_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """How much working time lies between two moments; negative when `end` is before `start`."""
    if end < start:
        return -working_time_between(end, start, calendar)
    if calendar.always:
        return end - start
    total = timedelta()
    for ordinal in _ordinals(local(start).date(), local(end).date()):
        for opened, closed in _moments(date.fromordinal(ordinal), calendar):
            total += max(timedelta(), min(closed, end) - max(opened, start))
    return total


def _step(day: date, by: int, calendar: WorkingCalendar) -> date:
    for _ in range(_HORIZON):
        day += by * _DAY
        if spans_of(day, calendar):
            return day
    raise ValueError("the calendar has no working day within reach")


def _from(moment: datetime, calendar: WorkingCalendar) -> Iterator[tuple[datetime, datetime]]:
    """All spans as moments, endlessly, from the day of a moment on."""
    day = local(moment).date()
    yield from _moments(day, calendar)
    while True:
        day = _step(day, 1, calendar)
        yield from _moments(day, calendar)


def _moments(day: date, calendar: WorkingCalendar) -> list[tuple[datetime, datetime]]:
    return [(_at(day, start), _at(day, end)) for start, end in spans_of(day, calendar)]


def _at(day: date, minute: int) -> datetime:
    return (datetime.combine(day, time(), RIYADH) + timedelta(minutes=minute)).astimezone(UTC)
