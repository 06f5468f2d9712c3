"""Events of this package."""

from diwan.outbox.events import declare

TESTED = declare(
    "webhooks.subscription.tested",
    about="Somebody asked for a test; it goes to this one subscription whatever it has chosen.",
    keys=("subscription",),
    outward=("subscription",),
)
