"""The resources of the API. Importing this package declares their operations."""

from diwan.api.resources import (
    cases,
    description,
    documents,
    drafts,
    places,
    services,
    status,
    submit,
    uploads,
    verification,
)

__all__ = [
    "cases", "description", "documents", "drafts", "places", "services", "status", "submit", "uploads", "verification",
]  # fmt: skip
