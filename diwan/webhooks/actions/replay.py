"""Send once more what was delivered or given up: one delivery, or everything since a moment."""

from datetime import datetime

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.webhooks.actions.fan_out import fanned_out
from diwan.webhooks.covering import add_since
from diwan.webhooks.errors import DeliveryUnknown, SubscriptionPaused
from diwan.webhooks.locking import locked
from diwan.webhooks.models import Delivery, Subscription


@transaction.atomic
def replay_delivery(*, subscription_id: int, delivery_id: int, by: Actor) -> Delivery:
    """Send one delivery again under the same id, with fresh attempts.

    Raises NotAllowed, SubscriptionUnknown, SubscriptionPaused, DeliveryUnknown (none, or still waiting).
    """
    subscription = _open(subscription_id, by)
    found = (
        Delivery.objects.select_for_update()
        .filter(pk=delivery_id, subscription=subscription)
        .exclude(state=Delivery.State.WAITING)
        .first()
    )
    if found is None:
        raise DeliveryUnknown
    now = clock.real_now()
    found.state, found.attempts, found.next_at, found.made_at = Delivery.State.WAITING, 0, now, now
    found.done_at, found.status, found.error = None, 0, ""
    found.save()
    _note(by, subscription, 1)
    return found


@transaction.atomic
def replay_since(*, subscription_id: int, since: datetime, only_dead: bool, by: Actor) -> int:
    """Send again what happened since a moment, or of it only what was given up; how many. Events are kept for 30 days.

    Raises NotAllowed, SubscriptionUnknown, SubscriptionPaused.
    """
    subscription = _open(subscription_id, by)
    if only_dead:
        now = clock.real_now()
        count = Delivery.objects.filter(
            subscription=subscription, state=Delivery.State.DEAD, at__gte=since
        ).update(
            state=Delivery.State.WAITING,
            attempts=0,
            next_at=now,
            made_at=now,
            done_at=None,
            status=0,
            error="",
        )
    else:
        count = add_since(subscription_id=subscription.pk, since=since, high=fanned_out(), again=True)
    _note(by, subscription, count)
    return count


def _open(subscription_id: int, by: Actor) -> Subscription:
    subscription = locked(subscription_id, by=by)
    if subscription.paused_at is not None:
        raise SubscriptionPaused
    return subscription


def _note(by: Actor, subscription: Subscription, count: int) -> None:
    audit_row(
        by=by, action="webhooks.subscription.replayed", object_type="subscription", object_id=subscription.pk,
        municipality_id=None, values={"count": count},
    )  # fmt: skip
