"""Who is sent a report: by what it is about, where it lies and when. Pure; the rule that fired is told in words.

The order: what somebody decided by hand, the body that owns it, the contractor whose contract covers type, place and
hour (the most specific row), our own unit of the department, else the 940 room.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

DESK: Final = "desk"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be sent: codes of type, category, municipality and district ("" unknown), and the hour in Riyadh."""

    type: str
    category: str
    municipality: str
    district: str
    hour: time


@dataclass(frozen=True, slots=True)
class Reach:
    """For what somebody is in charge; what is empty means all. `whole_city` has no municipality."""

    key: int
    kinds: Collection[str] = ()
    municipality: str = ""
    districts: Collection[str] = ()
    hours_from: time | None = None
    hours_to: time | None = None


def covers(reach: Reach, subject: Subject) -> bool:
    """Whether type, place and hour are within the reach."""
    return (
        (not reach.kinds or subject.type in reach.kinds or subject.category in reach.kinds)
        and (not reach.municipality or reach.municipality == subject.municipality)
        and (not reach.districts or subject.district in reach.districts)
        and _within(subject.hour, reach.hours_from, reach.hours_to)
    )


def specific(reach: Reach, subject: Subject) -> tuple[int, int, int]:
    """How closely the reach fits: type before category, district before municipality, hours before always."""
    kind = 2 if subject.type in reach.kinds else 1 if reach.kinds else 0
    place = 2 if reach.districts else 1 if reach.municipality else 0
    return kind, place, int(reach.hours_from is not None)


def best(rows: Sequence[Reach], subject: Subject) -> Reach | None:
    """The row that fits most closely; of equal ones the first."""
    fitting = [row for row in rows if covers(row, subject)]
    return max(fitting, key=lambda row: (specific(row, subject), -row.key)) if fitting else None


def _within(hour: time, since: time | None, until: time | None) -> bool:
    """Whether the hour lies in the shift; one that passes midnight is meant when it ends before it begins."""
    if since is None or until is None:
        return True
    return since <= hour < until if since <= until else hour >= since or hour < until
