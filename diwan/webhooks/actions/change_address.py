"""Send to another address of the same partner."""

from django.conf import settings
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit.outward import read_target
from diwan.people.actor import Actor
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Subscription


@transaction.atomic
def change_address(*, subscription_id: int, url: str, by: Actor) -> Subscription:
    """What waits goes to the new address too; the secret stays.

    Raises NotAllowed, SubscriptionUnknown, InvalidValue (`outward.*`).
    """
    subscription = locked(subscription_id, by=by)
    config = settings.DIWAN
    read_target(url, ports=config.webhooks_ports, loopback=config.webhooks_loopback)
    subscription.url, subscription.not_before = url, None
    subscription.save(update_fields=["url", "not_before"])
    audit_row(
        by=by, action="webhooks.subscription.moved", object_type="subscription", object_id=subscription.pk,
        municipality_id=None, fields=["url"], values={"url": url},
    )  # fmt: skip
    return subscription
