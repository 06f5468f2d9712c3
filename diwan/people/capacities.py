"""In what capacities a person may act today. One statement reads all posts, held and lent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Q, QuerySet

from diwan.kit import clock
from diwan.outbox.prepared import Prepared
from diwan.people.models import Account, EntityMember
from diwan.people.registry import lendable

M = TypeVar("M", bound=models.Model)
#: Code of the amanah's own head office: its posts reach every municipality.
HEAD_OFFICE = "000"

_POSTS = """
WITH held AS (
  SELECT h.position_id, h.kind::text AS how, NULL::bigint AS delegation_id, ARRAY[]::varchar[] AS services,
         NULL::bigint AS lender_id
  FROM people_holding h
  WHERE h.account_id = %(account)s AND h.valid_from <= %(today)s AND (h.valid_to IS NULL OR h.valid_to >= %(today)s)
),
lent AS (
  SELECT d.delegator_id, d.kind::text, d.id, d.services, d.delegator_id
  FROM people_delegation d
  JOIN held ON held.position_id = d.delegate_id
  WHERE d.revoked_at IS NULL AND d.valid_from <= %(today)s AND d.valid_to >= %(today)s
)
SELECT w.how, w.delegation_id, w.services, p.id, p.title_ar, p.title_en, p.unit_id, u.name_ar, u.name_en,
       u.municipality_id, m.code,
       ARRAY(SELECT r.code FROM people_role r JOIN people_position_roles pr ON pr.role_id = r.id
             WHERE pr.position_id = p.id),
       ARRAY(SELECT DISTINCT unnest(r.permissions) FROM people_role r
             JOIN people_position_roles pr ON pr.role_id = r.id WHERE pr.position_id = p.id),
       lender.name_ar, lender.name_en
FROM (SELECT * FROM held UNION ALL SELECT * FROM lent) w
JOIN people_position p ON p.id = w.position_id AND p.valid_from <= %(today)s
     AND (p.valid_to IS NULL OR p.valid_to >= %(today)s)
JOIN people_unit u ON u.id = p.unit_id
JOIN people_municipality m ON m.id = u.municipality_id
LEFT JOIN LATERAL (
  SELECT a.name_ar, a.name_en FROM people_holding h JOIN people_account a ON a.id = h.account_id
  WHERE h.position_id = w.lender_id AND h.valid_from <= %(today)s
    AND (h.valid_to IS NULL OR h.valid_to >= %(today)s)
  ORDER BY h.kind DESC, h.valid_from DESC LIMIT 1
) lender ON true
ORDER BY w.delegation_id NULLS FIRST, w.how DESC, p.level, p.id
"""

_SHOPS = Prepared(
    name="diwan_shops",
    query="""
SELECT to_jsonb(ARRAY(
    SELECT jsonb_build_array(e.id, e.name_ar, e.name_en, e.unified_number)
    FROM people_establishmentmember m JOIN people_establishment e ON e.id = m.establishment_id
    WHERE m.account_id = asked.account AND m.valid_from <= asked.today
      AND (m.valid_to IS NULL OR m.valid_to >= asked.today)
    ORDER BY e.sort_key, m.id))::text
FROM (SELECT %s::bigint AS account, %s::date AS today) asked
""",
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """One way in which a person may act: what a chooser shows, and what the actor needs.

    `kind`: self, establishment, position or entity. `wording`: holder, acting, powers, absence, or empty.
    `detail_*` is the unit, the establishment's number, or the outside body.
    """

    code: str
    kind: str
    title_ar: str
    title_en: str
    detail_ar: str = ""
    detail_en: str = ""
    wording: str = ""
    position_id: int | None = None
    unit_id: int | None = None
    municipality_ids: frozenset[int] | None = frozenset()
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    on_behalf_of: str = ""
    establishment_id: int | None = None
    entity_id: int | None = None
    entity_code: str = ""


SELF = Capacity(code="self", kind="self", title_ar="لنفسي", title_en="Myself")


def posts(account_id: int, *, today: date) -> list[Capacity]:
    """Posts held or lent to the account: holders first, then assignments, then delegations."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"account": account_id, "today": today})
        return [_post(row) for row in cursor.fetchall()]


