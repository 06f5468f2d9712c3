"""What cases wait for from the machine."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Max, Min

from diwan.cases.models import OpenTask
from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit import clock
from diwan.kit.errors import N_

WATCH, BAD = 120.0, 1800.0
_KINDS: Final = (
    (
        OpenTask.Kind.AUTOMATIC, "acts", N_("Automatic checks"),
        N_("See whether the worker lives, and what its log says of the sweep “acts”."),
    ),
    (
        OpenTask.Kind.DOCUMENT, "documents", N_("Documents to be signed"),
        N_("See whether the signer and the certification authority answer."),
    ),
)  # fmt: skip


@probe("queues", "cases.machine")
def machine() -> Iterator[Finding]:
    """Tasks of the machine by kind; `tries` tells that the oldest was tried in vain."""
    now = clock.now()
    for kind, key, name, advice in _KINDS:
        found = OpenTask.objects.filter(kind=kind).aggregate(
            count=Count("id"), oldest=Min("entered_at"), tries=Max("tries")
        )
        age = seconds_since(found["oldest"], now=now)
        yield Finding(
            key=key, name=name, state=grade(age, watch=WATCH, bad=BAD), count=found["count"], age=age, advice=advice,
            says=N_("Tried {tries} times in vain.") if found["tries"] else "", params={"tries": found["tries"] or 0},
        )  # fmt: skip
