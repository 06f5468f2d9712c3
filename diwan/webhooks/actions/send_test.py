"""Send a partner an event that means nothing, by the same way as every other."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.outbox.actions import emit
from diwan.people.actor import Actor
from diwan.webhooks.errors import SubscriptionPaused
from diwan.webhooks.events import TESTED
from diwan.webhooks.locking import locked


@transaction.atomic
def send_test(*, subscription_id: int, by: Actor) -> int:
    """Emit a test for this subscription; the id of the event.

    Raises NotAllowed, SubscriptionUnknown, SubscriptionPaused.
    """
    subscription = locked(subscription_id, by=by)
    if subscription.paused_at is not None:
        raise SubscriptionPaused
    event_id = emit(
        name=TESTED, subject=f"subscription:{subscription.pk}", data={"subscription": subscription.pk}
    )
    audit_row(
        by=by, action="webhooks.subscription.tested", object_type="subscription", object_id=subscription.pk,
        municipality_id=None,
    )  # fmt: skip
    return event_id
