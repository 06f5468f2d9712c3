"""Writing events and delivering them."""

from diwan.outbox.actions.deliver import deliver_events, deliver_pending
from diwan.outbox.actions.emit import emit, event_sql_values
from diwan.outbox.actions.pass_over import pass_over
from diwan.outbox.actions.prune import prune_delivered
from diwan.outbox.actions.revive import revive_dead

__all__ = [
    "deliver_events",
    "deliver_pending",
    "emit",
    "event_sql_values",
    "pass_over",
    "prune_delivered",
    "revive_dead",
]
