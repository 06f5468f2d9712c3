"""What a service leads to besides itself: duties after its result, cases that its steps open."""

from __future__ import annotations

from datetime import date

from diwan.catalogue.inner import NOT_INTERNAL, inner_faults
from diwan.catalogue.queries.services import internal_service
from diwan.catalogue.schema import Definition
from diwan.catalogue.source import Wrong


def unfollowed(read: Definition, on: date) -> list[Wrong]:
    """What follows the result, or is opened by a step, and is no internal service in force on that day."""

    def find(slug: str) -> Definition | None:
        found = internal_service(slug, on)
        return found.definition if found is not None else None

    missing = [found.service for found in read.follow_ups if find(found.service) is None]
    told = [{"service": read.slug, "name": slug} for slug in missing]
    return [*(Wrong(NOT_INTERNAL, ("follow_ups",), params=one) for one in told), *inner_faults(read, find)]
