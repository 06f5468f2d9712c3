"""What waits, and what was given up."""

from typing import NamedTuple

from django.db.models import QuerySet

from diwan.outbox.models import Failure


class Waiting(NamedTuple):
    """How many deliveries are being retried and how many were given up."""

    retrying: int
    dead: int


def waiting() -> Waiting:
    """Counts for the operator's page and the health report."""
    return Waiting(
        retrying=Failure.objects.filter(dead_at__isnull=True).count(),
        dead=Failure.objects.filter(dead_at__isnull=False).count(),
    )


def dead_letters() -> QuerySet[Failure]:
    """Deliveries that are not tried by themselves any more, newest first, each with its event."""
    return Failure.objects.filter(dead_at__isnull=False).select_related("event").order_by("-dead_at")
