"""What a service leads to besides itself: duties after its result, cases that its steps open."""

from __future__ import annotations

from datetime import date

from diwan.catalogue.inner import inner_faults
from diwan.catalogue.queries.services import internal_service
from diwan.catalogue.schema import Definition


def unfollowed(read: Definition, on: date) -> list[str]:
    """What follows the result, or is opened by a step, and is no internal service in force on that day."""
    missing = [found.service for found in read.follow_ups if internal_service(found.service, on) is None]

    def find(slug: str) -> Definition | None:
        found = internal_service(slug, on)
        return found.definition if found is not None else None

    return [*(f"{slug}: no internal service in force" for slug in missing), *inner_faults(read, find)]
