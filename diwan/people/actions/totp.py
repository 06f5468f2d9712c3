"""The employee's code generator (RFC 6238): enrolment, checking, and the step-up that authorises signing.

A code is accepted once: the accepted time step is stored by a conditional update, and an older or equal one is refused.
"""

from datetime import timedelta

import pyotp
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.digits import compact
from diwan.kit.errors import N_, DiwanError, plural_message
from diwan.kit.keyed import same_digest
from diwan.people.actions.count_attempt import count_attempt, forget_attempts
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, StepUp, TotpDevice
from diwan.people.registry import MANAGE_PEOPLE
from diwan.people.secrets import new_seed, opened_seed, sealed_seed

STEP_SECONDS = 30
#: Steps before and after now that are accepted, for clocks that differ a little.
DRIFT = 1
ATTEMPTS = 5
ATTEMPT_WINDOW = timedelta(minutes=15)
STEP_UP_LIFE = timedelta(minutes=10)


class WrongTotp(DiwanError):
    """The code of the authenticator differs; `left` attempts remain."""

    code = "people.wrong_totp"
    message = plural_message(
        "The code is not right. Enter the six digits that the authenticator shows now; one attempt is left.",
        "The code is not right. Enter the six digits that the authenticator shows now; {left} attempts are left.",
        count="left",
    )


class TotpReused(DiwanError):
    """The code was used before."""

    code = "people.totp_reused"
    message = N_("This code was already used. Wait for the next one, at most 30 seconds.")


class NoAuthenticator(DiwanError):
    """The account has no code generator."""

    code = "people.no_authenticator"
    message = N_("No authenticator is registered for this account. The system administrator registers one.")


def enrol_totp(*, account: Account, by: Actor) -> str:
    """Register the first code generator of an account; returns the seed (base32), shown once.

    A person replaces none that is there: that takes two (`ask_reset`, `confirm_reset`). The system may.
    """
    if not (by.is_system or by.can(MANAGE_PEOPLE)) or by.account_id == account.pk:
        raise NotAllowed
    if not by.is_system and TotpDevice.objects.filter(account=account).exists():
        raise NotAllowed
    seed = new_seed()
    with transaction.atomic():
        TotpDevice.objects.update_or_create(
            account=account,
            defaults={
                "seed": sealed_seed(seed, account_id=account.pk),
                "last_step": 0,
                "created_at": clock.real_now(),
            },
        )
        audit_row(
            by=by,
            action="people.authenticator.registered",
            object_type="account",
            object_id=account.pk,
            municipality_id=None,
        )
    return seed


def verify_totp(*, account: Account, code: str) -> None:
    """Accept the authenticator's code once (real time). The attempt is counted before anything is compared.

    Raises NoAuthenticator, TooManyAttempts (five in 15 minutes), WrongTotp, TotpReused. Any digits are read.
    """
    key = f"totp:{account.pk}"
    attempt = count_attempt(key=key, limit=ATTEMPTS, window=ATTEMPT_WINDOW)
    attempt.require()
    device = TotpDevice.objects.filter(account=account).first()
    if device is None:
        raise NoAuthenticator
    step = matching_step(opened_seed(device.seed, account_id=account.pk), compact(code))
    if step is None:
        if attempt.left == 0:
            count_attempt(key=key, limit=ATTEMPTS, window=ATTEMPT_WINDOW).require()
        raise WrongTotp(left=attempt.left)
    if not TotpDevice.objects.filter(pk=device.pk, last_step__lt=step).update(last_step=step):
        raise TotpReused
    forget_attempts(key=key)


def step_up(*, account: Account, code: str, session: str) -> StepUp:
    """Prove the second factor afresh within a session; it authorises signing for ten minutes of real time.

    `session` is the actor's `session` (a keyed digest). Raises what `verify_totp` raises.
    """
    verify_totp(account=account, code=code)
    now = clock.real_now()
    with transaction.atomic():
        made = StepUp.objects.create(account=account, session=session, at=now, expires_at=now + STEP_UP_LIFE)
        audit_row(
            by=Actor(account_id=account.pk, capacity="self"),
            action="people.step_up.made",
            object_type="step_up",
            object_id=made.pk,
            municipality_id=None,
        )
    return made


def totp_code(*, account: Account) -> str:
    """The code that will be accepted next, for the operator's command line; "" without an authenticator.

    When the present step was used already, the code of the next one, which is accepted early.
    """
    device = TotpDevice.objects.filter(account=account).first()
    if device is None:
        return ""
    present = int(clock.real_now().timestamp()) // STEP_SECONDS
    step = min(max(present, device.last_step + 1), present + DRIFT)
    return pyotp.TOTP(opened_seed(device.seed, account_id=account.pk)).at(step * STEP_SECONDS)


def matching_step(seed: str, code: str) -> int | None:
    """The newest time step within the drift whose code this is."""
    present = int(clock.real_now().timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(seed)
    matching = [
        step
        for step in range(present - DRIFT, present + DRIFT + 1)
        if same_digest(generator.at(step * STEP_SECONDS), code)
    ]
    return matching[-1] if matching else None
