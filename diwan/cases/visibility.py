"""Who may see which case: one rule, as a question about one case and as index ranges for lists.

A resident sees what was filed for the person or the chosen establishment, and what the person filed for one that is
still acted for; a clerk also what the clerk's post filed; an employee what belongs to the unit or waits or waited at
it, or to the municipality where the post may read it all; an outside body what it was asked about; a partner's
system what it opened, of the services and in the municipalities of its token. What employees ask for themselves is
seen by the employee, by whom it waits for or has waited for, and by auditors. A list is a UNION ALL of one index range
a scope, never OR over joins.
"""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet

from diwan.cases.models import Case, DoneTask, OpenTask
from diwan.catalogue.queries import staff_slugs
from diwan.people.actor import Actor
from diwan.people.queries import acts_for, establishments_of
from diwan.people.registry import READ_AUDIT

READ_MUNICIPALITY: Final = "cases.read_municipality"
READ_ALL: Final = "cases.read_all"


def can_see(actor: Actor, case: Case, tasks: Iterable[OpenTask] | None = None) -> bool:
    """Whether the actor may know of the case. `tasks` are its open tasks if at hand."""
    if actor.is_system:
        return True
    if actor.is_staff:
        return _staff_sees(actor, case, tasks)
    if actor.entity_id is not None:
        return _entity_sees(actor, case, tasks)
    if actor.client_id is not None:
        return (
            case.client_id == actor.client_id
            and actor.covers(case.service)
            and actor.reaches(case.municipality_id)
        )
    if actor.account_id is None:
        return False
    if actor.establishment_id is not None:
        return case.establishment_id == actor.establishment_id
    return case.account_id == actor.account_id and (
        case.establishment_id is None or acts_for(actor.account_id, case.establishment_id)
    )


def _staff_sees(actor: Actor, case: Case, tasks: Iterable[OpenTask] | None) -> bool:
    if case.service in staff_slugs():
        return _concerned(actor, case, tasks)
    if actor.can(READ_ALL):
        return True
    if case.filed_by_id is not None and case.filed_by_id in actor.position_ids:
        return True
    if not actor.reaches(case.municipality_id):
        return False
    if actor.can(READ_MUNICIPALITY):
        return True
    if case.unit_id == actor.unit_id and actor.can("cases.act"):
        return True
    mine = OpenTask.objects.filter(case_id=case.pk) if tasks is None else tasks
    if any(
        task.unit_id == actor.unit_id or task.assignee_id in actor.position_ids
        for task in mine
        if task.unit_id
    ):
        return True
    if DoneTask.objects.filter(case_id=case.pk, position_id__in=actor.position_ids).exists():
        return True
    return _visits_afterwards(actor, case) or _objects_to(actor, case)


def _concerned(actor: Actor, case: Case, tasks: Iterable[OpenTask] | None) -> bool:
    """Whether an employee's request is the actor's own, waits or has waited for the actor's post or role, or is open to
    an auditor. Neither the municipality nor the unit reads it."""
    if is_own(actor, case) or (actor.can(READ_ALL) and actor.can(READ_AUDIT)):
        return True
    mine = OpenTask.objects.filter(case_id=case.pk) if tasks is None else tasks
    waits = any(
        task.assignee_id in actor.position_ids
        if task.assignee_id is not None
        else task.role in actor.roles and task.unit_id == actor.unit_id
        for task in mine
        if task.unit_id
    )
    return waits or DoneTask.objects.filter(case_id=case.pk, position_id__in=actor.position_ids).exists()


def is_own(actor: Actor, case: Case) -> bool:
    """Whether an employee, at a post of the own, asked for this for herself."""
    return case.account_id == actor.account_id and actor.account_id is not None and not actor.on_behalf_of


def _visits_afterwards(actor: Actor, case: Case) -> bool:
    """Whether a visit that follows this case waits at the actor's unit: who goes there reads what was declared."""
    following = [row["case"] for row in case.facts.get("follow_ups", [])]
    return (
        bool(following)
        and OpenTask.objects.filter(case_id__in=following, unit_id=actor.unit_id or 0).exists()
    )


