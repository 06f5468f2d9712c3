"""The person registers a new code generator by the link of a confirmed reset: once, and only with a code that fits."""

from dataclasses import dataclass

import pyotp
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.digits import compact
from diwan.kit.errors import N_, DiwanError
from diwan.people.actions.count_attempt import count_attempt, forget_attempts
from diwan.people.actions.resets import link_digest
from diwan.people.actions.totp import ATTEMPT_WINDOW, ATTEMPTS, WrongTotp, matching_step
from diwan.people.actor import Actor
from diwan.people.models import Account, SecondFactorReset, TotpDevice
from diwan.people.secrets import new_seed, opened_seed, sealed_seed


class LinkOver(DiwanError):
    """The link was used, replaced, or is too old; or it never was one. Which, is not told."""

    code = "people.link_over"
    message = N_("This link can't be used any more. Ask the system administrator for a new one.")


@dataclass(frozen=True, slots=True)
class NewGenerator:
    """What the authenticator needs: the address of the QR code, and the seed to type (base32)."""

    account: Account
    address: str
    seed: str


def person_of_link(*, token: str) -> Account:
    """Whose link this is. Raises LinkOver."""
    return _standing(token).account


@transaction.atomic
def new_generator(*, token: str, issuer: str) -> NewGenerator:
    """The seed of this link, made when it is first shown. The caller has asked for the person's password."""
    reset = _standing(token, lock=True)
    account = reset.account
    if not reset.seed:
        reset.seed = sealed_seed(new_seed(), account_id=account.pk)
        reset.save(update_fields=["seed"])
    seed = opened_seed(reset.seed, account_id=account.pk)
    address = pyotp.TOTP(seed).provisioning_uri(name=account.username, issuer_name=issuer)
    return NewGenerator(account, address, seed)


def finish_enrolment(*, token: str, code: str) -> Account:
    """Register the generator with the first code it shows. The attempt is counted before anything is compared.

    Raises LinkOver, TooManyAttempts (five in 15 minutes), WrongTotp.
    """
    waiting = _standing(token)
    key = f"totp-enrol:{waiting.pk}"
    attempt = count_attempt(key=key, limit=ATTEMPTS, window=ATTEMPT_WINDOW)
    attempt.require()
    with transaction.atomic():
        reset = _standing(token, lock=True)
        account = reset.account
        if not reset.seed:
            raise LinkOver
        step = matching_step(opened_seed(reset.seed, account_id=account.pk), compact(code))
        if step is None:
            raise WrongTotp(left=attempt.left)
        TotpDevice.objects.update_or_create(
            account=account, defaults={"seed": reset.seed, "last_step": step, "created_at": clock.real_now()}
        )
        reset.enrolled_at, reset.seed, reset.link_digest = clock.real_now(), "", ""
        reset.save(update_fields=["enrolled_at", "seed", "link_digest"])
        audit_row(
            by=Actor(account_id=account.pk, capacity="self"), action="people.authenticator.registered",
            object_type="account", object_id=account.pk, municipality_id=None, values={"reset": reset.pk},
        )  # fmt: skip
    forget_attempts(key=key)
    return account


def _standing(token: str, *, lock: bool = False) -> SecondFactorReset:
    rows = SecondFactorReset.objects.select_related("account").filter(
        link_digest=link_digest(token), link_expires_at__gt=clock.real_now(), enrolled_at__isnull=True,
        account__is_active=True,
    )  # fmt: skip
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise LinkOver
    return found
