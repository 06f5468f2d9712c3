"""Who may act for an establishment: owner, manager or authorised person; and the end of it."""

from datetime import date, timedelta

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.capacities import valid_on
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, Establishment, EstablishmentMember
from diwan.people.registry import MANAGE_PEOPLE


class NotTheOwner(DiwanError):
    """Only an owner lets others act for the establishment."""

    code = "people.not_the_owner"
    message = N_("Only an owner of the establishment can do this.")


def grant_membership(
    *,
    account: Account,
    establishment: Establishment,
    capacity: str,
    by: Actor,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> EstablishmentMember:
    """Let a person act for an establishment; by an owner, by `people.manage`, or by the system (from a register).

    An owner cannot make another owner: that follows the commercial register. Giving the same again changes nothing.
    """
    _check(establishment, capacity, by=by)
    with transaction.atomic():
        member, made = EstablishmentMember.objects.get_or_create(
            account=account,
            establishment=establishment,
            capacity=EstablishmentMember.Capacity(capacity),
            valid_to=valid_to,
            defaults={"valid_from": valid_from or clock.today()},
        )
        if made:
            _note("people.membership.given", member, by=by)
    return member


def end_membership(*, member: EstablishmentMember, by: Actor) -> None:
    """End somebody's acting for the establishment as of yesterday, so that it does not hold today any more."""
    _check(member.establishment, member.capacity, by=by)
    with transaction.atomic():
        row = EstablishmentMember.objects.select_for_update().get(pk=member.pk)
        row.valid_to = clock.today() - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        _note("people.membership.ended", row, by=by)


def _check(establishment: Establishment, capacity: str, *, by: Actor) -> None:
    if by.is_system or by.can(MANAGE_PEOPLE):
        return
    if by.account_id is None:
        raise NotAllowed
    owners = EstablishmentMember.objects.filter(
        account_id=by.account_id, establishment=establishment, capacity=EstablishmentMember.Capacity.OWNER
    )
    if capacity == EstablishmentMember.Capacity.OWNER or not valid_on(owners, clock.today()).exists():
        raise NotTheOwner


def _note(action: str, member: EstablishmentMember, *, by: Actor) -> None:
    audit_row(
        by=by,
        action=action,
        object_type="establishment",
        object_id=member.establishment_id,
        municipality_id=None,
        values={"account": member.account_id, "capacity": str(member.capacity), "valid_to": member.valid_to},
    )
