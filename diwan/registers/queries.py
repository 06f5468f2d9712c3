"""Reads of register entries: what somebody holds, what is renewed, what our own checks ask."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from diwan.cases.checks import internal
from diwan.cases.context import entries_come_from
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.kit import clock
from diwan.payments.models import Bill
from diwan.payments.queries import unsettled
from diwan.people.actor import Actor
from diwan.people.queries import establishments_of
from diwan.registers.models import RegisterEntry


def standing_of(entry: RegisterEntry, *, on: date, expiring_days: int = 90) -> str:
    """`active`, `expiring`, `expired`, or the status that was set (suspended, cancelled, revoked, replaced)."""
    if entry.status != RegisterEntry.Status.ACTIVE:
        return str(entry.status)
    if entry.valid_to < on:
        return "expired"
    return "expiring" if entry.valid_to - on <= timedelta(days=expiring_days) else "active"


def days_expired(entry: RegisterEntry, *, on: date) -> int:
    """Days since the last day that was paid for; 0 while the entry runs."""
    return max(0, (on - entry.valid_to).days)


def soonest(actor: Actor, *, limit: int) -> list[RegisterEntry]:
    """The entries of the resident or the establishment that expire first: one index range a scope, then the rows."""
    branches = [
        _standing().filter(scope).order_by("valid_to", "id").values_list("valid_to", "id")[:limit]
        for scope in _held_by(actor)
    ]
    if not branches:
        return []
    merged = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    first = sorted(set(merged))[:limit]
    rows = RegisterEntry.objects.select_related("municipality", "establishment").in_bulk(
        [key for _valid_to, key in first]
    )
    return [rows[key] for _valid_to, key in first if key in rows]


def _standing() -> QuerySet[RegisterEntry]:
    return RegisterEntry.objects.exclude(status=RegisterEntry.Status.REPLACED)


def _held_by(actor: Actor) -> list[Q]:
    """An index range each: the person's own, and of each establishment by itself, since of several together the first
    to expire are none."""
    if actor.establishment_id is not None:
        return [Q(establishment_id=actor.establishment_id)]
    if actor.account_id is None or actor.is_staff:
        return []
    shops = establishments_of(actor.account_id).values_list("establishment_id", flat=True).distinct()
    return [Q(holder_id=actor.account_id), *(Q(establishment_id=shop) for shop in shops)]


def entry_by_number(number: str) -> RegisterEntry | None:
    """The entry that this licence number made."""
    return RegisterEntry.objects.select_related("municipality", "establishment").filter(number=number).first()


def may_renew(entry: RegisterEntry, actor: Actor) -> bool:
    """Whether the actor acts for the holder, or files at a counter for visitors."""
    if actor.is_staff:
        return actor.can("cases.file") and actor.reaches(entry.municipality_id)
    return any(_standing().filter(scope, pk=entry.pk).exists() for scope in _held_by(actor))


def concerns(service: CompiledService, entry: RegisterEntry) -> bool:
    """Whether a service is about entries of this kind that stand as this one does today."""
    about = service.about
    return (
        about is not None
        and entry.kind in about.kinds
        and standing_of(entry, on=clock.today()) in about.standings
    )


@entries_come_from
def answers_of(number: str) -> Mapping[str, Any]:
    """The answers of an entry as a renewing form reads them."""
    entry = entry_by_number(number)
    if entry is None:
        return {}
    return {
        **entry.data.get("answers", {}),
        "number": entry.number,
        "status": standing_of(entry, on=clock.today()),
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "days_expired": days_expired(entry, on=clock.today()),
    }


@internal("unpaid_bills")
def unpaid_bills(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """How many bills of the party are still open after their time: dues, not bills that can still be paid in time.

    Money that came and that finance examines is no debt of the payer's.
    """
    unified, person = applicant.get("unified_number"), applicant.get("national_id")
    if not unified and not person:
        return {"count": 0}
    mine = (
        Case.objects.filter(establishment__unified_number=unified)
        if unified
        else Case.objects.filter(account__national_id=person)
    )
    examined = unsettled().filter(bill__isnull=False).order_by().values("bill_id")
    late = Bill.objects.filter(state=Bill.State.OPEN, expires_at__lt=clock.now()).exclude(pk__in=examined)
    return {"count": late.filter(case_id__in=mine.filter(state="invoiced").values("pk")).count()}


@internal("suspension")
def suspension(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether a licence of the establishment, or one at the same premises (lease contract), is suspended."""
    of_shop = Q(establishment__unified_number=applicant.get("unified_number", ""))
    lease = str(query.get("contract", ""))
    here = Q(data__answers__lease_number=lease) if lease else Q(pk__in=())
    held = RegisterEntry.objects.filter(of_shop | here, status=RegisterEntry.Status.SUSPENDED)
    return {"suspended": held.exists()}


@internal("duplicate_licence")
def duplicate_licence(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """Active licences at the same unit: same lease contract, still valid."""
    lease = str(query.get("contract", ""))
    if not lease:
        return {"count": 0, "number": ""}
    rows = RegisterEntry.objects.filter(
        kind="shop_licence",
        status=RegisterEntry.Status.ACTIVE,
        valid_to__gte=clock.today(),
        data__answers__lease_number=lease,
    )
    first = rows.first()
    return {"count": rows.count(), "number": first.number if first else ""}


@internal("entry")
def entry_standing(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where an entry stands, and by how many days it has expired."""
    entry = entry_by_number(str(query.get("number", "")))
    if entry is None:
        return {"status": "unknown", "days_expired": 0, "holder": ""}
    today = clock.today()
    holder = entry.establishment.unified_number if entry.establishment else ""
    return {
        "status": standing_of(entry, on=today),
        "days_expired": days_expired(entry, on=today),
        "holder": holder,
    }
