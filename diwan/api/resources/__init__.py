"""The resources of the API. Importing this package declares their operations."""

from diwan.api.resources import (
    cases,
    completion,
    description,
    documents,
    drafts,
    messages,
    places,
    services,
    status,
    submit,
    uploads,
    verification,
)

__all__ = [
    "cases", "completion", "description", "documents", "drafts", "messages", "places", "services", "status", "submit",
    "uploads", "verification",
]  # fmt: skip
