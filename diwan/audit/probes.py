"""How far the audit log is sealed."""

from collections.abc import Iterator

from django.db.models import Count, Min

from diwan.audit.models import AuditRow
from diwan.audit.queries import newest_seal
from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit.errors import N_

WATCH, BAD = 120.0, 1800.0


@probe("queues", "audit.seal")
def seal_lag() -> Iterator[Finding]:
    """Rows that no seal covers yet; the oldest tells the lag."""
    seal = newest_seal()
    found = AuditRow.objects.filter(xid__gte=seal.xid_to if seal else 0).aggregate(
        count=Count("id"), oldest=Min("recorded_at")
    )
    age = seconds_since(found["oldest"])
    yield Finding(
        key="audit.seal", name=N_("Entries of the log without a seal"), state=grade(age, watch=WATCH, bad=BAD),
        count=found["count"], age=age,
        advice=N_("See whether the worker lives, and whether a transaction has been open for long."),
    )  # fmt: skip
