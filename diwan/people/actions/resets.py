"""A lost code generator: one administrator asks for a reset, another confirms or either withdraws it.

With the confirmation the old generator dies at once and every session of the person ends. Neither of the two may be the
person, and they are not the same; the database keeps that too.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.kit.keyed import keyed_digest
from diwan.people.actions.sessions import end_sessions
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, SecondFactorReset, StepUp, TotpDevice
from diwan.people.registry import RESET_SECOND_FACTOR

#: How long a request waits for its second person, and the link for the person.
LIFE = timedelta(hours=24)
SHORTEST_REASON = 10


class ReasonMissing(DiwanError):
    """A reset rests on a reason that somebody can check."""

    code = "people.reset_reason"
    message = N_("Write how you know that this person has lost the authenticator (at least 10 letters).")


class ResetWaits(DiwanError):
    """There is one already that waits."""

    code = "people.reset_waits"
    message = N_("A reset for this person already waits for a second administrator.")


class OwnReset(DiwanError):
    """Nobody resets his own second factor."""

    code = "people.reset_own"
    message = N_("You can't reset your own authenticator. Two other administrators do it.")


class SamePerson(DiwanError):
    """The one who asked cannot confirm."""

    code = "people.reset_same_person"
    message = N_("You asked for this reset yourself. Another administrator confirms it.")


class ResetOver(DiwanError):
    """It was confirmed or withdrawn before, or nobody confirmed it in time."""

    code = "people.reset_over"
    message = N_("This reset can't be confirmed any more: it was decided before, or 24 hours have passed.")


class NoAuthenticatorNeeded(DiwanError):
    """Residents have no authenticator; a disabled account gets none."""

    code = "people.reset_not_needed"
    message = N_("Only an active account of an employee or an outside body has an authenticator.")


@dataclass(frozen=True, slots=True)
class Link:
    """The secret part of a fresh link, to be sent and never stored, and until when it works (real time)."""

    token: str
    expires_at: datetime


@transaction.atomic
def ask_reset(*, account: Account, reason: str, by: Actor) -> SecondFactorReset:
    """Ask for a reset; it waits 24 hours for another administrator. Needs `people.reset_totp`."""
    asker = _allowed(account, by=by)
    if account.kind == Account.Kind.RESIDENT or not account.is_active:
        raise NoAuthenticatorNeeded
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    Account.objects.select_for_update().get(pk=account.pk)
    now = clock.real_now()
    if _waiting(account.pk, now).exists():
        raise ResetWaits
    made = SecondFactorReset.objects.create(
        account=account,
        reason=reason.strip()[:300],
        asked_by_id=asker,
        asked_at=now,
        expires_at=now + LIFE,
    )
    _note("people.reset.asked", made, by=by, fields=["reason"])
    return made


@transaction.atomic
def confirm_reset(*, reset_id: int, by: Actor) -> Link:
    """Confirm as the second person: the old generator is gone, sessions end, and a link is ready to be sent."""
    reset = _locked(reset_id)
    _allowed(reset.account, by=by)
    if reset.asked_by_id == by.account_id:
        raise SamePerson
    now = clock.real_now()
    if reset.confirmed_at or reset.withdrawn_at or reset.expires_at <= now:
        raise ResetOver
    reset.confirmed_by_id, reset.confirmed_at = by.account_id, now
    TotpDevice.objects.filter(account=reset.account).delete()
    StepUp.objects.filter(account=reset.account, expires_at__gt=now).update(expires_at=now)
    end_sessions(account=reset.account, by=by)
    return _fresh_link(reset, "people.reset.confirmed", by=by)


@transaction.atomic
def renew_link(*, reset_id: int, by: Actor) -> Link:
    """Make another link when the first was lost; the earlier one works no more."""
    reset = _locked(reset_id)
    _allowed(reset.account, by=by)
    if reset.confirmed_at is None or reset.enrolled_at is not None or not reset.account.is_active:
        raise ResetOver
    return _fresh_link(reset, "people.reset.link_renewed", by=by)


@transaction.atomic
def withdraw_reset(*, reset_id: int, by: Actor) -> None:
    """Take a request back that nobody has confirmed, by whoever may ask for one."""
    reset = _locked(reset_id)
    _allowed(reset.account, by=by)
    if reset.confirmed_at or reset.withdrawn_at:
        raise ResetOver
    reset.withdrawn_by_id, reset.withdrawn_at = by.account_id, clock.real_now()
    reset.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _note("people.reset.withdrawn", reset, by=by)


def link_digest(token: str) -> str:
    """The value under which a link is kept."""
    return keyed_digest(secret=settings.SECRET_KEY, purpose="authenticator link", value=token)


def _allowed(account: Account, *, by: Actor) -> int:
    """The account of who acts: a person with the permission, and not the one it is about."""
    if not by.can(RESET_SECOND_FACTOR) or by.account_id is None:
        raise NotAllowed
    if by.account_id == account.pk:
        raise OwnReset
    return by.account_id


def _locked(reset_id: int) -> SecondFactorReset:
    found = SecondFactorReset.objects.select_for_update(of=("self",)).select_related("account")
    reset = found.filter(pk=reset_id).first()
    if reset is None:
        raise ResetOver
    return reset


def _waiting(account_id: int, now: datetime) -> QuerySet[SecondFactorReset]:
    return SecondFactorReset.objects.filter(
        account_id=account_id, confirmed_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )


def _fresh_link(reset: SecondFactorReset, action: str, *, by: Actor) -> Link:
    token, until = secrets.token_urlsafe(24), clock.real_now() + LIFE
    reset.link_digest, reset.link_expires_at, reset.seed = link_digest(token), until, ""
    reset.save()
    _note(action, reset, by=by)
    return Link(token, until)


def _note(action: str, reset: SecondFactorReset, *, by: Actor, fields: list[str] | None = None) -> None:
    audit_row(
        by=by, action=action, object_type="account", object_id=reset.account_id, municipality_id=None,
        fields=fields or [], values={"reset": reset.pk},
    )  # fmt: skip
