"""One simulated stretch of time: cases come, wait for posts, are worked on, go on. Discrete events by SimPy; pure.

Cases are moved by the core of the engine (`diwan.flow`), with shares in place of rules (`chance`). A post works by its
calendar on one task at a time, first come first served. The same seed gives the same run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import simpy

from diwan.flow import Table
from diwan.flow.core import advance, start
from diwan.flow.effects import CloseTask, OpenTask
from diwan.flow.errors import FlowError
from diwan.flow.events import Completed, Event, Expired, Message, Paid, Signed
from diwan.flow.position import Outcome, Position
from diwan.flow.table import PAID, SIGNED, Step
from diwan.mining.chance import by_chance
from diwan.mining.errors import NotModelled
from diwan.mining.model import SLOT, SLOTS_A_DAY, Arrivals, Model, Pool, Spread, StepModel
from diwan.mining.worktime import WorkTime

_RIYADH: Final = 3 * 3_600
"""UTC+3, no summer time."""
_THURSDAY: Final = 3
"""The weekday of the epoch."""
_MOST_MOVES: Final = 400
_ANYWHERE: Final = -1
_UNKNOWN: Final = StepModel({})
_BY_TIME: Final = frozenset({"applicant", "choice", "payment", "wait"})
"""Kinds whose deadline is an event of its own, and no answer of somebody."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """When it begins, when what comes is measured (from, to), until when cases come, and when it is given up."""

    begin: float
    measured: tuple[float, float]
    until: float
    limit: float


@dataclass(slots=True)
class Tally:
    """What came out. ``leads``: elapsed seconds of measured cases; the rest in sums, by step and by pool."""

    leads: list[float] = field(default_factory=list)
    closed: int = 0
    open: int = 0
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waited: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    busy: dict[Pool, float] = field(default_factory=lambda: defaultdict(float))


def stream(number: int) -> Random:
    """A stream of chance; the same number gives the same one."""
    return Random(number)  # noqa: S311  a simulation, nothing secret


def moments(arrivals: Arrivals, begin: float, until: float, random: Random) -> Iterator[float]:
    """When something comes: a Poisson process whose rate goes by the half hour of the week."""
    at, need = begin, random.expovariate(1.0)
    while at < until:
        rate = _rate(arrivals, int(at + _RIYADH)) / SLOT
        slot_ends = (at // SLOT + 1) * SLOT
        if rate and need <= rate * (slot_ends - at):
            at += need / rate
            need = random.expovariate(1.0)
            if at < until:
                yield at
        else:
            need -= rate * (slot_ends - at)
            at = slot_ends


def _rate(arrivals: Arrivals, there: int) -> float:
    """How many come in the half hour of a moment (seconds of the epoch by the clock of Riyadh)."""
    day, slot = divmod(there // SLOT, SLOTS_A_DAY)
    if day in arrivals.holidays:
        return arrivals.on_holidays[slot]
    return arrivals.rates[(day + _THURSDAY) % 7 * SLOTS_A_DAY + slot]


class Run:
    """A run in the making."""

    def __init__(
        self,
        model: Model,
        table: Table,
        chances: list[float],
        times: Mapping[Pool, WorkTime],
        stretch: Stretch,
        seed: int,
    ) -> None:
        self.model, self.table, self.chances, self.times, self.stretch = model, table, chances, times, stretch
        self.env = simpy.Environment(initial_time=stretch.begin)
        self.posts = {pool: simpy.Resource(self.env, capacity=count) for pool, count in model.staff.items()}
        self.tally = Tally()
        self._seed = seed
        self._waits = 0

    def whole(self) -> Tally:
        """Let it run: until cases stop coming, then until the measured ones have ended or it is given up."""
        self.env.process(self._cases())
        for number, (pool, (arrivals, work)) in enumerate(sorted(self.model.other.items())):
            self.env.process(self._others(pool, arrivals, work, stream(self._seed * 1_009 + number)))
        self.env.run(until=self.stretch.until)
        while self._waits and self.env.peek() < self.stretch.limit:
            self.env.step()
        self.tally.open = self._waits
        return self.tally

    def _cases(self) -> Generator[simpy.Event, Any, None]:
        """Cases come, each with a stream of chance of its own, so that a change to one leaves the others alone."""
        random = stream(self._seed)
        places, weights = list(self.model.places), list(self.model.places.values())
        for number, at in enumerate(moments(self.model.arrivals, self.env.now, self.stretch.until, random)):
            yield self.env.timeout(at - self.env.now)
            place = random.choices(places, weights)[0]
            _Case(self, place, stream(self._seed * 1_000_003 + number)).begin()

    def _others(
        self, pool: Pool, arrivals: Arrivals, work: Spread, random: Random
    ) -> Generator[simpy.Event, Any, None]:
        """What else the posts of a pool have to do."""
        for at in moments(arrivals, self.env.now, self.stretch.until, random):
            yield self.env.timeout(at - self.env.now)
            self.env.process(self.work(pool, work.draw(random)))

    def work(
        self, pool: Pool, seconds: float, step: str = "", lag: float = 0.0
    ) -> Generator[simpy.Event, Any, None]:
        """Lie for the lag, wait for a post of the pool, keep it busy; all in working time."""
        entered, time = self.env.now, self.times[pool]
        if lag > 0:
            yield self.env.timeout(time.after(entered, lag) - entered)
        with self.posts[pool].request() as turn:
            yield turn
            began = self.env.now
            yield self.env.timeout(time.after(began, seconds) - began)
        first, last = self.stretch.measured
        begin, end = max(began, first), min(self.env.now, last)
        if begin < end:
            self.tally.busy[pool] += time.worked(end) - time.worked(begin)
        if step and self.measures(entered):
            self.tally.waited[step] += time.worked(began) - time.worked(entered)

    def measures(self, moment: float) -> bool:
        """Whether what begins at that moment is measured."""
        return self.stretch.measured[0] <= moment < self.stretch.measured[1]

    def opened(self, at: float) -> None:
        """A case has come."""
        self._waits += self.measures(at)

    def ended(self, opened: float) -> None:
        """A case has ended."""
        now = self.env.now
        self.tally.closed += self.measures(now)
        if self.measures(opened):
            self._waits -= 1
            self.tally.leads.append(now - opened)


class _Case:
    """A simulated case: its position, and a process for each open task."""

    __slots__ = ("evaluate", "moves", "opened", "place", "position", "random", "run", "tasks")

    def __init__(self, run: Run, place: int, random: Random) -> None:
        self.run, self.place, self.random = run, place, random
        self.opened = run.env.now
        self.evaluate = by_chance(run.chances, random)
        self.position = Position()
        self.tasks: dict[int, simpy.Process] = {}
        self.moves = 0

    def begin(self) -> None:
        """Open it."""
        self.run.opened(self.opened)
        self._follow(self._moved("", lambda: start(self.run.table, {}, self.evaluate)))

    def _moved(self, step: str, move: Any) -> Outcome:
        self.moves += 1
        if self.moves > _MOST_MOVES:
            raise NotModelled(step=step)
        try:
            outcome: Outcome = move()
        except FlowError as error:
            raise NotModelled(step=step) from error
        return outcome

    def _follow(self, outcome: Outcome) -> None:
        """Let the tasks of the new position begin, and those that were closed end."""
        self.position = outcome.position
        live = {token.id: token.step for token in outcome.position.tokens}
        for effect in outcome.effects:
            if isinstance(effect, CloseTask):
                process = self.tasks.pop(effect.token, None)
                if process is not None and effect.outcome is None and process.is_alive:
                    process.interrupt()
            elif isinstance(effect, OpenTask) and live.get(effect.token) == effect.step:
                self.tasks[effect.token] = self.run.env.process(self._task(effect.token, effect.step))
        if outcome.position.end is not None and not live:
            self.run.ended(self.opened)

    def _task(self, token: int, key: str) -> Generator[simpy.Event, Any, None]:
        run, model = self.run, self.run.model.steps.get(key, _UNKNOWN)
        entered = run.env.now
        pools = model.pools.get(self.place) or model.pools.get(_ANYWHERE)
        try:
            if pools:
                pool = self.random.choices(list(pools), list(pools.values()))[0]
                lag = model.lag.draw(self.random)
                yield from run.work(pool, model.work.draw(self.random), key, lag)
            else:
                yield run.env.timeout(model.delay.draw(self.random))
        except simpy.Interrupt:
            return
        if run.measures(entered):
            run.tally.done[key] += 1
            run.tally.spent[key] += run.env.now - entered
        step = run.table.steps[key]
        event = event_of(step, token, self._outcome(step, model))
        self._follow(self._moved(key, lambda: advance(run.table, self.position, event, {}, self.evaluate)))

    def _outcome(self, step: Step, model: StepModel) -> str:
        """A way out by the measured shares; without any the first one."""
        ways = [*step.exits, *([SIGNED] if step.kind == "chain" else [])]
        weights = [model.outcomes.get(way, 0.0) for way in ways]
        return self.random.choices(ways, weights)[0] if sum(weights) else ways[0]


def event_of(step: Step, token: int, outcome: str) -> Event:
    """The event by which a token leaves its step with an outcome."""
    if step.kind in _BY_TIME and outcome == step.on_expired:
        return Expired(token)
    if step.kind == "chain" and outcome == SIGNED:
        return Signed(token)
    if step.kind == "payment" and outcome == PAID:
        return Paid(token)
    if step.kind == "wait":
        return Message(token, outcome)
    return Completed(token, outcome)
