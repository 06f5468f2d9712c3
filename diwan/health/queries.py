"""Reads: systems that do not answer at the moment, signs of life, what the operator's commands have left."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from diwan.health.calls import ENOUGH
from diwan.health.models import Beat, Connector

KEEP_SECONDS: Final = 15.0
OPERATIONS: Final = "operations.json"
_outages: tuple[float, tuple["Outage", ...]] = (0.0, ())


@dataclass(frozen=True, slots=True)
class Outage:
    """A system that answers nobody; `since` is real time."""

    name: str
    since: datetime


def outages() -> tuple[Outage, ...]:
    """The systems outside that do not answer, the longest first; remembered for a quarter of a minute."""
    global _outages
    until, found = _outages
    if until < time.monotonic():
        rows = Connector.objects.filter(failing_since__isnull=False, failures__gte=ENOUGH)
        found = tuple(
            Outage(row.name, row.failing_since) for row in rows.order_by("failing_since") if row.failing_since
        )
        _outages = (time.monotonic() + KEEP_SECONDS, found)
    return found


def outage_of(name: str) -> Outage | None:
    """The outage of one system, or None."""
    return next((found for found in outages() if found.name == name), None)


def connectors() -> list[Connector]:
    """Every system that was called once, by name."""
    return list(Connector.objects.order_by("name"))


def newest_beat(part: str) -> Beat | None:
    """The youngest sign of life of a part."""
    return Beat.objects.filter(part=part).order_by("-at").first()


def operations() -> dict[str, Any]:
    """What the launcher wrote down of backups and drills: `backup` and `drill`, each with `at` and more; {} if none."""
    try:
        found = json.loads((settings.DIWAN.data / OPERATIONS).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def forget() -> None:
    """Ask the database anew."""
    global _outages
    _outages = (0.0, ())
