"""Calendars from plain data (YAML, JSON) and back, and the usual holidays as a starting point to edit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from diwan.kit.calendars import (
    MINUTES_A_DAY,
    OFFICE_DAY,
    RAMADAN_DAY,
    SAUDI_WEEKENDS,
    Holiday,
    Spans,
    SpecialHours,
    Week,
    Weekend,
    WorkingCalendar,
)
from diwan.kit.hijri import from_hijri, to_hijri

#: Names of weekdays in data, Monday first.
DAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = frozenset({"always", "hours", "ramadan_hours", "weekends", "changes", "holidays", "special"})
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def calendar_from(data: Mapping[str, Any]) -> WorkingCalendar:
    """Make a calendar of data; what is left out is the Kingdom's default.

    Shape: `always` (bool); `hours`, `ramadan_hours` (map of day code or "default" to list of "07:30-14:30"; null for no
    Ramadan hours; a shift "22:00-06:00" ends on the next day, and what lies after midnight goes by that day's weekend
    and holiday); `weekends` (list of {since, days}); `changes` (list of {since, hours, ramadan_hours}: other hours from
    a day on); `holidays` (list of {first, last, ar, en}); `special` (list of {first, last, hours}). Dates are ISO text
    or dates. Unknown keys are refused.
    """
    unknown = set(data) - _KEYS
    if unknown:
        raise ValueError(f"unknown key in calendar: {sorted(unknown)[0]}")
    hours, ramadan = _weeks(data)
    return WorkingCalendar(
        hours=hours,
        ramadan_hours=ramadan,
        weekends=_weekends(data["weekends"]) if "weekends" in data else SAUDI_WEEKENDS,
        holidays=tuple(
            Holiday(_date(row["first"]), _date(row["last"]), row["ar"], row["en"])
            for row in data.get("holidays", ())
        ),
        special=tuple(
            SpecialHours(_date(row["first"]), _date(row["last"]), _spans(row["hours"]))
            for row in data.get("special", ())
        ),
        always=bool(data.get("always", False)),
        changes=tuple(
            sorted(
                (Week(_date(row["since"]), *_weeks(row)) for row in data.get("changes", ())),
                key=lambda week: week.since,
            )
        ),
    )


def calendar_to(calendar: WorkingCalendar) -> dict[str, Any]:
    """The data of a calendar, as `calendar_from` reads it; only text, lists and maps, fit for JSON."""
    return {
        "always": calendar.always,
        **_weeks_text(calendar),
        "changes": [{"since": week.since.isoformat(), **_weeks_text(week)} for week in calendar.changes],
        "weekends": [
            {"since": rule.since.isoformat(), "days": [DAY_CODES[n] for n in sorted(rule.days)]}
            for rule in calendar.weekends
        ],
        "holidays": [
            {
                "first": row.first.isoformat(),
                "last": row.last.isoformat(),
                "ar": row.name_ar,
                "en": row.name_en,
            }
            for row in calendar.holidays
        ],
        "special": [
            {"first": row.first.isoformat(), "last": row.last.isoformat(), "hours": _span_texts(row.spans)}
            for row in calendar.special
        ],
    }


def usual_holidays(year: int) -> tuple[Holiday, ...]:
    """Holidays that begin in a Gregorian year, as government bodies usually have them: a seed to edit, not the law.

    Founding Day 22 February (since 2022) and National Day 23 September (since 2005), moved to Thursday when on a Friday
    and to Sunday when on a Saturday; Eid al-Fitr 24 Ramadan - 6 Shawwal, Eid al-Adha 5 - 15 Dhu al-Hijjah. Eid leave
    is announced each year.
    """
    found: list[Holiday] = []
    if year >= 2022:
        found.append(_one_day(date(year, 2, 22), "يوم التأسيس", "Founding Day"))
    if year >= 2005:
        found.append(_one_day(date(year, 9, 23), "اليوم الوطني", "National Day"))
    for first, last, name_ar, name_en in (
        ((9, 24), (10, 6), "إجازة عيد الفطر", "Eid al-Fitr holiday"),
        ((12, 5), (12, 15), "إجازة عيد الأضحى", "Eid al-Adha holiday"),
    ):
        for hijri_year in _hijri_years(year):
            begin = from_hijri(hijri_year, *first)
            if begin.year == year:
                found.append(Holiday(begin, from_hijri(hijri_year, *last), name_ar, name_en))
    return tuple(sorted(found, key=lambda holiday: holiday.first))


def _one_day(day: date, name_ar: str, name_en: str) -> Holiday:
    moved = day + timedelta(days={4: -1, 5: 1}.get(day.weekday(), 0))
    return Holiday(moved, moved, name_ar, name_en)


def _hijri_years(year: int) -> range:
    first, last = to_hijri(date(year, 1, 1)), to_hijri(date(year, 12, 31))
    return range(first.year, last.year + 1) if first and last else range(0)


def _weekends(rows: Sequence[Mapping[str, Any]]) -> tuple[Weekend, ...]:
    rules = (
        Weekend(_date(row["since"]), frozenset(DAY_CODES.index(code) for code in row["days"])) for row in rows
    )
    return tuple(sorted(rules, key=lambda rule: rule.since))


def _weeks(data: Mapping[str, Any]) -> tuple[tuple[Spans, ...], tuple[Spans, ...] | None]:
    """Hours and Ramadan hours of a calendar, or of a change of its hours."""
    ramadan = data.get("ramadan_hours", {})
    return (
        _week(data.get("hours", {}), OFFICE_DAY),
        None if ramadan is None else _week(ramadan, RAMADAN_DAY),
    )


def _weeks_text(rule: WorkingCalendar | Week) -> dict[str, Any]:
    ramadan = rule.ramadan_hours
    return {
        "hours": _week_text(rule.hours),
        "ramadan_hours": None if ramadan is None else _week_text(ramadan),
    }


def _week(data: Mapping[str, Sequence[str]], default: Spans) -> tuple[Spans, ...]:
    unknown = set(data) - {*DAY_CODES, "default"}
    if unknown:
        raise ValueError(f"unknown weekday in calendar: {sorted(unknown)[0]}")
    usual = _spans(data["default"]) if "default" in data else default
    own = [_spans(data[code]) if code in data else usual for code in DAY_CODES]
    return tuple(_of_day(own[number - 1], own[number]) for number in range(7))


def _of_day(before: Spans, own: Spans) -> Spans:
    """What of a day's shifts lies on the day itself, with the end of the shift that began on the day before."""
    night = tuple((0, end - MINUTES_A_DAY) for _start, end in before if end > MINUTES_A_DAY)
    return night + tuple((start, min(end, MINUTES_A_DAY)) for start, end in own)


def _week_text(week: tuple[Spans, ...]) -> dict[str, list[str]]:
    return {code: _span_texts(spans) for code, spans in zip(DAY_CODES, week, strict=True)}


def _spans(texts: Sequence[str]) -> Spans:
    spans: list[tuple[int, int]] = []
    for text in texts:
        found = _SPAN.fullmatch(text)
        if not found:
            raise ValueError(f"working hours are written like 07:30-14:30, not {text!r}")
        start, start_minute, end, end_minute = (int(part) for part in found.groups())
        first, last = start * 60 + start_minute, end * 60 + end_minute
        if first == last:
            raise ValueError(f"working hours end when they begin: {text!r}")
        spans.append((first, last if last > first else last + MINUTES_A_DAY))
    return tuple(spans)


def _span_texts(spans: Spans) -> list[str]:
    return [f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}" for start, end in spans]


def _date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
