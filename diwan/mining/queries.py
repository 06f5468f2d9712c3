"""What is read: the services of a period, the view of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from diwan.kit import clock
from diwan.mining import log_sql
from diwan.mining.arrows import inside_each
from diwan.mining.asking import Asked, Listed, Period, asking, last_days, places_of, services_of
from diwan.mining.figures import Figures, Loop, Path, StepFigures, figures_of
from diwan.mining.registry import MOST_CASES, MOST_PATHS
from diwan.mining.sheet import Drawing, drawing_of
from diwan.mining.words import bottleneck_words
from diwan.mining.worktime import WorkTime

__all__ = [
    "Asked",
    "Listed",
    "Period",
    "ProcessView",
    "asking",
    "figures",
    "last_days",
    "places_of",
    "process_view",
    "services_of",
]


@dataclass(frozen=True, slots=True)
class ProcessView:
    """All that a page about a service shows."""

    asked: Asked
    figures: Figures
    drawing: Drawing
    bottleneck: str

    def title(self, step: str) -> str:
        """What employees call a step."""
        return self.asked.service.title(step, self.asked.language)

    @property
    def steps(self) -> list[tuple[str, StepFigures]]:
        """Steps with their titles, the longest in all first."""
        return [(self.title(key), found) for key, found in self.figures.steps.items()]

    @property
    def paths(self) -> list[tuple[list[str], Path]]:
        """Paths with the titles of their steps."""
        return [([self.title(step) for step in path.steps], path) for path in self.figures.paths]

    @property
    def loops(self) -> list[tuple[str, Loop]]:
        """What was done again, with titles; not what is done for several at once."""
        several = inside_each(self.asked.service.flow)
        return [(self.title(loop.step), loop) for loop in self.figures.loops if loop.step not in several]

    @property
    def whole(self) -> bool:
        """Whether every case of the period was read."""
        return self.figures.opened < MOST_CASES


def calendar_parameters(times: Sequence[WorkTime], whose: dict[int, int]) -> dict[str, Any]:
    """Calendars and whose they are, as parameters of `log_sql.calendars_of`."""
    found: dict[str, Any] = {"place": list(whose), "whose": list(whose.values())}
    for number, time in enumerate(times):
        found |= {
            f"starts{number}": list(time.starts), f"lengths{number}": list(time.lengths),
            f"before{number}": list(time.before),
        }  # fmt: skip
    return found


def figures(asked: Asked) -> Figures:
    """Everything measured, by one statement."""
    times, whose = asked.work_times()
    limits = {"most": MOST_CASES, "paths": MOST_PATHS, "now": clock.now()}
    parameters = {**asked.where(), **calendar_parameters(times, whose), **limits}
    with connection.cursor() as cursor:
        cursor.execute(log_sql.figures(len(times)), parameters)
        rows = cursor.fetchall()
    return figures_of((part, json.loads(found) if isinstance(found, str) else found) for part, found in rows)


def process_view(asked: Asked) -> ProcessView:
    """Figures, drawing and sentence for a page; two statements."""
    found = figures(asked)
    drawing = drawing_of(
        asked.service.flow, found, language=asked.language, from_right=asked.language == "ar"
    )
    slow = found.bottleneck
    title = asked.service.title(slow.key, asked.language) if slow is not None else ""
    return ProcessView(asked, found, drawing, bottleneck_words(slow, title))
