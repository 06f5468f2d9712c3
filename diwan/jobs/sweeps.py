"""Sweeps: what waits in rows is claimed and done, again and again, by any number of workers.

The rows themselves are the durable job: they were committed with the case that caused them. A claim is a lease
(`FOR UPDATE SKIP LOCKED`, then a moment in the future), so what a killed worker held is taken up by the next.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from diwan.audit.actions import seal_committed
from diwan.cases.actions.follow_calendar import follow_calendars
from diwan.jobs import documents, lateness, machine, versions
from diwan.notify.actions import send_due
from diwan.outbox.actions import deliver_pending
from diwan.payments.actions import expire_bills, present_due
from diwan.webhooks.actions import fan_out, finish_sending
from diwan.webhooks.actions import send_due as send_webhooks

log = logging.getLogger("diwan.jobs")


@dataclass(frozen=True, slots=True)
class Sweep:
    """A function that does some waiting work and says how much; `pause` seconds when there was none.

    `close` is called at the end by a process that stops.
    """

    name: str
    run: Callable[[], int]
    pause: float
    close: Callable[[], None] | None = None


SWEEPS: Final = (
    Sweep("acts", machine.run_acts, 0.4),
    Sweep("documents", documents.issue_waiting, 0.4),
    Sweep("left over", documents.seal_left_over, 3.0),
    Sweep("events", deliver_pending, 0.4),
    Sweep("partners' events", fan_out, 0.4),
    Sweep("webhooks", send_webhooks, 0.4, close=finish_sending),
    Sweep("messages", lambda: send_due(limit=500), 0.7),
    Sweep("bills", present_due, 1.0),
    Sweep("calendars", follow_calendars, 5.0),
    Sweep("lateness", lateness.act_on_late, 5.0),
    Sweep("expiry", expire_bills, 20.0),
    Sweep("versions", versions.carry_on, 5.0),
    Sweep("seal", seal_committed, 3.0),
)
