"""Hijri dates: vectors of the domain notes, exact refusals, both calendars in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit import dates, hijri
from diwan.kit.errors import InvalidValue


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (date(2026, 11, 21), (1448, 6, 11)),
        (date(2026, 2, 22), (1447, 9, 5)),
        (date(2026, 9, 23), (1448, 4, 12)),
        (date(2013, 6, 29), (1434, 8, 20)),
        (date(1924, 8, 1), (1343, 1, 1)),
        (date(2077, 11, 16), (1500, 12, 30)),
    ],
)
def test_vectors(day: date, parts: tuple[int, int, int]) -> None:
    assert hijri.to_hijri(day) == parts
    assert hijri.from_hijri(*parts) == day


@given(st.dates(hijri.FIRST_DAY, hijri.LAST_DAY))
def test_there_and_back(day: date) -> None:
    found = hijri.to_hijri(day)
    assert found is not None and hijri.from_hijri(*found) == day


def test_every_day_from_1343_to_1500_follows_the_day_before() -> None:
    day, before, odd = hijri.FIRST_DAY, hijri.HijriDate(1342, 12, 29), []
    while day <= hijri.LAST_DAY:
        found = hijri.to_hijri(day)
        assert found is not None and hijri.from_hijri(*found) == day
        year, month, last = before
        if found != (year, month, last + 1):
            assert found == ((year, month + 1, 1) if month < 12 else (year + 1, 1, 1))
            if last not in (29, 30):
                odd.append((year, month, last))
        day, before = day + timedelta(days=1), found
    assert before == (1500, 12, 30)
    # As the months were kept in those years (the tables of hijridate follow what was printed then).
    assert odd == [
        (1343, 9, 28), (1345, 5, 31), (1345, 8, 28), (1348, 11, 31), (1348, 12, 28), (1349, 10, 28), (1349, 11, 31),
        (1364, 8, 28),
    ]  # fmt: skip


def test_month_lengths_are_those_of_the_tables() -> None:
    assert hijri.month_length(1447, 9) == 30
    assert hijri.month_length(1448, 9) == 29
    assert hijri.is_ramadan(date(2026, 2, 22))
    assert not hijri.is_ramadan(date(2026, 11, 21))
    assert not hijri.is_ramadan(date(1900, 1, 1))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((1448, 9, 30), "hijri.day"),
        ((1448, 9, 0), "hijri.day"),
        ((1448, 13, 1), "hijri.month"),
        ((1342, 1, 1), "hijri.year"),
        ((1501, 1, 1), "hijri.year"),
        ((2026, 1, 1), "hijri.is_gregorian"),
    ],
)
def test_hijri_refusals(parts: tuple[int, int, int], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        hijri.from_hijri(*parts)
    assert caught.value.code == code


def test_the_refusal_says_how_long_the_month_is() -> None:
    with pytest.raises(InvalidValue) as caught:
        hijri.from_hijri(1448, 9, 30)
    assert caught.value.params == {"days": 29}
    assert "This month has 29 days" in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((2026, 2, 29), "hijri.day"),
        ((2026, 0, 1), "hijri.month"),
        ((1448, 6, 11), "hijri.is_hijri"),
        ((26, 6, 11), "hijri.gregorian_year"),
    ],
)
def test_gregorian_refusals(parts: tuple[int, int, int], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        hijri.from_gregorian(*parts)
    assert caught.value.code == code
    assert hijri.from_gregorian(2028, 2, 29) == date(2028, 2, 29)
    assert hijri.from_gregorian(2026, 12, 31) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("typed", "calendar"),
    [
        ("1448/06/11", "hijri"),
        ("١٤٤٨/٦/١١ هـ", "hijri"),
        ("11-6-1448", "hijri"),
        ("2026/11/21", "gregorian"),
        ("21.11.2026", "gregorian"),
        (" ٢٠٢٦ ١١ ٢١ م", "gregorian"),
    ],
)
def test_typed_dates(typed: str, calendar: str) -> None:
    assert hijri.parse_date(typed) == (date(2026, 11, 21), calendar)


@pytest.mark.parametrize("typed", ["", "1448", "1448/06", "11/6/48", "1448/x/1", "1448/06/11/1"])
def test_what_is_not_a_date(typed: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        hijri.parse_date(typed)
    assert caught.value.code == "hijri.not_a_date"


def test_typed_parts() -> None:
    assert hijri.parse_date_parts(year="١٤٤٨", month="6", day="11", calendar="hijri") == date(2026, 11, 21)
    with pytest.raises(InvalidValue) as caught:
        hijri.parse_date_parts(year="1448", month="", day="11", calendar="hijri")
    assert caught.value.code == "hijri.not_a_date"


def test_terms_in_years() -> None:
    ramadan_30 = hijri.from_hijri(1447, 9, 30)
    assert hijri.add_years(ramadan_30, 1, calendar="hijri") == hijri.from_hijri(1448, 9, 29)
    assert hijri.add_years(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert hijri.add_years(date(2026, 11, 21), 3) == date(2029, 11, 21)
    with pytest.raises(InvalidValue):
        hijri.add_years(date(1900, 1, 1), 1, calendar="hijri")
    with pytest.raises(InvalidValue):
        hijri.add_years(date(2077, 1, 1), 5, calendar="hijri")


def test_both_calendars_as_documents_print_them() -> None:
    parts = dates.both_calendars(date(2026, 11, 21))
    assert dates.joined(parts) == "1448/06/11هـ الموافق 2026/11/21م"
    assert [part.text for part in parts if part.ltr] == ["1448/06/11", "2026/11/21"]
    assert dates.joined(parts, isolated=True) == "\u20661448/06/11\u2069هـ الموافق \u20662026/11/21\u2069م"
    english = dates.joined(dates.both_calendars(date(2026, 11, 21), "en"))
    assert english == "1448/06/11 AH corresponding to 2026/11/21 AD"
    assert dates.joined(dates.both_calendars(date(1900, 1, 2))) == "1900/01/02م"


def test_dates_in_words() -> None:
    day = date(2026, 11, 21)
    assert dates.joined(dates.in_words(day)) == "السبت 21 نوفمبر 2026م"
    assert dates.joined(dates.in_words(day, calendar="hijri")) == "السبت 11 جمادى الآخرة 1448هـ"
    assert dates.joined(dates.in_words(day, "en")) == "Saturday 21 November 2026"
    hijri_english = dates.in_words(day, "en", calendar="hijri", weekday=False)
    assert dates.joined(hijri_english) == "11 Jumada al-Akhirah 1448 AH"
    assert dates.month_name(4, "ar", "hijri") == "ربيع الآخر"
    assert dates.weekday_name(day + timedelta(days=1), "ar") == "الأحد"
    outside = dates.in_words(date(1900, 1, 2), calendar="hijri")
    assert dates.joined(outside) == "الثلاثاء 2 يناير 1900م"


@pytest.mark.parametrize(
    ("hour", "arabic", "english"),
    [
        (0, "12:05 بعد منتصف الليل", "12:05 am"),
        (3, "3:05 قبل الفجر", "3:05 am"),
        (7, "7:05 صباحا", "7:05 am"),
        (12, "12:05 ظهرا", "12:05 pm"),
        (16, "4:05 عصرا", "4:05 pm"),
        (23, "11:05 مساء", "11:05 pm"),
    ],
)
def test_times_in_words(hour: int, arabic: str, english: str) -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hour - 3, minutes=5)
    assert dates.joined(dates.time_in_words(moment)) == arabic
    assert dates.joined(dates.time_in_words(moment, "en")) == english


def test_moments_in_words() -> None:
    moment = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    assert dates.joined(dates.moment_in_words(moment)) == "الأحد 22 نوفمبر 2026م، الساعة 1:05 ظهرا"
    assert dates.joined(dates.moment_in_words(moment, "en")) == "Sunday 22 November 2026, 1:05 pm"
