"""Approved contents and documents for tests that sign."""

from __future__ import annotations

import datetime as dt
from typing import Any

from diwan.documents.actions import grant_mandate, grant_standing_mandate, issue_document
from diwan.documents.models import IssuedDocument, SigningMandate
from diwan.people.actor import Actor, system
from tests.documents import samples
from tests.documents.conftest import Office

CASE = 2600000417
FROM, TO = dt.date(2026, 11, 21), dt.date(2027, 11, 20)
IN_FORCE = dt.datetime.combine(FROM, dt.time(9), dt.UTC)
_APPROVED = ("title", "sections", "activities", "conditions", "why", "card")


def contents(**changes: Any) -> dict[str, Any]:
    """What a head approves: the sample licence without what issuing adds."""
    whole = samples.licence()
    return {key: whole[key] for key in _APPROVED} | {"term": {"years": 1, "calendar": "gregorian"}} | changes


def approved(
    office: Office,
    *,
    by: Actor | None = None,
    case_id: int = CASE,
    minutes_ago: float = 1,
    delegation_id: int | None = None,
) -> SigningMandate:
    """A mandate for the sample contents, after a step-up some minutes ago."""
    who = by or office.head
    office.step_up(who, minutes_ago=minutes_ago)
    return grant_mandate(
        case_id=case_id, template="licence", data=contents(), by=who, delegation_id=delegation_id
    )


def standing(office: Office, *, case_id: int = CASE, authority: str = "") -> SigningMandate:
    """A mandate for the sample contents under a standing authority."""
    return grant_standing_mandate(
        case_id=case_id,
        template="licence",
        data=contents(),
        municipality_id=office.municipality.pk,
        by=system("test"),
        authority=authority,
    )


def numbered(
    office: Office, mandate: SigningMandate, *, case_id: int = CASE, **changes: Any
) -> IssuedDocument:
    """The sample document with its number, not yet sealed."""
    values: dict[str, Any] = {
        "case_id": case_id,
        "municipality_id": office.municipality.pk,
        "template": "licence",
        "data": contents(),
        "mandate": mandate,
        "valid_from": FROM,
        "valid_to": TO,
        "by": system("test"),
    }
    return issue_document(**(values | changes))


def pending(office: Office, *, case_id: int = CASE) -> IssuedDocument:
    """Approved by the head and numbered."""
    return numbered(office, approved(office, case_id=case_id), case_id=case_id)
