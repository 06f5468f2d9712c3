"""What an answer means: delivered, again and when, given up, paused, or leave the receiver alone."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from diwan.webhooks.ports import Reply

FIRST_WAIT: Final = timedelta(seconds=5)
FACTOR: Final = 3
LONGEST_WAIT: Final = timedelta(hours=24)
#: Attempts before an event is a dead letter; with the pauses above about three days and a half.
MOST_TRIES: Final = 12
#: Attempts when the receiver answers that it will not have the event.
MOST_REFUSALS: Final = 3
#: What waited so long behind a receiver that never came back is given up as well.
OLDEST: Final = timedelta(days=7)
#: Statuses that say "not now" and not "not this".
NOT_NOW: Final = frozenset((408, 425, 429))
GONE: Final = 410
#: An answer that takes longer makes its subscription one that is sent to one by one.
SLOW_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery, and what it tells of its receiver.

    `wait` counts for `again`; `hold`: how long nothing at all goes there; `well`: whether the receiver does its work.
    """

    state: Literal["delivered", "again", "dead", "gone"]
    error: str = ""
    wait: timedelta = timedelta()
    hold: timedelta | None = None
    well: bool = True


def wait_after(tries: int, *, chance: float | None = None) -> timedelta:
    """The pause after so many failures: 5 s, three times as long each time, 24 h at most, a quarter to either side."""
    share = random.random() if chance is None else chance  # noqa: S311  spreads load, protects nothing
    pause: timedelta = min(FIRST_WAIT * FACTOR ** min(max(tries - 1, 0), 20), LONGEST_WAIT)
    return pause * (0.75 + 0.5 * share)


def judge(reply: Reply, *, attempts: int) -> Verdict:
    """What the answer to an attempt means; `attempts` counts it."""
    if 200 <= reply.status < 300:
        return Verdict("delivered")
    if reply.status == GONE:
        return Verdict("gone", error="gone")
    hold = _hold(reply)
    passing = reply.status == 0 or reply.status >= 500 or reply.status in NOT_NOW
    refused = reply.error == "blocked" or not passing
    error = reply.error or ("redirect" if 300 <= reply.status < 400 else "status")
    if attempts >= (MOST_REFUSALS if refused else MOST_TRIES):
        return Verdict("dead", error=error, hold=hold, well=not passing)
    return Verdict(
        "again", error=error, wait=max(wait_after(attempts), hold or timedelta()), hold=hold, well=not passing
    )


def _hold(reply: Reply) -> timedelta | None:
    """The pause that an overloaded receiver asks for, a day at most."""
    if reply.retry_after is None or reply.status not in (429, 503):
        return None
    return min(timedelta(seconds=max(reply.retry_after, 1.0)), LONGEST_WAIT)
