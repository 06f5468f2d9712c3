"""Send again to a partner whose subscription was paused."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.webhooks.actions.fan_out import fanned_out
from diwan.webhooks.covering import add_since
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Delivery

#: An event that was committed just before the pause may have got no delivery.
BEFORE: Final = timedelta(minutes=5)


@transaction.atomic
def resume_subscription(*, subscription_id: int, missed: bool, by: Actor) -> int:
    """Go on; with `missed` what happened during the pause goes out too, as far as events are kept (30 days).

    What waited goes first. The number of events caught up with. Raises NotAllowed, SubscriptionUnknown.
    """
    subscription = locked(subscription_id, by=by)
    since = subscription.paused_at
    if since is None:
        return 0
    now = clock.real_now()
    subscription.paused_at, subscription.paused_why, subscription.not_before = None, "", None
    subscription.save(update_fields=["paused_at", "paused_why", "not_before"])
    Delivery.objects.filter(subscription=subscription, state=Delivery.State.WAITING).update(made_at=now)
    added = 0
    if missed:
        # The moment of an event is by the clock of the cases, which a test or demo may have moved.
        added = add_since(
            subscription_id=subscription.pk,
            since=clock.now() - (now - since) - BEFORE,
            high=fanned_out(),
            again=False,
        )
    audit_row(
        by=by, action="webhooks.subscription.resumed", object_type="subscription", object_id=subscription.pk,
        municipality_id=None, values={"missed": added},
    )  # fmt: skip
    return added
