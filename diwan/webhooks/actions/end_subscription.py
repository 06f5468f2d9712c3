"""End a subscription for good."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Delivery, Subscription


@transaction.atomic
def end_subscription(*, subscription_id: int, by: Actor) -> Subscription:
    """Send nothing more; what waited is given up, the row stays. Raises NotAllowed, SubscriptionUnknown."""
    subscription = locked(subscription_id, by=by)
    now = clock.real_now()
    subscription.ended_at = now
    subscription.save(update_fields=["ended_at"])
    Delivery.objects.filter(subscription=subscription, state=Delivery.State.WAITING).update(
        state=Delivery.State.DEAD, done_at=now, error="ended"
    )
    audit_row(
        by=by, action="webhooks.subscription.ended", object_type="subscription", object_id=subscription.pk,
        municipality_id=None,
    )  # fmt: skip
    return subscription
