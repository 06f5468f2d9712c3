"""What it takes to open a case: one application that was found complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One application that was found complete. `key` makes a repetition harmless; its scope is the actor or client.

    `papers` are the uploads of `papers_from` that become the case's; `draft_id` is the draft that becomes it, as it was
    read in `draft_revision`.
    """

    service: CompiledService
    municipality_id: int
    district_id: int | None
    applicant: Mapping[str, Any]
    data: Mapping[str, Any]
    facts: Mapping[str, Any]
    by: Actor
    account_id: int | None = None
    establishment_id: int | None = None
    filed_by_id: int | None = None
    channel: str = "portal"
    language: str = "ar"
    scope: str = ""
    key: str = ""
    documents: Mapping[str, Any] = field(default_factory=dict)
    papers: Sequence[str] = ()
    papers_from: str = ""
    draft_id: str = ""
    draft_revision: int = 0
