"""What needs no database: working time, the drawing's arrows, the model under a change, the simulation itself."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.flow import Table
from diwan.flow.table import Branch, Exit, Step
from diwan.kit.calendars import STANDARD, WorkingCalendar, working_time_between
from diwan.mining.arrows import inside_each
from diwan.mining.chance import by_chance, drawn
from diwan.mining.comparing import at_share, simulated, weeks_of
from diwan.mining.errors import ChangeWrong, NotModelled, TooManyCases
from diwan.mining.model import Arrivals, Change, Model, Pool, Spread, StepModel, changed, leavable
from diwan.mining.running import Run, Stretch, moments, stream
from diwan.mining.worktime import WorkTime, always, work_time

BEGIN = datetime(2026, 1, 4, tzinfo=UTC)
HOUR = 3600.0
SPLIT_SHIFT = WorkingCalendar(hours=(((480, 720), (960, 1200)),) * 7, ramadan_hours=None)
POOL: Pool = ("ROLE-A", 1)


@given(
    calendar=st.sampled_from([STANDARD, SPLIT_SHIFT]),
    begin=st.integers(0, 60 * 24 * 90),
    length=st.integers(0, 60 * 24 * 30),
)
def test_working_time_as_a_line_equals_the_calendar(
    calendar: WorkingCalendar, begin: int, length: int
) -> None:
    line = work_time(calendar, date(2026, 1, 1), date(2026, 12, 31))
    start = BEGIN + timedelta(minutes=begin)
    end = start + timedelta(minutes=length)
    seconds = line.worked(end.timestamp()) - line.worked(start.timestamp())
    assert seconds == working_time_between(start, end, calendar).total_seconds()
    after = line.after(start.timestamp(), seconds + 60)
    assert line.worked(after) - line.worked(start.timestamp()) == seconds + 60
    assert line.worked(after - 1) < line.worked(after)


def _exits(*pairs: tuple[str, str, str]) -> dict[str, Exit]:
    return {key: Exit(key=key, to=to, effect=effect) for key, to, effect in pairs}


def _table() -> Table:
    """A review by a post, a rule, two offices at once, a signature; a return by chance."""
    steps = [
        Step(key="review", kind="task", role="ROLE-A",
             exits=_exits(("ok", "which", "approve"), ("back", "answer", "return"))),
        Step(key="answer", kind="applicant", exits=_exits(("resubmitted", "review", "continue"))),
        Step(key="which", kind="decision", branches=(Branch("both", when="big"),), otherwise="sign"),
        Step(key="both", kind="split", branches=(Branch("one"), Branch("two"))),
        Step(key="one", kind="outside", exits=_exits(("fine", "joined", "continue"))),
        Step(key="two", kind="outside", exits=_exits(("fine", "joined", "continue"))),
        Step(key="joined", kind="join", of="both", next="sign"),
        Step(key="sign", kind="task", role="ROLE-B", exits=_exits(("sign", "end", "approve"))),
        Step(key="end", kind="end", state="closed"),
    ]  # fmt: skip
    return Table(key="t", start="review", steps={step.key: step for step in steps}, joins={"both": "joined"})


SIGN: Pool = ("ROLE-B", 1)


def _model(a_week: float = 20) -> Model:
    hour, day = Spread((HOUR,)), Spread((24 * HOUR,))
    return Model(
        arrivals=Arrivals([a_week / 336] * 336), places={7: 1.0},
        steps={
            "review": StepModel({"ok": 3, "back": 1}, work=hour, pools={-1: {POOL: 1.0}}),
            "answer": StepModel({"resubmitted": 1}, delay=day), "one": StepModel({"fine": 1}, delay=day),
            "two": StepModel({"fine": 1}, delay=Spread((48 * HOUR,))),
            "sign": StepModel({"sign": 1}, work=Spread((HOUR / 4,)), pools={7: {SIGN: 1.0}}),
        },
        decisions={"which": {"both": 1, "sign": 3}}, staff={POOL: 1, SIGN: 1}, other={}, tasks_a_case=3,
    )  # fmt: skip


TIMES = {pool: work_time(STANDARD, date(2026, 1, 1), date(2028, 1, 1)) for pool in (POOL, SIGN)}


def test_rules_are_drawn_by_their_shares_and_splits_are_whole() -> None:
    made, chances = drawn(_table(), {"which": {"both": 25, "sign": 75}})
    evaluate = by_chance(chances, stream(1))
    rule = made.steps["which"].branches[0].when or ""
    share = sum(bool(evaluate(rule, {}).value) for _ in range(4000)) / 4000
    assert 0.22 < share < 0.28
    assert made.steps["both"].branches == _table().steps["both"].branches


def test_a_run_loses_no_case_and_the_same_seed_gives_the_same() -> None:
    begin = BEGIN.timestamp()
    first, again = (
        simulated(_model(), _table(), TIMES, begin=begin, weeks=20, seed=3, runs=2) for _ in range(2)
    )
    assert first == again and first.unfinished == 0
    assert simulated(_model(), _table(), TIMES, begin=begin, weeks=20, seed=4, runs=2) != first
    done = {key: step.a_week for key, step in first.steps.items()}
    assert 1.2 < done["review"] / done["sign"] < 1.5  # a quarter comes back
    assert done["one"] == pytest.approx(done["two"], rel=0.05)
    assert done["one"] / done["sign"] == pytest.approx(0.25, abs=0.06)
    assert done["sign"] == pytest.approx(20, rel=0.1) and first.ended_a_week == pytest.approx(20, rel=0.1)


def test_several_instances_and_chains_run_as_often_as_they_did() -> None:
    steps = [
        Step(key="all", kind="each", over="facts.offices", next="office"),
        Step(key="office", kind="outside", exits=_exits(("fine", "joined", "continue"))),
        Step(key="joined", kind="join", of="all", next="signs"),
        Step(key="signs", kind="chain", role="ROLE-A", exits=_exits(("signed_all", "end", "approve"))),
        Step(key="end", kind="end", state="closed"),
    ]
    table = Table(key="t", start="all", steps={step.key: step for step in steps}, joins={"all": "joined"})
    model = Model(
        Arrivals([0.5] * 336), {7: 1.0},
        {
            "office": StepModel({"fine": 1}, delay=Spread((60.0,))),
            "signs": StepModel({"signed_all": 1, "signed": 1}, work=Spread((60.0,)), pools={-1: {POOL: 1.0}}),
        },
        {"all": {"office": 10, "": 2.5}}, {POOL: 1}, {},
    )  # fmt: skip
    found = simulated(
        model, table, {POOL: always(date(2026, 1, 1))}, begin=BEGIN.timestamp(), weeks=6, runs=1
    )
    assert found.unfinished == 0
    assert found.steps["office"].a_week / found.ended_a_week == pytest.approx(2.5, rel=0.06)
    assert found.steps["signs"].a_week / found.ended_a_week == pytest.approx(2, rel=0.15)
    assert inside_each(table) == {"office"}


def test_changes_show_where_they_are_made() -> None:
    begin, model, table = BEGIN.timestamp(), _model(45), _table()
    model = Model(**{name: getattr(model, name) for name in model.__slots__} | {"staff": {POOL: 2, SIGN: 1}})
    as_is = simulated(model, table, TIMES, begin=begin, weeks=8, runs=1)

    def under(change: Change) -> tuple[float, float, float]:
        other, other_table = changed(model, table, change)
        found = simulated(other, other_table, TIMES, begin=begin, weeks=8, runs=1)
        review = found.steps.get("review")
        return found.lead_p90 or 0.0, review.waited if review else 0.0, found.use["ROLE-A"]

    was = (as_is.lead_p90 or 0.0, as_is.steps["review"].waited, as_is.use["ROLE-A"])
    fewer, more = under(Change(staff={"ROLE-A": -1})), under(Change(staff={"ROLE-A": 4}))
    assert fewer[1] > was[1] > more[1] and fewer[2] > was[2] > more[2]
    quicker, slower = under(Change(factors={"answer": 0.25})), under(Change(factors={"review": 1.2}))
    assert quicker[0] < was[0] < slower[0]
    assert quicker[2] == pytest.approx(was[2], rel=0.02) and slower[2] > was[2]
    left_out = under(Change(without="review"))
    assert left_out[0] < was[0] and left_out[2] == 0
    assert leavable(table) == ["review", "one", "two", "sign"]


@pytest.mark.parametrize(
    "change",
    [
        Change(factors={"nowhere": 2.0}), Change(factors={"review": 100.0}), Change(staff={"ROLE-C": 1}),
        Change(staff={"ROLE-A": 1000}), Change(without="answer"), Change(without="nowhere"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_meant_is_refused(change: Change) -> None:
    with pytest.raises(ChangeWrong):
        changed(_model(), _table(), change)


def test_what_cannot_be_answered_in_time_or_at_all_is_refused() -> None:
    with pytest.raises(TooManyCases):
        weeks_of(_model(a_week=100_000))
    assert weeks_of(_model(a_week=1)) == 52
    circle = Step(key="one", kind="automatic", exits=_exits(("again", "one", "continue")))
    table = Table(key="t", start="one", steps={"one": circle}, joins={})
    model = Model(Arrivals([1.0] * 336), {7: 1.0}, {"one": StepModel({"again": 1})}, {}, {}, {})
    with pytest.raises(NotModelled):
        simulated(model, table, {}, begin=BEGIN.timestamp(), weeks=3)


def test_a_closed_branch_lets_its_post_go() -> None:
    """A rejection in one branch ends the case; whoever worked on the other is free at once."""
    steps = [
        Step(key="both", kind="split", branches=(Branch("quick"), Branch("slow"))),
        Step(key="quick", kind="task", role="ROLE-B", exits=_exits(("no", "end", "reject"))),
        Step(key="slow", kind="task", role="ROLE-A", exits=_exits(("ok", "joined", "continue"))),
        Step(key="joined", kind="join", of="both", next="end"),
        Step(key="end", kind="end", state="rejected", terminates=True),
    ]
    table = Table(key="t", start="both", steps={step.key: step for step in steps}, joins={"both": "joined"})
    model = Model(
        Arrivals([0.25] * 336), {7: 1.0},
        {
            "quick": StepModel({"no": 1}, work=Spread((60.0,)), pools={-1: {SIGN: 1.0}}),
            "slow": StepModel({"ok": 1}, work=Spread((100 * HOUR,)), pools={-1: {POOL: 1.0}}),
        },
        {}, {POOL: 1, SIGN: 1}, {},
    )  # fmt: skip
    found = simulated(
        model, table, dict.fromkeys((POOL, SIGN), always(date(2026, 1, 1))), begin=BEGIN.timestamp(), weeks=3
    )
    assert found.unfinished == 0 and found.lead == 60 and "slow" not in found.steps
    assert found.use["ROLE-A"] < 0.01


def test_arrivals_follow_the_half_hours_of_the_week_and_holidays() -> None:
    rates, begin = [0.0] * 336, datetime(2026, 1, 1, tzinfo=UTC)
    rates[6 * 48 + 18] = 10.0  # Sundays from nine to half past in Riyadh
    off = (date(2026, 1, 11) - date(1970, 1, 1)).days  # a Sunday
    arrivals = Arrivals(rates, [0.0] * 30 + [4.0] + [0.0] * 17, frozenset({off}))
    found = [
        datetime.fromtimestamp(at, UTC)
        for at in moments(arrivals, begin.timestamp(), (begin + timedelta(weeks=52)).timestamp(), stream(5))
    ]
    usual = [at for at in found if at.date() != date(2026, 1, 11)]
    assert {(at.weekday(), at.hour, at.minute // 30) for at in usual} == {(6, 6, 0)}
    assert len(usual) == pytest.approx(510, rel=0.1)
    assert {(at.hour, at.minute // 30) for at in found if at not in usual} == {(12, 0)}


def _erlang_c(servers: int, load: float) -> float:
    """The share of those that have to wait (A. K. Erlang, 1917)."""
    free = sum(load**n / math.factorial(n) for n in range(servers))
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (free + full)


def test_a_queue_waits_as_erlang_says() -> None:
    servers, mean, load = 3, HOUR, 2.1
    values = [-mean * math.log(1 - share) for share in ((n + 0.5) / 400 for n in range(400))]
    step = Step(key="do", kind="task", role="ROLE-A", exits=_exits(("ok", "end", "approve")))
    end = Step(key="end", kind="end", state="closed")
    table = Table(key="t", start="do", steps={"do": step, "end": end}, joins={})
    work = Spread([0.0, *values, 8 * mean])
    model = Model(
        Arrivals([load / mean * HOUR / 2] * 336), {7: 1.0},
        {"do": StepModel({"ok": 1}, work=work, pools={-1: {POOL: 1.0}})}, {}, {POOL: servers}, {},
    )  # fmt: skip
    made, chances = drawn(table, {})
    begin = BEGIN.timestamp()
    stretch = Stretch(begin, (begin + 86400, begin + 28 * 86400), begin + 30 * 86400, begin + 60 * 86400)
    waits, done = 0.0, 0
    for seed in range(8):
        tally = Run(model, made, chances, {POOL: WorkTime([0.0], [1e12], [0.0])}, stretch, seed).whole()
        waits, done = waits + tally.waited["do"], done + tally.done["do"]
        assert tally.open == 0
    expected = _erlang_c(servers, load) * mean / (servers - load)
    assert waits / done == pytest.approx(expected, rel=0.1)


def test_shares_of_lists() -> None:
    assert at_share([], 0.5) is None
    assert at_share([1.0], 0.9) == 1.0
    assert at_share([0.0, 10.0], 0.9) == 9.0
    assert Spread([0.0, 2.0, 4.0]).mean == 2.0 and Spread(()).mean == 0.0
