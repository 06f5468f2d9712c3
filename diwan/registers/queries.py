"""Reads of register entries: what somebody holds, what is renewed, what our own checks ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from diwan.cases.checks import internal
from diwan.cases.context import entries_belong_by, entries_come_from
from diwan.cases.models import Case, OpenTask
from diwan.cases.visibility import READ_ALL, READ_MUNICIPALITY
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service, service_making, services_about
from diwan.kit import clock
from diwan.payments.models import Bill
from diwan.payments.queries import unsettled
from diwan.people.actor import Actor
from diwan.people.queries import establishments_of
from diwan.registers.deciding import decision_standing as decision_standing
from diwan.registers.deciding import is_stayed as is_stayed
from diwan.registers.errors import EntryUnknown
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.registry import MAY_REVOKE, MAY_SUSPEND


def standing_of(entry: RegisterEntry, *, on: date) -> str:
    """`active`, `expiring`, `expired`, or the status that was set (suspended, cancelled, revoked, replaced).

    What follows from the date is true at any moment, without a job; how early an entry counts as expiring is data of
    the service that makes its kind.
    """
    if entry.status != RegisterEntry.Status.ACTIVE:
        return str(entry.status)
    if entry.valid_to < on:
        return "expired"
    making = service_making(entry.kind, on)
    days = making.entry.expiring_days if making is not None and making.entry is not None else 90
    return "expiring" if entry.valid_to - on <= timedelta(days=days) else "active"


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


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry with what hangs together with it, as its page shows it: `cases` the newest first, visible or not."""

    entry: RegisterEntry
    permits: list[RegisterEntry]
    successor: RegisterEntry | None
    changes: list[EntryChange]
    cases: list[Case]


def entry_page(number: str, actor: Actor) -> EntryPage:
    """Everything about one entry for somebody who may see it. Raises EntryUnknown for anybody else."""
    rows = RegisterEntry.objects.select_related(
        "municipality", "district", "holder", "establishment", "parent", "replaces"
    )
    entry = rows.filter(number=number).first()
    if entry is None or not can_see_entry(actor, entry):
        raise EntryUnknown
    changes = list(EntryChange.objects.filter(entry=entry).order_by("-id"))
    permits = list(RegisterEntry.objects.filter(parent=entry).order_by("-id"))
    successor = RegisterEntry.objects.filter(replaces=entry).first()
    return EntryPage(entry, permits, successor, changes, _cases_of(entry, changes, permits, successor))


def _cases_of(
    entry: RegisterEntry,
    changes: list[EntryChange],
    permits: list[RegisterEntry],
    successor: RegisterEntry | None,
) -> list[Case]:
    """Cases that made the entry, changed it, renewed it or were about it; found among those of its holder."""
    known = {entry.case_id, *(made.case_id for made in changes if made.case_id)}
    known |= {permit.case_id for permit in permits} | ({successor.case_id} if successor else set())
    if entry.establishment_id is not None:
        of_holder = Case.objects.filter(establishment_id=entry.establishment_id)
    else:
        of_holder = Case.objects.filter(account_id=entry.holder_id or 0, establishment__isnull=True)
    about = of_holder.filter(Q(facts__about=entry.number) | Q(facts__renews=entry.number))
    return list(Case.objects.filter(Q(pk__in=known) | Q(pk__in=about.values("pk"))).order_by("-pk"))


def can_see_entry(actor: Actor, entry: RegisterEntry) -> bool:
    """Whether the actor holds the entry now or acts for the holder; an employee who reads the municipality's cases or
    decides on its licences."""
    if actor.is_system or actor.can(READ_ALL):
        return True
    if actor.is_staff:
        reads = actor.can(READ_MUNICIPALITY) or actor.can(MAY_SUSPEND) or actor.can(MAY_REVOKE)
        return (reads and actor.reaches(entry.municipality_id)) or _decides_objection(actor, entry)
    if actor.entity_id is not None:
        return False
    return any(RegisterEntry.objects.filter(scope, pk=entry.pk).exists() for scope in _held_by(actor))


def _decides_objection(actor: Actor, entry: RegisterEntry) -> bool:
    """Whether an objection to a decision on the entry waits at the actor's unit, which reads it then."""
    waiting = OpenTask.objects.filter(unit_id=actor.unit_id or 0, case__facts__contested__entry=entry.pk)
    return waiting.exists()


@dataclass(frozen=True, slots=True)
class Window:
    """When an entry can be renewed: from `opens` to `closes`, both days included; `service` renews it."""

    service: CompiledService
    opens: date
    closes: date

    def is_open(self, on: date) -> bool:
        """Whether it can be renewed on a day."""
        return self.opens <= on <= self.closes


def renewal_window(entry: RegisterEntry) -> Window | None:
    """The renewal of an entry by the service of today; None when nothing renews its kind or its status is final."""
    today = clock.today()
    made_by = service_making(entry.kind, today)
    slug = made_by.entry.renewal if made_by is not None and made_by.entry is not None else None
    service = compiled_service(slug, today) if slug else None
    if service is None or service.renewal is None or entry.status != RegisterEntry.Status.ACTIVE:
        return None
    return Window(
        service,
        entry.valid_to - timedelta(days=service.renewal.opens_days_before),
        entry.valid_to + timedelta(days=service.renewal.refused_days_after),
    )


def offered_about(entry: RegisterEntry, *, channel: str) -> list[CompiledService]:
    """The services that can be begun from this entry as it stands today, on a channel; an objection is none of them,
    it is offered beside the decision."""
    return [
        service
        for service in services_about(entry.kind, clock.today())
        if channel in service.definition.channels
        and service.definition.contests is None
        and concerns(service, entry)
    ]


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
        "kind": entry.kind,
        "number": entry.number,
        "status": standing_of(entry, on=clock.today()),
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "days_expired": days_expired(entry, on=clock.today()),
        "days_left": max(0, (entry.valid_to - clock.today()).days + 1),
    }


@entries_belong_by
def belongs_to(number: str, applicant: Mapping[str, Any]) -> bool:
    """Whether the entry is that of the establishment of a snapshot, or of the person when it has none."""
    entry = RegisterEntry.objects.select_related("establishment", "holder").filter(number=number).first()
    if entry is None:
        return False
    if entry.establishment is not None:
        return entry.establishment.unified_number == applicant.get("unified_number")
    return entry.holder is not None and entry.holder.national_id == applicant.get("national_id")


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


@internal("linked_permit")
def linked_permit(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """How many permits of a kind that still run hang on the licence."""
    running = RegisterEntry.objects.filter(
        parent__number=str(query.get("number", "")), kind=str(query.get("kind", "")),
        status__in=(RegisterEntry.Status.ACTIVE, RegisterEntry.Status.SUSPENDED), valid_to__gte=clock.today(),
    )  # fmt: skip
    return {"count": running.count()}
