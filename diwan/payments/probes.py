"""Bills that the payment system has not been told of, and payments that wait for finance."""

from collections.abc import Iterator

from django.db.models import Count, Min

from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.payments.models import Bill

WATCH, BAD = 120.0, 1800.0


@probe("queues", "payments.bills")
def bills() -> Iterator[Finding]:
    """A bill that nobody can pay yet since the payment system does not know it."""
    found = Bill.objects.filter(try_at__isnull=False).aggregate(count=Count("id"), oldest=Min("issued_at"))
    age = seconds_since(found["oldest"], now=clock.now())
    yield Finding(
        key="bills", name=N_("Bills to be told to the payment system"), state=grade(age, watch=WATCH, bad=BAD),
        count=found["count"], age=age,
        advice=N_("See under “Systems outside” whether the payment system answers. Bills keep their numbers."),
    )  # fmt: skip
