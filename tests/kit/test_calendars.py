"""Working calendars, against counting minute by minute and day by day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwan.kit import calendars as c
from diwan.kit.calendar_data import calendar_from, calendar_to, usual_holidays
from diwan.kit.clock import RIYADH, local

EID = c.Holiday(date(2026, 3, 19), date(2026, 3, 24), "عيد الفطر", "Eid al-Fitr")
SPLIT: c.Spans = ((8 * 60, 12 * 60), (13 * 60, 16 * 60 + 30))
CITY = c.WorkingCalendar(
    hours=(c.OFFICE_DAY, SPLIT, c.OFFICE_DAY, SPLIT, c.OFFICE_DAY, c.OFFICE_DAY, c.OFFICE_DAY),
    holidays=(EID,),
    special=(c.SpecialHours(date(2026, 3, 21), date(2026, 3, 21), ((600, 660),)),),
)
NIGHT = c.WorkingCalendar(hours=(((0, 90), (1200, 1440)),) * 7, ramadan_hours=None, weekends=())
BY_NAME = {"standard": c.STANDARD, "city": CITY, "night": NIGHT, "always": c.ALWAYS}
CALENDARS = st.sampled_from(sorted(BY_NAME)).map(BY_NAME.__getitem__)
#: Round the change of Ramadan hours and the holiday of March 2026.
MOMENTS = st.integers(0, 25 * 1440).map(lambda n: datetime(2026, 3, 8, tzinfo=UTC) + timedelta(minutes=n))


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=RIYADH)


def brute_minutes(start: datetime, end: datetime, calendar: c.WorkingCalendar) -> int:
    """Count working minutes one by one."""
    count, moment, day = 0, local(start), local(start).date()
    spans = c.spans_of(day, calendar)
    for _ in range(int((end - start) / timedelta(minutes=1))):
        if moment.date() != day:
            day = moment.date()
            spans = c.spans_of(day, calendar)
        minute = moment.hour * 60 + moment.minute
        count += any(first <= minute < last for first, last in spans)
        moment += timedelta(minutes=1)
    return count


@settings(max_examples=40, deadline=None)
@given(MOMENTS, MOMENTS, CALENDARS)
def test_working_time_equals_counting_minutes(
    one: datetime, other: datetime, calendar: c.WorkingCalendar
) -> None:
    start, end = sorted((one, other))
    found = c.working_time_between(start, end, calendar)
    assert found == timedelta(minutes=brute_minutes(start, end, calendar))
    assert c.working_time_between(end, start, calendar) == -found


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 4000), CALENDARS)
def test_adding_working_time_is_the_earliest_moment(
    start: datetime, minutes: int, calendar: c.WorkingCalendar
) -> None:
    amount = timedelta(minutes=minutes)
    end = c.add_working_time(start, amount, calendar)
    assert c.working_time_between(start, end, calendar) == amount
    assert c.working_time_between(start, end - timedelta(seconds=1), calendar) < amount


@settings(max_examples=80, deadline=None)
@given(MOMENTS, st.integers(0, 30), CALENDARS)
def test_adding_working_days_equals_counting_days(
    start: datetime, days: int, calendar: c.WorkingCalendar
) -> None:
    day, left = local(start).date(), days
    if left == 0 and not c.spans_of(day, calendar):
        left = 1
    while left:
        day += timedelta(days=1)
        left -= bool(c.spans_of(day, calendar))
    assert c.add_working_days(start, days, calendar) == c.closing(day, calendar)
    if days:
        assert c.working_days_between(local(start).date(), day, calendar) == days


@settings(max_examples=80, deadline=None)
@given(MOMENTS, st.integers(1, 10), CALENDARS)
def test_counting_back_is_the_inverse(start: datetime, days: int, calendar: c.WorkingCalendar) -> None:
    back = local(c.add_working_days(start, -days, calendar) - timedelta(seconds=1)).date()
    assert c.working_days_between(local(start).date(), back, calendar) == -days


@settings(max_examples=60, deadline=None)
@given(MOMENTS, MOMENTS, MOMENTS, CALENDARS)
def test_days_add_up_over_any_cut(
    one: datetime, two: datetime, three: datetime, calendar: c.WorkingCalendar
) -> None:
    first, middle, last = (moment.date() for moment in sorted((one, two, three)))
    parts = c.working_days_between(first, middle, calendar) + c.working_days_between(middle, last, calendar)
    assert parts == c.working_days_between(first, last, calendar)


def test_the_weekend_goes_by_date() -> None:
    assert not c.is_working_day(date(2013, 6, 27), c.STANDARD)  # Thursday, still weekend
    assert not c.is_working_day(date(2013, 6, 28), c.STANDARD)
    assert not c.is_working_day(date(2013, 6, 29), c.STANDARD)  # the first Saturday off
    assert c.is_working_day(date(2013, 6, 22), c.STANDARD)  # a Saturday before
    assert c.is_working_day(date(2013, 7, 4), c.STANDARD)  # a Thursday after
    assert c.working_days_between(date(2013, 6, 21), date(2013, 7, 5), c.STANDARD) == 5 + 5


def test_hours_of_ramadan_holidays_and_special_days() -> None:
    assert c.spans_of(date(2026, 2, 22), c.STANDARD) == c.RAMADAN_DAY
    assert c.spans_of(date(2026, 11, 22), c.STANDARD) == c.OFFICE_DAY
    assert c.spans_of(date(2026, 3, 19), CITY) == ()
    assert c.spans_of(date(2026, 3, 21), CITY) == ((600, 660),)
    assert c.holiday_on(date(2026, 3, 20), CITY) is EID and c.holiday_on(date(2026, 3, 25), CITY) is None
    assert c.spans_of(date(2026, 3, 20), c.ALWAYS) == ((0, 1440),)
    assert c.day_length(date(2026, 3, 21), CITY) == timedelta(hours=1)


def test_deadlines_by_example() -> None:
    sunday_morning = at(11, 22, 9)
    assert c.add_working_days(sunday_morning, 5, c.STANDARD) == at(11, 29, 14, 30)
    assert c.add_working_days(at(11, 20, 23), 1, c.STANDARD) == at(11, 22, 14, 30)
    assert c.add_working_days(sunday_morning, 0, c.STANDARD) == at(11, 22, 14, 30)
    assert c.add_working_days(at(3, 18, 9), 1, CITY) == at(3, 21, 11)
    assert c.add_working_hours(at(11, 26, 13, 30), 4, c.STANDARD) == at(11, 29, 10, 30)
    assert c.add_working_time(sunday_morning, timedelta(), c.STANDARD) == sunday_morning
    assert c.add_elapsed(at(11, 26, 23, 10), timedelta(hours=24)) == at(11, 27, 23, 10)
    assert c.add_working_days(sunday_morning, 2, c.ALWAYS) == at(11, 25)
    assert c.add_working_days(sunday_morning, 5, c.STANDARD).tzinfo is UTC


def test_open_and_next_open() -> None:
    assert c.is_open(at(11, 22, 7, 30), c.STANDARD) and not c.is_open(at(11, 22, 14, 30), c.STANDARD)
    assert c.next_open(at(11, 22, 9), c.STANDARD) == at(11, 22, 9)
    assert c.next_open(at(11, 26, 14, 30), c.STANDARD) == at(11, 29, 7, 30)
    assert c.opening(date(2026, 11, 22), c.STANDARD) == at(11, 22, 7, 30)
    assert c.next_working_day(date(2026, 11, 26), c.STANDARD) == date(2026, 11, 29)


def test_refusals() -> None:
    with pytest.raises(ValueError):
        c.add_working_time(at(11, 22), timedelta(minutes=-1), c.STANDARD)
    with pytest.raises(ValueError):
        c.WorkingCalendar(hours=(c.OFFICE_DAY,) * 5)
    for spans in (((600, 500),), ((0, 1441),), ((0, 60), (30, 90))):
        with pytest.raises(ValueError):
            c.WorkingCalendar(hours=(spans,) * 7)
    idle = c.WorkingCalendar(hours=((),) * 7, ramadan_hours=None)
    with pytest.raises(ValueError):
        c.add_working_days(at(11, 22), 1, idle)
    with pytest.raises(ValueError):
        c.next_open(at(11, 22), idle)


@pytest.mark.parametrize("calendar", BY_NAME.values(), ids=BY_NAME)
def test_data_there_and_back(calendar: c.WorkingCalendar) -> None:
    assert calendar_from(calendar_to(calendar)) == calendar


def test_calendars_from_data() -> None:
    found = calendar_from(
        {
            "hours": {"default": ["08:00-15:00"], "thu": ["08:00-12:00", "13:00-14:00"]},
            "ramadan_hours": None,
            "weekends": [{"since": "2020-01-01", "days": ["fri"]}],
            "holidays": [
                {"first": "2026-09-23", "last": date(2026, 9, 23), "ar": "اليوم الوطني", "en": "National Day"}
            ],
        }
    )
    assert c.spans_of(date(2026, 11, 26), found) == ((480, 720), (780, 840))
    assert c.is_working_day(date(2026, 11, 28), found) and not c.is_working_day(date(2026, 9, 23), found)
    assert calendar_from({}) == c.STANDARD
    faulty: list[dict[str, Any]] = [{"hour": {}}, {"hours": {"monday": []}}, {"hours": {"mon": ["8-15"]}}]
    for bad in faulty:
        with pytest.raises(ValueError):
            calendar_from(bad)


def test_usual_holidays() -> None:
    found = {holiday.name_en: holiday for holiday in usual_holidays(2026)}
    assert found["Founding Day"].first == date(2026, 2, 22)
    assert found["National Day"].first == date(2026, 9, 23)
    fitr, adha = found["Eid al-Fitr holiday"], found["Eid al-Adha holiday"]
    assert fitr.first <= date(2026, 3, 19) and fitr.last >= date(2026, 3, 24)
    assert adha.first <= date(2026, 5, 26) and adha.last >= date(2026, 5, 31)
    assert [holiday.first for holiday in usual_holidays(2025) if holiday.name_en == "Founding Day"] == [
        date(2025, 2, 23)
    ]
    assert "Founding Day" not in {holiday.name_en for holiday in usual_holidays(2021)}
    assert sum(holiday.name_en.startswith("Eid al-Fitr") for holiday in usual_holidays(2030)) == 1


def test_shifts_over_midnight_and_hours_from_a_day_on() -> None:
    crews = calendar_from({"hours": {"default": ["06:00-14:00", "22:00-06:00"]}, "weekends": []})
    sunday = date(2026, 11, 22)
    assert c.spans_of(sunday, crews) == ((0, 360), (360, 840), (1320, 1440))
    assert c.day_length(sunday, crews) == timedelta(hours=16)
    assert c.is_open(at(11, 23, 3), crews) and not c.is_open(at(11, 23, 15), crews)
    changed = calendar_from(
        {"changes": [{"since": "2026-11-24", "hours": {"default": ["08:00-16:00"]}, "ramadan_hours": None}]}
    )
    assert c.spans_of(date(2026, 11, 23), changed) == c.OFFICE_DAY
    assert c.spans_of(date(2026, 11, 24), changed) == ((480, 960),)
    assert c.spans_of(date(2027, 2, 14), changed) == ((480, 960),), "no Ramadan hours since the change"
    assert calendar_from(calendar_to(changed)) == changed
    with pytest.raises(ValueError, match="end when they begin"):
        calendar_from({"hours": {"default": ["08:00-08:00"]}})
