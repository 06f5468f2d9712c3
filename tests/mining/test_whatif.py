"""A model learned from a log comes near what was measured: on a log made by a model whose answer is known."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from diwan.catalogue.queries import calendar_for
from diwan.flow import Table
from diwan.flow.table import Exit, Step
from diwan.kit.clock import start_of_day
from diwan.mining.asking import Asked, Period, asking
from diwan.mining.errors import TooFewCases
from diwan.mining.model import Change
from diwan.mining.queries import figures
from diwan.mining.whatif import modelled, what_if
from diwan.mining.worktime import work_time
from diwan.people.models import Position
from tests import cast
from tests.mining.made import OFFICER, Did, Made, write
from tests.mining.test_figures import straight
from tests.mining.test_pure import _erlang_c

pytestmark = pytest.mark.usefixtures("city")
SLUG = cast.WITH_APPROVALS
FIRST = date(2026, 5, 3)
WEEKS = 13
PERIOD = Period(FIRST, FIRST + timedelta(weeks=WEEKS) - timedelta(days=1))
SERVICE, SERVERS, LOAD = 1800.0, 3, 1.8
"""Mean working seconds of a task, posts, tasks that are worked on at the same time on the average."""


def _queue(place: int) -> tuple[list[Made], float]:
    """Half a year of a queue M/M/3 in working time, first come first served; and the mean wait in it."""
    random = Random(10)
    time = work_time(calendar_for(place), FIRST, FIRST + timedelta(weeks=2 * WEEKS))
    posts = list(
        Position.objects.filter(roles__code=OFFICER, unit__municipality_id=place).order_by("code")[:SERVERS]
    )
    assert len(posts) == SERVERS
    origin = start_of_day(FIRST)
    end = time.worked((origin + timedelta(weeks=WEEKS)).timestamp())
    free = [(0.0, number) for number in range(SERVERS)]
    made, waited, at = [], 0.0, random.expovariate(LOAD / SERVICE)
    while at < end:
        earliest, number = heapq.heappop(free)
        began = max(at, earliest)
        done = began + random.expovariate(1 / SERVICE)
        heapq.heappush(free, (done, number))
        waited += began - at
        opened = datetime.fromtimestamp(time.after(0.0, at), origin.tzinfo)
        hours = (time.after(0.0, done) - opened.timestamp()) / 3600
        made.append(
            Made(
                opened,
                place,
                [Did("review", "recommend", 0, hours, "task", OFFICER, posts[number])],
                "closed",
                hours,
            )
        )
        at += random.expovariate(LOAD / SERVICE)
    return made, waited / len(made)


def _tiny() -> Table:
    onward = Exit(key="recommend", to="closed", effect="approve")
    review = Step(key="review", kind="task", role=OFFICER, exits={"recommend": onward})
    closed = Step(key="closed", kind="end", state="closed")
    return Table(key="tiny", start="review", steps={"review": review, "closed": closed}, joins={})


def _asked(period: Period = PERIOD) -> Asked:
    found = asking(SLUG, period, by=cast.actor("nora"))
    return replace(found, service=replace(found.service, table=_tiny()))


def test_as_it_is_comes_near_what_was_measured_and_what_erlang_says() -> None:
    place = min(cast.actor("nora").municipality_ids or ())
    made, waited = _queue(place)
    write(SLUG, made)
    of = modelled(_asked())
    assert of.staff == {OFFICER: (SERVERS, 1)}
    assert of.learned.model.steps["review"].work.mean == pytest.approx(SERVICE, rel=0.05)
    answer = what_if(of, Change(staff={OFFICER: 2}))
    expected = _erlang_c(SERVERS, LOAD) * SERVICE / (SERVERS - LOAD)
    assert waited == pytest.approx(expected, rel=0.15), "the log itself is what it claims to be"
    assert answer.as_is.steps["review"].waited == pytest.approx(expected, rel=0.2)
    assert answer.as_is.use[OFFICER] == pytest.approx(LOAD / SERVERS, rel=0.08)
    assert answer.measured.lead is not None and answer.near
    assert answer.as_is.lead == pytest.approx(answer.measured.lead, rel=0.15)
    assert answer.as_is.ended_a_week == pytest.approx(answer.measured.ended_a_week, rel=0.15)  # Eid is in it
    assert answer.to_be is not None and answer.to_be.use[OFFICER] == pytest.approx(LOAD / 5, rel=0.08)
    with_two = _erlang_c(5, LOAD) * SERVICE / (5 - LOAD)
    assert answer.to_be.steps["review"].waited == pytest.approx(with_two, rel=0.35)


def test_the_whole_workflow_runs_as_it_was_measured() -> None:
    place = min(cast.actor("nora").municipality_ids or ())
    sundays = [start_of_day(FIRST + timedelta(weeks=week)) + timedelta(hours=8) for week in range(20)]
    write(SLUG, [straight(day, place, back=number % 4 == 0) for day in sundays for number in range(4)])
    asked = asking(SLUG, PERIOD, by=cast.actor("nora"))
    of = modelled(asked)
    assert "review" in of.leavable and "payment" not in of.leavable
    answer = what_if(of, Change(without="section_approval"))
    done = {key: step.a_week for key, step in answer.as_is.steps.items()}
    assert done["review"] / done["licence"] == pytest.approx(1.25, abs=0.12)
    assert done["section_approval"] == pytest.approx(done["licence"], rel=0.1)
    assert answer.to_be is not None and "section_approval" not in answer.to_be.steps
    assert answer.as_is.unfinished == 0


def test_too_few_ended_cases_are_refused() -> None:
    place = min(cast.actor("nora").municipality_ids or ())
    write(SLUG, [straight(start_of_day(FIRST) + timedelta(hours=8), place)])
    asked = asking(SLUG, PERIOD, by=cast.actor("nora"))
    assert figures(asked).ended == 1
    with pytest.raises(TooFewCases):
        modelled(asked)
