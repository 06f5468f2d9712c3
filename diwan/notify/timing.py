"""When a message goes: how long to wait after a failure, and what may not ring at night."""

import random
from datetime import datetime, time, timedelta
from typing import Final

from diwan.kit import clock

#: How long a claimed message belongs to the process that claimed it.
LEASE: Final = timedelta(minutes=5)
#: Tries that a provider may turn down before the message is given up.
MOST_TRIES: Final = 8
FIRST_WAIT: Final = timedelta(seconds=20)
LONGEST_WAIT: Final = timedelta(hours=2)
#: How long a channel that cannot be reached is left alone; this costs the messages no try.
CHANNEL_PAUSE: Final = timedelta(seconds=30)
NIGHT_FROM: Final = time(22, 0)
NIGHT_TO: Final = time(8, 0)


def wait_after(tries: int, *, chance: float | None = None) -> timedelta:
    """The pause after the given number of failures: doubling from 20 seconds to 2 hours, a quarter to either side."""
    share = random.random() if chance is None else chance  # noqa: S311  spreads load, protects nothing
    pause: timedelta = min(FIRST_WAIT * 2 ** max(tries - 1, 0), LONGEST_WAIT)
    return pause * (0.75 + 0.5 * share)


def after_night(now: datetime) -> datetime | None:
    """The morning (8:00 in Riyadh) when `now` lies in the night that begins at 22:00; None by day."""
    here = clock.local(now)
    if NIGHT_TO <= here.time() < NIGHT_FROM:
        return None
    day = here.date() + timedelta(days=1 if here.time() >= NIGHT_FROM else 0)
    return datetime.combine(day, NIGHT_TO, clock.RIYADH)
