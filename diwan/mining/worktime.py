"""Working time as a straight line: a calendar's spans with the seconds worked before each. Pure.

Asked a hundred thousand times, by SQL (as arrays) and by the simulation, where walking day by day would cost too much.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from diwan.kit.calendars import WorkingCalendar, spans_of
from diwan.kit.clock import start_of_day

_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Spans of work in order: when each begins (seconds of the epoch), how long it is, what was worked before it."""

    starts: Sequence[float]
    lengths: Sequence[float]
    before: Sequence[float]

    def worked(self, moment: float) -> float:
        """Seconds worked from the first span up to a moment (seconds of the epoch); 0 before it."""
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0.0
        return self.before[at] + min(moment - self.starts[at], self.lengths[at])

    def after(self, moment: float, seconds: float) -> float:
        """The moment by which so many more seconds have been worked; behind the last span time runs on as work."""
        if seconds <= 0:
            return moment
        wanted = self.worked(moment) + seconds
        at = max(0, bisect_right(self.before, wanted) - 1)
        if self.before[at] == wanted and at > 0:  # it ends with the span before, not when the next one begins
            at -= 1
        return self.starts[at] + wanted - self.before[at]


def work_time(calendar: WorkingCalendar, first: date, last: date) -> WorkTime:
    """The working time of all days from ``first`` to ``last``, both included."""
    starts: list[float] = []
    lengths: list[float] = []
    before: list[float] = []
    total = 0.0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        midnight = start_of_day(day).timestamp()
        for begin, end in spans_of(day, calendar):
            starts.append(midnight + begin * _MINUTE)
            lengths.append(float((end - begin) * _MINUTE))
            before.append(total)
            total += lengths[-1]
    return WorkTime(starts, lengths, before) if starts else always(first)


def always(first: date) -> WorkTime:
    """Day and night from a day on: one span without an end that matters."""
    return WorkTime([start_of_day(first).timestamp()], [1e12], [0.0])
