"""What would be if: the service as it was measured, as the model runs it, and under a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diwan.kit import clock
from diwan.mining.asking import Asked
from diwan.mining.comparing import Result, StepResult, simulated, weeks_of, with_lags
from diwan.mining.figures import Figures
from diwan.mining.learning import Learned, learn
from diwan.mining.model import FACTORS, STAFF, Change, changed, leavable
from diwan.mining.queries import figures

__all__ = ["FACTORS", "STAFF", "Answer", "Change", "Modelled", "Result", "modelled", "what_if"]

SEED: Final = 1448
_NEAR: Final = 0.25
"""A model that is further from what was measured tells differences only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Measured, as it is, as it would be (None without a change), with how it was simulated."""

    measured: Result
    as_is: Result
    to_be: Result | None
    weeks: float

    @property
    def near(self) -> bool:
        """Whether the model's median lead time is within a quarter of the measured one."""
        was, found = self.measured.lead, self.as_is.lead
        return was is not None and found is not None and abs(found - was) <= _NEAR * was


@dataclass(frozen=True, slots=True)
class Modelled:
    """A service with its figures and the model learned from them: what a form of changes offers."""

    asked: Asked
    figures: Figures
    learned: Learned

    @property
    def staff(self) -> dict[str, tuple[int, int]]:
        """By role: how many posts at how many units."""
        found: dict[str, tuple[int, int]] = {}
        for (role, _), count in self.learned.model.staff.items():
            posts, units = found.get(role, (0, 0))
            found[role] = (posts + count, units + 1)
        return dict(sorted(found.items()))

    @property
    def steps(self) -> list[str]:
        """Steps whose time can be changed, the longest in all first."""
        return [key for key in self.figures.steps if key in self.learned.model.steps]

    @property
    def leavable(self) -> list[str]:
        """Steps that can be left out."""
        return [key for key in leavable(self.asked.service.flow) if key in self.figures.steps]


def modelled(asked: Asked) -> Modelled:
    """The model of a service; two statements of aggregates. Raises TooFewCases."""
    found = figures(asked)
    return Modelled(asked, found, learn(asked, found))


def what_if(of: Modelled, change: Change, *, seed: int = SEED) -> Answer:
    """Simulate both sides with the same chance. Raises TooManyCases, ChangeWrong, NotModelled."""
    table, learned = of.asked.service.flow, of.learned
    changed(learned.model, table, change)  # refused before anything is simulated
    weeks = weeks_of(learned.model)
    begin = clock.start_of_day(of.asked.period.first).timestamp()
    model = with_lags(learned.model, table, learned.times, begin=begin, weeks=weeks, seed=seed)
    as_is = simulated(model, table, learned.times, begin=begin, weeks=weeks, seed=seed)
    to_be = None
    if not change.nothing:
        other, other_table = changed(model, table, change)
        to_be = simulated(other, other_table, learned.times, begin=begin, weeks=weeks, seed=seed)
    return Answer(_measured(of.figures, of.asked), as_is, to_be, weeks)


def _measured(figures: Figures, asked: Asked) -> Result:
    weeks = asked.period.weeks
    steps = {
        key: StepResult(step.done / weeks, step.touch or 0.0, step.total / step.done)
        for key, step in figures.steps.items()
        if step.done
    }
    return Result(figures.ended / weeks, figures.lead, figures.lead_p90, steps, {}, 0.0)
