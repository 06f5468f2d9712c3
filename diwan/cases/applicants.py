"""Who applies, as the case remembers it: a snapshot of person and establishment at the time of submitting."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from diwan.cases.models import Draft
from diwan.kit import clock
from diwan.people.models import Account, Establishment, EstablishmentMember

DESK: Final = "desk"
"""The channel of what employees ask for themselves."""
_MEMBERS: Final = """
SELECT m.account_id, a.national_id, m.capacity
FROM people_establishmentmember m JOIN people_account a ON a.id = m.account_id
WHERE m.establishment_id = %s AND (m.valid_to IS NULL OR m.valid_to > %s)
"""


class Member(NamedTuple):
    """Somebody who acts for an establishment today; `capacity` as in EstablishmentMember."""

    account_id: int
    national_id: str | None
    capacity: str


def snapshot_of(
    account: Account | None,
    establishment: Establishment | None,
    visitor: Mapping[str, Any] | None = None,
    *,
    members: Sequence[Member] | None = None,
) -> dict[str, Any]:
    """The applicant as JSON. A visitor without an account is described by what the clerk took down.

    `members` of the establishment are read unless they are given.

    Keys: kind (`individual` or `establishment`), capacity, national_id, birth_date, citizen, name_ar, name_en, mobile,
    email, cr_number, unified_number, establishment_ar, establishment_en, party_id (the id that owns in the registers).
    """
    person = _person(account, visitor or {})
    if establishment is None:
        return {**person, "kind": "individual", "capacity": "self", "party_id": person["national_id"]}
    owner_id, capacity = _ownership(_members(establishment) if members is None else members, account)
    return {
        **person,
        "kind": "establishment",
        "capacity": capacity,
        "cr_number": establishment.cr_number,
        "unified_number": establishment.unified_number,
        "establishment_ar": establishment.name_ar,
        "establishment_en": establishment.name_en,
        "party_id": owner_id or person["national_id"],
    }


def snapshot_of_draft(draft: Draft, *, members: Sequence[Member] | None = None) -> dict[str, Any]:
    """The snapshot of whoever a draft is for; a partner vouches for the whole of it. An employee's own has the ids of
    `account` and `post` besides."""
    if draft.client_id is not None:
        return dict(draft.visitor)
    found = snapshot_of(draft.account, draft.establishment, draft.visitor, members=members)
    return found if draft.channel != DESK else {**found, "account": draft.account_id, "post": draft.clerk_id}


def _person(account: Account | None, visitor: Mapping[str, Any]) -> dict[str, Any]:
    if account is None:
        national_id = str(visitor.get("national_id", ""))
        return {
            "national_id": national_id,
            "citizen": national_id.startswith("1"),
            "name_ar": visitor.get("name_ar", ""),
            "name_en": visitor.get("name_en", "") or visitor.get("name_ar", ""),
            "mobile": visitor.get("mobile", ""),
            "email": "",
        }
    national_id = account.national_id or ""
    person: dict[str, Any] = {
        "national_id": national_id,
        "citizen": national_id.startswith("1"),
        "name_ar": account.name_ar,
        "name_en": account.name_en,
        "mobile": account.mobile,
        "email": account.email or "",
    }
    if account.birth_date is not None:
        person["birth_date"] = account.birth_date.isoformat()
    return person


def _members(establishment: Establishment) -> list[Member]:
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [establishment.pk, clock.today()])
        return [Member(*row) for row in cursor.fetchall()]


def _ownership(members: Sequence[Member], account: Account | None) -> tuple[str, str]:
    """National id of the owner, and the capacity in which the account acts."""
    owner, capacity = "", "authorised"
    for member in members:
        if member.capacity == EstablishmentMember.Capacity.OWNER and not owner:
            owner = member.national_id or ""
        if account is not None and member.account_id == account.pk:
            capacity = member.capacity
    return owner, capacity
