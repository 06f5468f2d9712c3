"""What can be read of the catalogue: versions and search, lookups and calendars by date."""

from diwan.catalogue.alike import alike
from diwan.catalogue.dated_lookups import lookup, lookup_row, lookups_on, shelf
from diwan.catalogue.queries.calendars import calendar_for, holidays
from diwan.catalogue.queries.services import (
    Card,
    availability,
    available_in,
    class_counts,
    compiled_service,
    current_version,
    drafted_slugs,
    internal_service,
    objecting_service,
    related_services,
    search_services,
    service_in_force,
    service_making,
    services_about,
    staff_service,
    staff_services,
    staff_slugs,
    versions_of,
)

__all__ = [
    "Card",
    "alike",
    "availability",
    "available_in",
    "calendar_for",
    "class_counts",
    "compiled_service",
    "current_version",
    "drafted_slugs",
    "holidays",
    "internal_service",
    "lookup",
    "lookup_row",
    "lookups_on",
    "objecting_service",
    "related_services",
    "search_services",
    "service_in_force",
    "service_making",
    "services_about",
    "shelf",
    "staff_service",
    "staff_services",
    "staff_slugs",
    "versions_of",
]
