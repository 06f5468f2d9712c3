"""Send nothing to a partner until further notice."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Subscription


@transaction.atomic
def pause_subscription(
    *, subscription_id: int, by: Actor, why: Subscription.Why = Subscription.Why.PERSON
) -> Subscription:
    """Pause: what waits keeps waiting, what happens from now on gets no delivery. A paused one stays as it is.

    Raises NotAllowed, SubscriptionUnknown.
    """
    subscription = locked(subscription_id, by=by)
    if subscription.paused_at is None:
        subscription.paused_at, subscription.paused_why = clock.real_now(), why
        subscription.save(update_fields=["paused_at", "paused_why"])
        audit_row(
            by=by, action="webhooks.subscription.paused", object_type="subscription", object_id=subscription.pk,
            municipality_id=None, values={"why": str(why)},
        )  # fmt: skip
    return subscription
