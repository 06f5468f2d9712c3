"""Deadlines with their unit, and the account of who had the case."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwan.kit import terms
from diwan.kit.accounts import APPLICANT, US, Held, account
from diwan.kit.calendars import (
    ALWAYS,
    STANDARD,
    WorkingCalendar,
    is_working_day,
    spans_of,
    working_days_between,
)
from diwan.kit.clock import local
from diwan.kit.terms import Term, Unit
from tests.kit.test_calendars import CALENDARS, CITY, MOMENTS, at


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (terms.hours(24), at(11, 23, 9)),
        (terms.working_days(5), at(11, 29, 14, 30)),
        (terms.working_days(0), at(11, 22, 14, 30)),
        (terms.working_hours(8), at(11, 23, 10)),
    ],
)
def test_due_moments(term: Term, expected: datetime) -> None:
    assert terms.due(at(11, 22, 9), term, STANDARD) == expected


def test_a_stop_and_resumption_by_example() -> None:
    start = at(11, 22, 9)
    due = terms.due(start, terms.working_days(5), STANDARD)
    left = terms.remaining(at(11, 24, 11), due, Unit.WORKING_DAYS, STANDARD)
    assert left == Term(Unit.WORKING_DAYS, 3)
    assert terms.due(at(12, 6, 8), left, STANDARD) == at(12, 9, 14, 30)
    assert terms.due(at(11, 24, 14), left, STANDARD) == due
    assert terms.remaining(at(12, 1, 8), due, Unit.WORKING_DAYS, STANDARD).amount == -2
    assert terms.remaining(at(11, 22, 10), at(11, 23, 9), Unit.ELAPSED, STANDARD) == terms.hours(23)
    assert terms.remaining(
        at(11, 22, 10), at(11, 23, 10), Unit.WORKING_TIME, STANDARD
    ) == terms.working_hours(7)
    assert terms.remaining(at(11, 24), at(11, 23), Unit.WORKING_TIME, STANDARD).amount == -86400
    assert (
        terms.remaining(
            start, terms.due(start, terms.working_days(2), ALWAYS), Unit.WORKING_DAYS, ALWAYS
        ).amount
        == 2
    )


@settings(max_examples=120, deadline=None)
@given(MOMENTS, st.integers(0, 20), st.sampled_from(list(Unit)), MOMENTS, MOMENTS, CALENDARS)
def test_resuming_leaves_exactly_what_was_left(
    start: datetime, amount: int, unit: Unit, stopped: datetime, resumed: datetime, calendar: WorkingCalendar
) -> None:
    scale = 1 if unit is Unit.WORKING_DAYS else 3600
    due = terms.due(start, Term(unit, amount * scale), calendar)
    left = terms.remaining(stopped, due, unit, calendar)
    again = terms.remaining(resumed, terms.due(resumed, left, calendar), unit, calendar)
    if unit is Unit.WORKING_DAYS and left.amount == 0 and not is_working_day(local(resumed).date(), calendar):
        assert again.amount == 1  # the next working day
    else:
        assert again == left


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 20), st.sampled_from(list(Unit)), CALENDARS)
def test_stopping_and_resuming_at_once_changes_nothing(
    start: datetime, amount: int, unit: Unit, calendar: WorkingCalendar
) -> None:
    scale = 1 if unit is Unit.WORKING_DAYS else 3600
    due = terms.due(start, Term(unit, amount * scale), calendar)
    assert terms.due(start, terms.remaining(start, due, unit, calendar), calendar) == due


def test_escalation_moments() -> None:
    start = at(11, 22, 9)
    four = terms.working_days(4)
    assert terms.moment_at(start, four, 75, STANDARD) == at(11, 25, 14, 30)
    assert (
        terms.moment_at(start, four, 100, STANDARD) == terms.due(start, four, STANDARD) == at(11, 26, 14, 30)
    )
    assert terms.moment_at(start, four, 150, STANDARD) == at(11, 30, 14, 30)
    assert terms.moment_at(start, terms.working_days(2), 75, STANDARD) == at(11, 24, 11)
    assert terms.moment_at(start, terms.working_days(1), 50, STANDARD) == at(11, 23, 11)
    assert terms.moment_at(start, terms.working_days(1), 150, ALWAYS) == at(11, 24, 12)
    assert terms.moment_at(start, terms.hours(24), 75, STANDARD) == start + timedelta(hours=18)
    assert terms.moment_at(start, terms.working_hours(4), 50, STANDARD) == at(11, 22, 11)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 15), CALENDARS)
def test_escalation_moments_ascend(start: datetime, days: int, calendar: WorkingCalendar) -> None:
    found = [
        terms.moment_at(start, terms.working_days(days), percent, calendar)
        for percent in (25, 75, 100, 150, 200)
    ]
    assert found == sorted(found) and len(set(found)) == 5


def test_the_account_by_example() -> None:
    stretches = [
        Held(US, at(11, 22, 9), at(11, 24, 11)),
        Held(APPLICANT, at(11, 24, 11), at(11, 29, 10)),
        Held(US, at(11, 29, 10), at(11, 30, 9)),
        Held("entity:CD", at(11, 30, 9), at(12, 2, 8)),
        Held("entity:SB", at(11, 30, 9)),
    ]
    found = account(stretches, at=at(12, 3, 9), calendar=STANDARD)
    assert [(item.holder, item.working_days) for item in found.items] == [
        (US, 3),
        (APPLICANT, 3),
        ("entity:CD", 1),
        ("entity:SB", 2),
    ]
    assert found.total.working_days == 9
    assert found.of(APPLICANT).elapsed == timedelta(days=4, hours=23)
    assert found.of(US).working_time == timedelta(hours=5.5 + 7 + 3.5 + 4.5 + 1.5)
    assert found.of("entity:CD").working_time == timedelta(hours=(5.5 + 7 + 0.5) / 2)
    assert found.days("entity:XX") == 0


def test_ten_handovers_on_one_day_use_one_day() -> None:
    stretches = [
        Held(US if n % 2 else APPLICANT, at(11, 22, 8, n * 10), at(11, 22, 8, n * 10) + timedelta(minutes=10))
        for n in range(6)
    ]
    stretches.append(Held(US, at(11, 22, 9), None))
    found = account(stretches, at=at(11, 23, 9), calendar=STANDARD)
    assert (found.days(US), found.days(APPLICANT), found.total.working_days) == (1, 0, 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, min_size=2, max_size=9), CALENDARS)
def test_one_after_another_the_parts_add_up(cuts: list[datetime], calendar: WorkingCalendar) -> None:
    cuts.sort()
    holders = (US, APPLICANT, "entity:CD")
    pairs = pairwise(cuts)
    stretches = [Held(holders[n % 3], since, until) for n, (since, until) in enumerate(pairs)]
    found = account(stretches, at=cuts[-1], calendar=calendar)
    whole = working_days_between(local(cuts[0]).date(), local(cuts[-1]).date(), calendar)
    assert sum(item.working_days for item in found.items) == found.total.working_days == whole
    assert sum((item.elapsed for item in found.items), timedelta()) == cuts[-1] - cuts[0]
    assert sum((item.working_time for item in found.items), timedelta()) == found.total.working_time


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([US, APPLICANT, "entity:CD", "entity:SB"]), MOMENTS, MOMENTS),
        min_size=1,
        max_size=6,
    ),
    CALENDARS,
)
def test_the_account_equals_counting_each_minute(
    stretches: list[tuple[str, datetime, datetime]], calendar: WorkingCalendar
) -> None:
    spans = [(holder, min(one, other), max(one, other)) for holder, one, other in stretches]
    found = account([Held(*span) for span in spans], at=max(until for *_, until in spans), calendar=calendar)
    counted: dict[str, Fraction] = {}
    moment, last = min(since for _, since, _ in spans), max(until for *_, until in spans)
    while moment < last:
        holders = {holder for holder, since, until in spans if since <= moment < until}
        minute, day = local(moment).hour * 60 + local(moment).minute, local(moment).date()
        if holders and any(start <= minute < end for start, end in spans_of(day, calendar)):
            for holder in holders:
                counted[holder] = counted.get(holder, Fraction(0)) + Fraction(1, len(holders))
        moment += timedelta(minutes=1)
    whole = found.total.working_days
    assert sum(item.working_days for item in found.items) == whole
    for item in found.items:
        minutes = counted.get(item.holder, Fraction(0))
        assert abs(item.working_time - timedelta(minutes=float(minutes))) < timedelta(milliseconds=1)
        if counted:
            assert abs(item.working_days - whole * minutes / sum(counted.values())) < 1


def test_overlapping_and_future_stretches_of_one_holder_count_once() -> None:
    stretches = [
        Held("entity:CD", at(11, 22, 9), at(11, 24, 9)),
        Held("entity:CD", at(11, 23, 9), at(11, 25, 9)),
        Held("entity:CD", at(12, 1, 9), None),
    ]
    found = account(stretches, at=at(11, 26, 9), calendar=CITY)
    assert found.days("entity:CD") == 3
    assert found.of("entity:CD").elapsed == timedelta(days=3)
