"""As it is against as it would be: several runs of each with the same seeds, put together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from diwan.flow import Table
from diwan.mining.chance import drawn
from diwan.mining.errors import TooManyCases
from diwan.mining.model import Model, Pool
from diwan.mining.running import Run, Stretch, Tally
from diwan.mining.worktime import WorkTime

RUNS: Final = 3
MOST_TASKS: Final = 10_000
"""Tasks simulated for one side, over all runs: what can be had in about a second."""
_WEEK: Final = 7 * 86_400.0
_WARM: Final = 0.2
"""The part of the stretch that only fills the desks."""
_CLOSED: Final = 0.8
"""What comes later than this part isn't measured: it would find the desks emptier than they are."""
_NOISE: Final = 0.1
"""A smaller part of the time at a step is chance."""
_LEAST_WEEKS: Final = 3
_MOST_WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step: how often it was done in a week, mean working seconds of waiting, mean elapsed seconds at it."""

    a_week: float
    waited: float
    spent: float


@dataclass(frozen=True, slots=True)
class Result:
    """One side. Leads are elapsed seconds; ``use`` is the part of a role's working time that is taken (0 to 1)."""

    ended_a_week: float
    lead: float | None
    lead_p90: float | None
    steps: Mapping[str, StepResult]
    use: Mapping[str, float]
    unfinished: float


def weeks_of(model: Model, *, most_tasks: int = MOST_TASKS, runs: int = RUNS) -> float:
    """How many weeks can be simulated within the bound. Raises TooManyCases when it is too few to tell anything."""
    weeks = min(float(_MOST_WEEKS), most_tasks / runs / max(model.tasks_a_week, 0.01))
    if weeks < _LEAST_WEEKS:
        raise TooManyCases
    return weeks


def with_lags(
    model: Model,
    table: Table,
    times: Mapping[Pool, WorkTime],
    *,
    begin: float,
    weeks: float,
    seed: int = 1,
) -> Model:
    """The model with what busy posts don't explain: a first run tells how long tasks wait for posts alone; what was
    measured beyond that and the work itself is how long they lie (a tray that is looked through once a day)."""
    alone = simulated(model, table, times, begin=begin, weeks=weeks, seed=seed, runs=1)
    steps = dict(model.steps)
    for key, step in model.steps.items():
        found = alone.steps.get(key)
        if not step.pools or found is None or not step.stay.mean:
            continue
        share = 1 - (step.work.mean + found.waited) / step.stay.mean
        if share > _NOISE:
            steps[key] = replace(step, lag=step.stay.times(share))
    return replace(model, steps=steps)


def simulated(
    model: Model,
    table: Table,
    times: Mapping[Pool, WorkTime],
    *,
    begin: float,
    weeks: float,
    seed: int = 1,
    runs: int = RUNS,
) -> Result:
    """One side: ``runs`` runs of so many weeks from a moment on (seconds of the epoch)."""
    made, chances = drawn(table, model.decisions)
    length = weeks * _WEEK
    measured = (begin + _WARM * length, begin + _CLOSED * length)
    stretch = Stretch(begin, measured, begin + length, begin + 2 * length)
    tallies = [Run(model, made, chances, times, stretch, seed + number).whole() for number in range(runs)]
    return _together(tallies, model, times, stretch)


def _together(
    tallies: Sequence[Tally], model: Model, times: Mapping[Pool, WorkTime], stretch: Stretch
) -> Result:
    begin, end = stretch.measured
    weeks = len(tallies) * (end - begin) / _WEEK
    leads = sorted(lead for tally in tallies for lead in tally.leads)
    keys = dict.fromkeys(key for tally in tallies for key in tally.done)
    steps = {}
    for key in keys:
        done = sum(tally.done[key] for tally in tallies)
        waited, spent = (sum(getattr(t, name)[key] for t in tallies) for name in ("waited", "spent"))
        steps[key] = StepResult(done / weeks, waited / done, spent / done)
    return Result(
        ended_a_week=sum(tally.closed for tally in tallies) / weeks, lead=at_share(leads, 0.5),
        lead_p90=at_share(leads, 0.9), steps=steps, use=_use(tallies, model, times, stretch.measured),
        unfinished=sum(tally.open for tally in tallies) / max(1, len(leads) + sum(t.open for t in tallies)),
    )  # fmt: skip


def _use(
    tallies: Sequence[Tally], model: Model, times: Mapping[Pool, WorkTime], measured: tuple[float, float]
) -> dict[str, float]:
    """By role: busy working time of that which its posts have."""
    busy: dict[str, float] = {}
    there: dict[str, float] = {}
    for pool, count in model.staff.items():
        time = times[pool]
        whole = (time.worked(measured[1]) - time.worked(measured[0])) * count * len(tallies)
        busy[pool[0]] = busy.get(pool[0], 0.0) + sum(tally.busy[pool] for tally in tallies)
        there[pool[0]] = there.get(pool[0], 0.0) + whole
    return {role: busy[role] / there[role] if there[role] else 0.0 for role in busy}


def at_share(ordered: Sequence[float], share: float) -> float | None:
    """The value at a share of an ascending list, between two by a straight line; None for none."""
    if not ordered:
        return None
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
