"""Which calendar a desk has, other hours from a day on, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from diwan.catalogue import queries
from diwan.catalogue.actions import (
    AlwaysOpen,
    CalendarCode,
    CalendarName,
    Hours,
    HoursInThePast,
    HoursUnreadable,
    NoSuchPlace,
    change_hours,
    give_calendar,
    make_calendar,
)
from diwan.catalogue.errors import NoSuchCalendar, NotAllowed
from diwan.catalogue.models import CalendarChange
from diwan.catalogue.packaged import Packaged
from diwan.catalogue.queries.calendars import Places
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.calendar_data import DAY_CODES
from diwan.kit.calendars import spans_of
from tests.catalogue.conftest import EDITOR, NOBODY


def test_the_nearest_calendar_up_wins() -> None:
    places = Places(
        municipalities={1: "000", 2: "101"},
        units={
            10: ("000-AMN", None, 1), 11: ("000-OPS", 10, 1), 20: ("101-TOP", 11, 2), 21: ("101-LIC", 20, 2),
        },
    )  # fmt: skip
    none = queries.Calendars({}, {}, {}, places)
    assert none.code_for(2, 21) == none.code_for(2) == "office"
    town = replace(none, of_municipality={"101": "town"})
    assert [town.code_for(2, 21), town.code_for(2), town.code_for(1, 11)] == ["town", "town", "office"]
    above = replace(none, of_unit={"000-OPS": "night"})
    assert [above.code_for(2, 21), above.code_for(2), above.code_for(1, 10)] == ["night", "office", "office"]
    both = replace(town, of_unit={"000-OPS": "night"})
    assert both.code_for(2, 21) == "town", "the municipality is nearer than a unit of the amanah"
    own = replace(both, of_unit={"000-OPS": "night", "101-TOP": "crew"})
    assert [own.code_for(2, 21), own.code_for(1, 11)] == ["crew", "night"]


def test_other_hours_from_a_day_on_and_what_is_refused(loaded: Packaged) -> None:
    days = [["08:00-16:00"]] * 4 + [[]] + [["08:00-12:00"]] * 2
    friday = Hours(days=days, ramadan=None, weekend=["fri"])
    since = clock.today() + timedelta(days=10)
    change_hours(calendar="office", since=since, hours=friday, by=EDITOR)
    made = queries.read_calendars().by_code["office"]
    assert spans_of(since - timedelta(days=1), made) != ((480, 960),)
    saturday = since + timedelta(days=(5 - since.weekday()) % 7)
    assert spans_of(saturday, made) == ((480, 720),), "no day off any more"
    again = replace(friday, days=[["09:00-17:00"]] * 7, weekend=[])
    change_hours(calendar="office", since=since, hours=again, by=EDITOR)
    assert spans_of(saturday, queries.read_calendars().by_code["office"]) == ((540, 1020),)
    change = CalendarChange.objects.order_by("-id")[0]
    assert (change.what, change.first_day, change.counted_at) == ("hours", since, None)
    for bad in (["08:00-16:00", "10:00-11:00"], ["8-16"], ["08:00-08:00"]):
        with pytest.raises(HoursUnreadable):
            change_hours(calendar="office", since=since, hours=replace(again, days=[bad] * 7), by=EDITOR)
    with pytest.raises(HoursUnreadable):
        idle = Hours(days=[[]] * 7, ramadan=None, weekend=DAY_CODES)
        change_hours(calendar="office", since=since, hours=idle, by=EDITOR)
    with pytest.raises(HoursInThePast):
        change_hours(calendar="office", since=clock.today(), hours=again, by=EDITOR)
    with pytest.raises(AlwaysOpen):
        change_hours(calendar="operations", since=since, hours=again, by=EDITOR)
    with pytest.raises(NoSuchPlace):
        give_calendar(calendar="office", municipalities=["999"], units=[], by=EDITOR)
    name = Text("ورديات", "Shifts")
    for code in ("office", "x", "Bad Code"):
        with pytest.raises(CalendarCode):
            make_calendar(code=code, name=name, by=EDITOR)
    with pytest.raises(CalendarName):
        make_calendar(code="shifts", name=Text("ورديات", " "), by=EDITOR)
    with pytest.raises(NoSuchCalendar):
        make_calendar(code="shifts", name=name, like="none", by=EDITOR)
    refusing: tuple[Callable[..., Any], ...] = (
        partial(change_hours, calendar="office", since=since, hours=again),
        partial(give_calendar, calendar="office", municipalities=[], units=[]),
        partial(make_calendar, code="shifts", name=name),
    )
    for refused in refusing:
        with pytest.raises(NotAllowed):
            refused(by=NOBODY)
