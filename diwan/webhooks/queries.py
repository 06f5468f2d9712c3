"""Subscriptions and deliveries as screens and the command line show them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery

from diwan.outbox.events import EventKind, declared
from diwan.people.actor import Actor
from diwan.webhooks import envelope, signing
from diwan.webhooks.errors import NotAllowed, SubscriptionUnknown
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.registry import MANAGE


@dataclass(frozen=True, slots=True)
class Standing:
    """How many deliveries wait and how many were given up, since when the oldest waits, when one arrived last."""

    waiting: int = 0
    dead: int = 0
    oldest: datetime | None = None
    last: datetime | None = None


def subscriptions(by: Actor) -> QuerySet[Subscription]:
    """Every subscription that has not ended, by name. Raises NotAllowed."""
    _check(by)
    return Subscription.objects.filter(ended_at__isnull=True).order_by("name", "id")


def subscription(subscription_id: int, by: Actor) -> Subscription:
    """One subscription. Raises NotAllowed, SubscriptionUnknown."""
    found = subscriptions(by).filter(pk=subscription_id).first()
    if found is None:
        raise SubscriptionUnknown
    return found


def standings(by: Actor) -> Mapping[int, Standing]:
    """How each subscription stands, in two statements. Raises NotAllowed."""
    newest = Delivery.objects.filter(subscription=OuterRef("pk"), state="delivered").order_by("-id")
    last = dict(subscriptions(by).values_list("pk", Subquery(newest.values("done_at")[:1])))
    found = {pk: Standing(last=moment) for pk, moment in last.items()}
    counted = (
        Delivery.objects.filter(state__in=["waiting", "dead"], subscription__in=list(found))
        .values_list("subscription", "state")
        .annotate(count=Count("id"), oldest=Min("made_at"))
    )
    for pk, state, count, oldest in counted:
        more = {"waiting": count, "oldest": oldest} if state == "waiting" else {"dead": count}
        found[pk] = replace(found[pk], **more)
    return found


def deliveries(
    subscription_id: int, by: Actor, *, state: str = "", below: int | None = None
) -> QuerySet[Delivery]:
    """Deliveries of a subscription, the newest first; of one state, and below an id (for paging). Raises NotAllowed."""
    _check(by)
    found = Delivery.objects.filter(subscription_id=subscription_id)
    if state:
        found = found.filter(state=state)
    if below is not None:
        found = found.filter(id__lt=below)
    return found.order_by("-id")


def shown_secret(subscription_id: int, by: Actor) -> str:
    """The secret in force as text, for the one time that it is shown. Raises NotAllowed, SubscriptionUnknown."""
    return signing.secret_text(subscription(subscription_id, by))


def offered_events() -> list[EventKind]:
    """The events that can be subscribed to, by name."""
    return envelope.offered()


def outward_keys(kind: EventKind) -> tuple[str, ...]:
    """The keys of an event's data as partners get it; empty for one that stays inside."""
    return envelope.keys_of(kind) if kind.outward else ()


def schema_of(name: str, version: int) -> dict[str, object] | None:
    """The JSON schema of the data of an event that goes out; None for any other name or version."""
    kind = declared().get(name)
    return envelope.schema_of(kind) if kind is not None and kind.outward and kind.version == version else None


def subject_shown(delivery: Delivery) -> str:
    """What a delivery is about, as the partner reads it."""
    return envelope.subject_of(delivery)


def identity_shown(delivery: Delivery) -> str:
    """The id of the event, as the partner reads it."""
    return envelope.identity_of(delivery)


def _check(by: Actor) -> None:
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
