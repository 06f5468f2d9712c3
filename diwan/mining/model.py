"""What a simulation runs on: arrivals, times, shares, staff. Plain values, learned from the log; pure.

`Change` says what would be different; `changed` gives the model and the workflow under it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from diwan.flow import Table
from diwan.flow.table import ORIGIN, Step
from diwan.mining.errors import ChangeWrong

SLOT: Final = 1_800
"""Arrivals are counted by half hours."""
SLOTS_A_DAY: Final = 48
SLOTS_A_WEEK: Final = 7 * SLOTS_A_DAY
LEAVABLE: Final = frozenset({"task", "visit", "vote", "outside", "party", "automatic", "chain"})
"""Kinds of step that can be left out: without the others there is nothing to pay, to print or to ask."""
FORWARD: Final = ("continue", "approve")
FACTORS: Final = (0.25, 10.0)
STAFF: Final = (-50, 50)


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution as values at evenly spaced shares, ascending, the least first and the greatest last (seconds)."""

    values: Sequence[float]

    def draw(self, random: Random) -> float:
        """One value, between two known ones by a straight line."""
        if len(self.values) < 2:
            return self.values[0] if self.values else 0.0
        at = random.random() * (len(self.values) - 1)
        low = int(at)
        return self.values[low] + (self.values[low + 1] - self.values[low]) * (at - low)

    @property
    def mean(self) -> float:
        """The mean of what is drawn."""
        if len(self.values) < 2:
            return self.values[0] if self.values else 0.0
        return (sum(self.values) - (self.values[0] + self.values[-1]) / 2) / (len(self.values) - 1)

    def times(self, factor: float) -> Spread:
        """The same, longer or shorter."""
        return Spread([value * factor for value in self.values])


NOTHING: Final = Spread(())
Pool = tuple[str, int]
"""Who can do a task: role and unit."""


@dataclass(frozen=True, slots=True)
class StepModel:
    """A step: its time, its ways out by weight, and for tasks of posts who does them.

    ``work``: working seconds that a post is busy with one; used where ``pools`` says, by municipality (-1: any), which
    pools do it by weight. ``delay``: elapsed seconds until somebody else has answered; used elsewhere. ``stay``:
    working seconds from a task's coming to its end, as measured; ``lag``: those of them that a task lies for another
    reason than that all posts are busy (`comparing.with_lags`).
    """

    outcomes: Mapping[str, float]
    work: Spread = NOTHING
    delay: Spread = NOTHING
    stay: Spread = NOTHING
    lag: Spread = NOTHING
    pools: Mapping[int, Mapping[Pool, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many come in each half hour of the week (Monday 0:00 first, by the clock of Riyadh), and in each of a
    holiday. ``holidays``: days off in the week, counted from the epoch."""

    rates: Sequence[float]
    on_holidays: Sequence[float] = ()
    holidays: frozenset[int] = frozenset()

    @property
    def a_week(self) -> float:
        """How many come in a week without holidays."""
        return sum(self.rates)


@dataclass(frozen=True, slots=True)
class Model:
    """A service as it ran. ``staff``: posts of each pool; ``other``: what else keeps a pool busy (arrivals, work)."""

    arrivals: Arrivals
    places: Mapping[int, float]
    steps: Mapping[str, StepModel]
    decisions: Mapping[str, Mapping[str, float]]
    staff: Mapping[Pool, int]
    other: Mapping[Pool, tuple[Arrivals, Spread]]
    tasks_a_case: float = 1.0

    @property
    def tasks_a_week(self) -> float:
        """About how many tasks one week brings, for the bound on what is simulated."""
        others = sum(arrivals.a_week for arrivals, _ in self.other.values())
        return self.arrivals.a_week * self.tasks_a_case + others


@dataclass(frozen=True, slots=True)
class Change:
    """What would be different: times of steps by a factor, more or fewer posts of a role a unit, a step left out."""

    factors: Mapping[str, float] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    without: str = ""

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it is."""
        return not (self.factors or self.staff or self.without)


def leavable(table: Table) -> list[str]:
    """Steps that can be left out: those with a way on to a certain step."""
    return [
        key for key, step in table.steps.items() if step.kind in LEAVABLE and _onward(step, {}) is not None
    ]


def _onward(step: Step, outcomes: Mapping[str, float]) -> str | None:
    """Where a case goes on when a step is left out: the way most taken of those that lead forward."""
    ways = [exit_ for exit_ in step.exits.values() if exit_.effect in FORWARD and exit_.to != ORIGIN]
    best = max(ways, key=lambda exit_: outcomes.get(exit_.key, 0.0), default=None)
    return None if best is None else best.to


def changed(model: Model, table: Table, change: Change) -> tuple[Model, Table]:
    """The model and the workflow under a change. Raises ChangeWrong for steps, roles and numbers that are not there."""
    low, high = FACTORS
    if not set(change.factors) <= set(model.steps) or not all(
        low <= by <= high for by in change.factors.values()
    ):
        raise ChangeWrong
    fewest, most = STAFF
    roles = {role for role, _ in model.staff}
    if not set(change.staff) <= roles or not all(fewest <= more <= most for more in change.staff.values()):
        raise ChangeWrong
    steps = dict(model.steps)
    for key, by in change.factors.items():
        was = steps[key]
        steps[key] = replace(was, work=was.work.times(by), delay=was.delay.times(by), lag=was.lag.times(by))
    staff = {pool: max(1, count + change.staff.get(pool[0], 0)) for pool, count in model.staff.items()}
    if change.without:
        table = _without(table, change.without, model)
    return replace(model, steps=steps, staff=staff), table


def _without(table: Table, key: str, model: Model) -> Table:
    """The workflow in which cases pass a step by at once."""
    if key not in leavable(table):
        raise ChangeWrong
    known = model.steps[key].outcomes if key in model.steps else {}
    onward = _onward(table.steps[key], known)
    passed = Step(key=key, kind="decision", otherwise=onward)
    return replace(table, steps={**table.steps, key: passed})