def _objects_to(actor: Actor, case: Case) -> bool:
    """Whether an objection to the decision that ended this case waits at the actor's unit, which reads it then."""
    if case.closed_at is None or actor.unit_id is None:
        return False
    waiting = OpenTask.objects.filter(unit_id=actor.unit_id, case__facts__contested__case=case.pk)
    return waiting.exists()


def _entity_sees(actor: Actor, case: Case, tasks: Iterable[OpenTask] | None) -> bool:
    mine = OpenTask.objects.filter(case_id=case.pk) if tasks is None else tasks
    if any(task.entity_id == actor.entity_id for task in mine):
        return True
    return DoneTask.objects.filter(case_id=case.pk, entity_id=actor.entity_id).exists()


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor stands on the applicant's side: the person, the establishment, the post that filed it or
    the partner whose system opened it.

    An outside body that was asked may read the case, but completes and withdraws nothing.
    """
    if actor.is_staff and case.service in staff_slugs():
        return is_own(actor, case)
    if actor.is_staff:
        return case.filed_by_id is not None and case.filed_by_id in actor.position_ids
    if actor.entity_id is not None or (actor.account_id is None and actor.client_id is None):
        return False
    return can_see(actor, case)


def scopes(actor: Actor) -> list[Q]:
    """The actor's visibility as separate index ranges over the case table, for `newest`."""
    if actor.is_system or (actor.can(READ_ALL) and actor.can(READ_AUDIT)):
        return [Q()]
    if actor.is_staff:
        confidential = Q(service__in=sorted(staff_slugs()))
        own = Q(account_id=actor.account_id, establishment__isnull=True) & confidential
        return [*(scope & ~confidential for scope in _staff_scopes(actor)), own]
    if actor.entity_id is not None:
        asked = DoneTask.objects.filter(entity_id=actor.entity_id).values("case_id")
        open_ = OpenTask.objects.filter(entity_id=actor.entity_id).values("case_id")
        return [Q(pk__in=open_), Q(pk__in=asked)]
    if actor.client_id is not None:
        return [_opened_by_client(actor)]
    if actor.account_id is None:
        return []
    if actor.establishment_id is not None:
        return [Q(establishment_id=actor.establishment_id)]
    still = Q(establishment__isnull=True) | Q(establishment__in=establishments_of(actor.account_id))
    return [Q(account_id=actor.account_id) & still]


def _opened_by_client(actor: Actor) -> Q:
    opened = Q(client_id=actor.client_id, service__in=sorted(actor.services))
    if actor.municipality_ids is not None:
        opened &= Q(municipality_id__in=sorted(actor.municipality_ids))
    return opened


def _staff_scopes(actor: Actor) -> list[Q]:
    if actor.can(READ_ALL):
        return [Q()]
    found: list[Q] = []
    if actor.can(READ_MUNICIPALITY):
        if actor.municipality_ids is None:
            return [Q()]
        found += [Q(municipality_id=municipality) for municipality in sorted(actor.municipality_ids)]
    elif actor.unit_id is not None and actor.can("cases.act"):
        found.append(Q(unit_id=actor.unit_id))
    found += [Q(filed_by_id=position) for position in sorted(actor.position_ids)]
    return found


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases that the actor may see, as one queryset; for existence questions and small sets, not for long lists."""
    ranges = scopes(actor)
    if not ranges:
        return Case.objects.none()
    together = ranges[0]
    for one in ranges[1:]:
        together |= one
    return Case.objects.filter(together)


def newest(actor: Actor, *, limit: int, below: int | None = None, open_state: str = "") -> list[Case]:
    """The newest visible cases, by number descending: one index range a scope, merged; `below` pages by keyset.

    `open_state` narrows to cases that have not ended and stand in this state.
    """
    branches = []
    for scope in scopes(actor):
        rows = Case.objects.filter(scope)
        if below is not None:
            rows = rows.filter(pk__lt=below)
        if open_state:
            rows = rows.filter(state=open_state, closed_at__isnull=True)
        branches.append(rows.order_by("-pk")[:limit])
    if not branches:
        return []
    if len(branches) == 1:
        return list(branches[0])
    merged = branches[0].union(*branches[1:], all=True).order_by("-id")
    return list({case.pk: case for case in merged[: limit * 2]}.values())[:limit]
