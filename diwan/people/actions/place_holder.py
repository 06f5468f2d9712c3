"""Seat a person at a post: as its holder, or assigned to it for a time (تكليف)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, Holding, Position
from diwan.people.registry import MANAGE_PEOPLE


class NotAnEmployee(DiwanError):
    """Only an employee's account can hold a post."""

    code = "people.not_an_employee"
    message = N_("Only an employee's account can hold a post.")


def place_holder(
    *,
    account: Account,
    position: Position,
    by: Actor,
    kind: str = Holding.Kind.HOLDER,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Holding:
    """Seat a person. A new holder ends the former one's holding the day before; an assignment leaves it standing.

    Needs `people.manage` or the system; nobody seats himself. The post's work stays with the post.
    """
    if not (by.is_system or by.can(MANAGE_PEOPLE)) or by.account_id == account.pk:
        raise NotAllowed
    if account.kind != Account.Kind.STAFF:
        raise NotAnEmployee
    start = valid_from or clock.today()
    with transaction.atomic():
        Position.objects.select_for_update().get(pk=position.pk)
        if kind == Holding.Kind.HOLDER:
            _end_former(position, before=start)
        made = Holding.objects.create(
            account=account, position=position, kind=Holding.Kind(kind), valid_from=start, valid_to=valid_to
        )
        audit_row(
            by=by,
            action="people.post.filled",
            object_type="position",
            object_id=position.pk,
            municipality_id=position.unit.municipality_id,
            values={"account": account.pk, "kind": str(kind), "valid_from": start, "valid_to": valid_to},
        )
    return made


def vacate_post(*, holding: Holding, by: Actor) -> None:
    """End a holding as of yesterday: the person cannot act at the post from now on."""
    if not (by.is_system or by.can(MANAGE_PEOPLE)):
        raise NotAllowed
    with transaction.atomic():
        row = Holding.objects.select_for_update().select_related("position__unit").get(pk=holding.pk)
        row.valid_to = clock.today() - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        audit_row(
            by=by,
            action="people.post.vacated",
            object_type="position",
            object_id=row.position_id,
            municipality_id=row.position.unit.municipality_id,
            values={"account": row.account_id},
        )


def _end_former(position: Position, *, before: date) -> None:
    Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=before), position=position, kind=Holding.Kind.HOLDER
    ).update(valid_to=before - timedelta(days=1))
