"""Refusals that several actions share."""

from diwan.kit.errors import N_, DiwanError


class NotAllowed(DiwanError):
    """The capacity lacks the permission."""

    code = "webhooks.not_allowed"
    message = N_("Your current capacity does not allow this. The system administrator manages subscriptions.")


class SubscriptionUnknown(DiwanError):
    """No such subscription, or it has ended."""

    code = "webhooks.subscription_unknown"
    message = N_("There is no such subscription, or it has ended.")


class SubscriptionPaused(DiwanError):
    """A paused subscription gets nothing."""

    code = "webhooks.subscription_paused"
    message = N_("The subscription is paused. Resume it first.")


class DeliveryUnknown(DiwanError):
    """No such delivery of this subscription, or it is on its way already."""

    code = "webhooks.delivery_unknown"
    message = N_("There is no such delivery, or it is on its way already.")
