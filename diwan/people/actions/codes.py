"""One-time codes: made for a purpose, an address and a session; stored as digests; counted before compared."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from diwan.kit import clock
from diwan.kit.digits import compact
from diwan.kit.errors import N_, DiwanError, plural_message
from diwan.kit.keyed import keyed_digest, same_digest
from diwan.people.actions.count_attempt import count_attempt, forget_attempts
from diwan.people.models import OneTimeCode

LIFE = timedelta(minutes=5)
ATTEMPTS = 5
ATTEMPT_WINDOW = timedelta(minutes=15)
SENDS = 5
SEND_WINDOW = timedelta(hours=1)
PAUSE = timedelta(seconds=30)
DIGITS = 6


class WrongCode(DiwanError):
    """The code differs; `left` attempts remain."""

    code = "people.wrong_code"
    message = plural_message(
        "The code is not right. Compare it with the newest message; one attempt is left.",
        "The code is not right. Compare it with the newest message; {left} attempts are left.",
        count="left",
    )


class CodeExpired(DiwanError):
    """No code of this session can be used: too old, used, or never sent."""

    code = "people.code_expired"
    message = N_("This code can't be used any more. Ask for a new one.")


class CodeTooSoon(DiwanError):
    """A new code was asked for too soon after the last."""

    code = "people.code_too_soon"
    message = plural_message(
        "A code was just sent. Wait one second before asking for another.",
        "A code was just sent. Wait {seconds} seconds before asking for another.",
        count="seconds",
    )


@dataclass(frozen=True, slots=True)
class NewCode:
    """A fresh code in the clear, to be handed to the messenger and never stored, and its times (real)."""

    code: str
    expires_at: datetime
    resend_at: datetime


def make_code(*, purpose: str, address: str, binding: str, account_id: int | None = None) -> NewCode:
    """Make a code for an address, valid for five minutes in one session or for one object (`binding`).

    Older codes of the same purpose, address and binding end. TooManyAttempts after five codes an hour to one address;
    CodeTooSoon within 30 seconds of the last. Call it outside any transaction (attempts are counted for good), then
    send the code at once (`notify.actions.send_code`).
    """
    target = _target(address)
    now = clock.real_now()
    last = (
        OneTimeCode.objects.filter(purpose=purpose, target=target, binding=_bound(binding))
        .order_by("-created_at")
        .first()
    )
    if last is not None and last.used_at is None and last.created_at + PAUSE > now:
        raise CodeTooSoon(seconds=max(1, int((last.created_at + PAUSE - now).total_seconds())))
    count_attempt(key=f"code-send:{purpose}:{target}", limit=SENDS, window=SEND_WINDOW).require()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic():
        OneTimeCode.objects.filter(
            purpose=purpose, target=target, binding=_bound(binding), used_at__isnull=True
        ).update(expires_at=now)
        OneTimeCode.objects.create(
            purpose=purpose,
            account_id=account_id,
            target=target,
            binding=_bound(binding),
            digest=_digest(code, purpose, target, binding),
            created_at=now,
            expires_at=now + LIFE,
        )
    return NewCode(code=code, expires_at=now + LIFE, resend_at=now + PAUSE)


def code_waits(*, purpose: str, address: str, binding: str) -> bool:
    """Whether a code was sent that can still be typed: for pages that somebody comes back to. One statement."""
    sent = OneTimeCode.objects.filter(purpose=purpose, target=_target(address), binding=_bound(binding))
    return sent.filter(used_at__isnull=True, expires_at__gt=clock.real_now()).exists()


def check_code(*, purpose: str, address: str, binding: str, code: str) -> OneTimeCode:
    """Accept a code once. The attempt is counted and committed before the code is compared.

    Raises TooManyAttempts after five wrong ones in 15 minutes, CodeExpired, WrongCode. Any digits are read.
    """
    target = _target(address)
    key = f"code-check:{purpose}:{target[:24]}:{_bound(binding)[:24]}"
    attempt = count_attempt(key=key, limit=ATTEMPTS, window=ATTEMPT_WINDOW)
    attempt.require()
    found = _count_on_code(purpose=purpose, target=target, binding=_bound(binding))
    if found is None or found.attempts > ATTEMPTS or found.expires_at <= clock.real_now():
        raise CodeExpired
    if not same_digest(found.digest, _digest(compact(code), purpose, target, binding)):
        if attempt.left == 0:
            count_attempt(key=key, limit=ATTEMPTS, window=ATTEMPT_WINDOW).require()
        raise WrongCode(left=attempt.left)
    now = clock.real_now()
    if not OneTimeCode.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=now):
        raise CodeExpired
    forget_attempts(key=key)
    return found


_COUNT = """
UPDATE people_onetimecode SET attempts = attempts + 1
WHERE id = (SELECT id FROM people_onetimecode WHERE purpose = %s AND target = %s AND binding = %s
            ORDER BY created_at DESC, id DESC LIMIT 1)
  AND used_at IS NULL
RETURNING id
"""


def _count_on_code(*, purpose: str, target: str, binding: str) -> OneTimeCode | None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_COUNT, [purpose, target, binding])
        row = cursor.fetchone()
    return OneTimeCode.objects.get(pk=row[0]) if row else None


def prune_codes() -> int:
    """Delete codes that ended a day ago or earlier; for a daily job."""
    deleted, _ = OneTimeCode.objects.filter(expires_at__lt=clock.real_now() - timedelta(days=1)).delete()
    return deleted


def _target(address: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose="code address", value=address.strip().lower())


def _bound(binding: str) -> str:
    return keyed_digest(secret=settings.SECRET_KEY, purpose="code binding", value=binding)


def _digest(code: str, purpose: str, target: str, binding: str) -> str:
    text = f"{purpose} {target} {binding} {code}"
    return keyed_digest(secret=settings.SECRET_KEY, purpose="one-time code", value=text)
