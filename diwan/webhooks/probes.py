"""Events on their way to partners, and those that were given up."""

from collections.abc import Iterator

from django.db.models import Count, Min

from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit.errors import N_
from diwan.webhooks.models import Delivery

WATCH, BAD = 900.0, 86_400.0


@probe("queues", "webhooks.deliveries")
def deliveries() -> Iterator[Finding]:
    """What waits for partners' receivers that are not paused, and what was given up."""
    rows = Delivery.objects.filter(state=Delivery.State.WAITING, subscription__paused_at__isnull=True)
    found = rows.aggregate(count=Count("id"), oldest=Min("made_at"))
    age = seconds_since(found["oldest"])
    yield Finding(
        key="webhooks", name=N_("Events for partners"), state=grade(age, watch=WATCH, bad=BAD), count=found["count"],
        age=age, advice=N_("See on the page of webhooks which receiver does not answer, and tell the partner."),
    )  # fmt: skip
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    yield Finding(
        key="webhooks.dead", name=N_("Events for partners given up"), state="watch" if dead else "good", count=dead,
        advice=N_("The page of webhooks lists them, and sends them again."),
    )  # fmt: skip
