"""What can be done with subscriptions and deliveries: one write a file."""

from diwan.webhooks.actions.change_address import change_address
from diwan.webhooks.actions.end_subscription import end_subscription
from diwan.webhooks.actions.fan_out import fan_out
from diwan.webhooks.actions.make_subscription import Coverage, make_subscription
from diwan.webhooks.actions.pause_subscription import pause_subscription
from diwan.webhooks.actions.prune import prune_deliveries
from diwan.webhooks.actions.replay import replay_delivery, replay_since
from diwan.webhooks.actions.resume_subscription import resume_subscription
from diwan.webhooks.actions.rotate_secret import NO_OVERLAP, rotate_secret
from diwan.webhooks.actions.send_due import finish_sending, forget_lanes, send_due
from diwan.webhooks.actions.send_test import send_test

__all__ = [
    "NO_OVERLAP",
    "Coverage",
    "change_address",
    "end_subscription",
    "fan_out",
    "finish_sending",
    "forget_lanes",
    "make_subscription",
    "pause_subscription",
    "prune_deliveries",
    "replay_delivery",
    "replay_since",
    "resume_subscription",
    "rotate_secret",
    "send_due",
    "send_test",
]
