"""The subscription that an action changes: locked, and only for whoever may manage them."""

from diwan.people.actor import Actor
from diwan.webhooks.errors import NotAllowed, SubscriptionUnknown
from diwan.webhooks.models import Subscription
from diwan.webhooks.registry import MANAGE


def locked(subscription_id: int, *, by: Actor) -> Subscription:
    """The row, locked until the transaction ends. Raises NotAllowed, SubscriptionUnknown (none, or ended)."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    found = Subscription.objects.select_for_update().filter(pk=subscription_id, ended_at__isnull=True).first()
    if found is None:
        raise SubscriptionUnknown
    return found
