"""Give a subscription a new signing secret, while the one before signs as well for a time."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Subscription

OVERLAP: Final = timedelta(hours=24)
NO_OVERLAP: Final = timedelta()


@transaction.atomic
def rotate_secret(*, subscription_id: int, by: Actor, overlap: timedelta = OVERLAP) -> Subscription:
    """Count the secret up. For `overlap` (a day) both sign; none at all when the one before has leaked.

    Raises NotAllowed, SubscriptionUnknown.
    """
    subscription = locked(subscription_id, by=by)
    subscription.secret += 1
    subscription.overlap_until = clock.real_now() + overlap if overlap else None
    subscription.save(update_fields=["secret", "overlap_until"])
    audit_row(
        by=by, action="webhooks.subscription.rotated", object_type="subscription", object_id=subscription.pk,
        municipality_id=None, values={"secret": subscription.secret, "overlap": int(overlap.total_seconds())},
    )  # fmt: skip
    return subscription