def _post(row: Sequence[Any]) -> Capacity:
    how, delegation, services, position, title_ar, title_en, unit, unit_ar, unit_en, municipality, code = row[
        :11
    ]
    roles, powers, lender_ar, lender_en = row[11:]
    permissions = frozenset(powers)
    behalf = ""
    if delegation is not None:
        permissions = lendable(permissions)
        behalf = f"{lender_ar} | {lender_en}" if lender_ar else ""
        title_ar, title_en = worded(how, title_ar, title_en)
    return Capacity(
        code=f"position:{position}" if delegation is None else f"delegation:{delegation}",
        kind="position",
        title_ar=title_ar,
        title_en=title_en,
        detail_ar=unit_ar,
        detail_en=unit_en,
        wording=how,
        position_id=position,
        unit_id=unit,
        municipality_ids=None if code == HEAD_OFFICE else frozenset({municipality}),
        roles=frozenset(roles),
        permissions=permissions,
        services=frozenset(services),
        on_behalf_of=behalf,
    )


def worded(kind: str, title_ar: str, title_en: str) -> tuple[str, str]:
    """A post's title as a delegate signs with it (domain 5.2, rule 2)."""
    if kind == "powers":
        return f"{title_ar} (بالتفويض)", f"{title_en} (by delegation)"
    return f"نيابة عن {title_ar}", f"On behalf of the {title_en}"


def establishments(account_id: int, *, today: date) -> list[Capacity]:
    """Establishments that the account owns, manages or is authorised for; one capacity for each."""
    found: dict[int, Capacity] = {}
    for shop, name_ar, name_en, number in json.loads(str(_SHOPS.row(str(account_id), today.isoformat())[0])):
        found.setdefault(
            shop,
            Capacity(
                code=f"establishment:{shop}",
                kind="establishment",
                title_ar=name_ar,
                title_en=name_en,
                detail_ar=number,
                detail_en=number,
                establishment_id=shop,
            ),
        )
    return list(found.values())


def entities(account_id: int, *, today: date) -> list[Capacity]:
    """Outside bodies that the account works for."""
    rows = valid_on(EntityMember.objects.filter(account_id=account_id), today).select_related("entity")
    return [
        Capacity(
            code=f"entity:{row.entity_id}",
            kind="entity",
            title_ar=row.entity.name_ar,
            title_en=row.entity.name_en,
            entity_id=row.entity_id,
            entity_code=row.entity.code,
        )
        for row in rows.order_by("entity__sort_key")
    ]


def valid_on(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Only the rows whose validity includes the day."""
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today)


def of_account(account: Account) -> list[Capacity]:
    """Every capacity of the person today, the usual one first: a post, an outside body, else the person."""
    today = clock.today()
    found: list[Capacity] = []
    if account.kind == Account.Kind.STAFF:
        found += posts(account.pk, today=today)
    if account.kind == Account.Kind.ENTITY:
        return entities(account.pk, today=today)
    if account.national_id:
        found += [SELF, *establishments(account.pk, today=today)]
    return found


def one_of_account(account: Account, code: str) -> Capacity | None:
    """The capacity with this code if the person has it today; reads only its own kind."""
    today = clock.today()
    kind = code.partition(":")[0]
    if kind in ("position", "delegation") and account.kind == Account.Kind.STAFF:
        candidates = posts(account.pk, today=today)
    elif kind == "entity" and account.kind == Account.Kind.ENTITY:
        candidates = entities(account.pk, today=today)
    elif kind == "establishment" and account.national_id:
        candidates = establishments(account.pk, today=today)
    elif code == "self" and account.kind != Account.Kind.ENTITY:
        candidates = [SELF]
    else:
        candidates = []
    return next((capacity for capacity in candidates if capacity.code == code), None)
