"""Lend a post's powers to another post, and take them back at once (domain 5.2, rules 1 to 3)."""

from datetime import date

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Delegation, Position, Unit
from diwan.people.registry import DELEGATE, MANAGE_PEOPLE

LONGEST_DAYS = 366


class WrongLevel(DiwanError):
    """The delegate stands too high or too low."""

    code = "people.delegate_level"
    message = N_("Powers pass to a post of the same level or one below. Choose another post.")


class OtherBranch(DiwanError):
    """The delegate belongs to another branch of the organisation."""

    code = "people.delegate_branch"
    message = N_("Powers pass within the same branch of the organisation. Choose another post.")


class TooLong(DiwanError):
    """The period is longer than a year, ends before it begins, or lies in the past."""

    code = "people.delegation_period"
    message = N_("A delegation lasts at most one year and ends after it begins. Change the dates.")


class DecisionMissing(DiwanError):
    """A delegation rests on a decision with a number."""

    code = "people.delegation_decision"
    message = N_("Enter the number of the decision that this delegation rests on.")


class AlreadyRevoked(DiwanError):
    """The delegation was revoked before."""

    code = "people.delegation_revoked"
    message = N_("This delegation has already been revoked.")


def delegate(
    *,
    delegator: Position,
    receiver: Position,
    kind: str,
    decision_number: str,
    valid_from: date,
    valid_to: date,
    by: Actor,
    services: list[str] | None = None,
) -> Delegation:
    """Lend the powers of `delegator` to whoever sits at `receiver`, for all services or those named.

    By the holder of the delegating post with `people.delegate`, by `people.manage`, or the system. Powers held by
    delegation are never lent on, and reserved powers never pass (they are left out of the delegate's permissions).
    """
    _may(delegator, by=by)
    if receiver.level not in (delegator.level, delegator.level + 1):
        raise WrongLevel
    if not same_branch(delegator.unit, receiver.unit):
        raise OtherBranch
    if not valid_from <= valid_to or (valid_to - valid_from).days >= LONGEST_DAYS or valid_to < clock.today():
        raise TooLong
    if not decision_number.strip():
        raise DecisionMissing
    with transaction.atomic():
        made = Delegation.objects.create(
            delegator=delegator,
            delegate=receiver,
            kind=Delegation.Kind(kind),
            services=services or [],
            decision_number=decision_number.strip(),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        _note("people.delegation.given", made, by=by)
    return made


def revoke_delegation(*, delegation: Delegation, by: Actor) -> Delegation:
    """Take the powers back: from the delegate's next request on they are gone."""
    with transaction.atomic():
        row = Delegation.objects.select_for_update().select_related("delegator__unit").get(pk=delegation.pk)
        _may(row.delegator, by=by)
        if row.revoked_at is not None:
            raise AlreadyRevoked
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        _note("people.delegation.revoked", row, by=by)
    return row


def same_branch(one: Unit, other: Unit) -> bool:
    """Whether two units are the same, one lies above the other, or both lie directly under the same one."""
    return (
        one.pk == other.pk
        or (one.parent_id is not None and one.parent_id == other.parent_id)
        or _above(one, other)
        or _above(other, one)
    )


def _above(upper: Unit, lower: Unit) -> bool:
    unit = lower.parent
    while unit is not None:
        if unit.pk == upper.pk:
            return True
        unit = unit.parent
    return False


def _may(delegator: Position, *, by: Actor) -> None:
    if by.is_system or by.can(MANAGE_PEOPLE):
        return
    lent = by.wording in ("powers", "absence")
    if by.position_id != delegator.pk or lent or not by.can(DELEGATE):
        raise NotAllowed


def _note(action: str, row: Delegation, *, by: Actor) -> None:
    audit_row(
        by=by,
        action=action,
        object_type="delegation",
        object_id=row.pk,
        municipality_id=row.delegator.unit.municipality_id,
        values={
            "delegator": row.delegator_id,
            "delegate": row.delegate_id,
            "kind": str(row.kind),
            "services": list(row.services),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        },
    )
