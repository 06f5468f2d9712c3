"""Hijri dates of the Umm al-Qura civil calendar, from the tables of the hijridate package (1343-1500 AH).

Stored dates are Gregorian; Hijri is read and shown. Month lengths are table driven: nothing here adds 354 days.
Outside the tables `to_hijri` returns None and only the Gregorian date is shown.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from hijridate import Gregorian, Hijri

from diwan.kit.digits import to_ascii
from diwan.kit.errors import N_, InvalidValue, plural_message

Calendar = Literal["hijri", "gregorian"]

FIRST_DAY, LAST_DAY = date(1924, 8, 1), date(2077, 11, 16)
FIRST_YEAR, LAST_YEAR = 1343, 1500
RAMADAN = 9


class HijriDate(NamedTuple):
    """A Hijri date as three numbers."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.year:04d}/{self.month:02d}/{self.day:02d}"


class ReadDate(NamedTuple):
    """A date that a person typed: the Gregorian day to store, and the calendar it was typed in."""

    day: date
    entered: Calendar


_DAYS_IN_MONTH = plural_message(
    "This month has {days} day.",
    "This month has {days} days. Enter a day from 1 to {days}.",
    count="days",
)
_NO_YEAR = N_("A Hijri year is from 1343 to 1500.")
_NOT_A_DATE = N_("This is not a date. Enter year, month and day, for example 1448/06/11 or 2026/11/21.")


def to_hijri(day: date) -> HijriDate | None:
    """The Hijri date of a Gregorian day, or None outside 1 Aug 1924 - 16 Nov 2077."""
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    return HijriDate(*Gregorian(day.year, day.month, day.day).to_hijri().datetuple())


def month_length(year: int, month: int) -> int:
    """The length of a Hijri month: 29 or 30 days; eight months before 1365, as they were kept then, have 28 or 31."""
    _check_month(year, month)
    return Hijri(year, month, 1).month_length()


def from_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Hijri date; InvalidValue says which part is wrong and how long the month is."""
    length = month_length(year, month)
    if not 1 <= day <= length:
        raise InvalidValue("hijri.day", _DAYS_IN_MONTH, days=length)
    return date(*Hijri(year, month, day).to_gregorian().datetuple())


def from_gregorian(year: int, month: int, day: int) -> date:
    """The day of a Gregorian date, refused with the same exact reasons as a Hijri one."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue("hijri.is_hijri", N_("This is a Hijri year. Choose the Hijri calendar."))
    if not 1800 <= year <= 2200:
        raise InvalidValue("hijri.gregorian_year", N_("A Gregorian year has four digits, for example 2026."))
    if not 1 <= month <= 12:
        raise InvalidValue("hijri.month", N_("A month is a number from 1 to 12."))
    following = date(year + month // 12, month % 12 + 1, 1)
    length = (following - date(year, month, 1)).days
    if not 1 <= day <= length:
        raise InvalidValue("hijri.day", _DAYS_IN_MONTH, days=length)
    return date(year, month, day)


def is_ramadan(day: date) -> bool:
    """Whether the day lies in Ramadan; False outside the tables."""
    hijri = to_hijri(day)
    return hijri is not None and hijri.month == RAMADAN


def add_years(day: date, years: int, *, calendar: Calendar = "gregorian") -> date:
    """The same day and month years later (or earlier); the last day of the month where it is shorter.

    A licence of one Hijri year that starts 30 Ramadan ends by a year of 29 days' Ramadan on the 29th.
    """
    if calendar == "gregorian":
        try:
            return day.replace(year=day.year + years)
        except ValueError:
            return day.replace(year=day.year + years, day=28)
    hijri = to_hijri(day)
    if hijri is None:
        raise InvalidValue("hijri.year", _NO_YEAR)
    year = hijri.year + years
    return from_hijri(year, hijri.month, min(hijri.day, month_length(year, hijri.month)))


def parse_date_parts(*, year: str, month: str, day: str, calendar: Calendar) -> date:
    """Read three typed parts in a calendar; digits of any kind."""
    parts = [to_ascii(part).strip() for part in (year, month, day)]
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts):
        raise InvalidValue("hijri.not_a_date", _NOT_A_DATE)
    reader = from_hijri if calendar == "hijri" else from_gregorian
    return reader(*(int(part) for part in parts))


def parse_date(text: str) -> ReadDate:
    """Read `1448/06/11`, `11-6-1448`, `2026/11/21` or `21.11.2026`; the four-digit year tells the calendar."""
    typed = re.sub("[\u200e\u200f\u061c\u2066-\u2069]|هـ|ه|م", "", to_ascii(text)).strip()
    parts = re.split(r"\s*[/\-.\s\u2013]\s*", typed)
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    if len(parts) != 3 or not re.fullmatch(r"\d{4}", parts[0], re.ASCII):
        raise InvalidValue("hijri.not_a_date", _NOT_A_DATE)
    calendar: Calendar = "hijri" if parts[0] < "1600" else "gregorian"
    return ReadDate(
        parse_date_parts(year=parts[0], month=parts[1], day=parts[2], calendar=calendar), calendar
    )


def _check_month(year: int, month: int) -> None:
    if 1800 <= year <= 2200:
        raise InvalidValue(
            "hijri.is_gregorian", N_("This is a Gregorian year. Choose the Gregorian calendar.")
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue("hijri.year", _NO_YEAR)
    if not 1 <= month <= 12:
        raise InvalidValue("hijri.month", N_("A month is a number from 1 to 12."))
