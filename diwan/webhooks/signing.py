"""Secrets of subscriptions, derived and never stored (ADR 6), and signatures as Standard Webhooks has them.

The text signed is `<webhook-id>.<webhook-timestamp>.<body>`; the secret is shown as `whsec_` and base64.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings

from diwan.kit.keyed import derived_key
from diwan.webhooks.models import Subscription

PREFIX: Final = "whsec_"


def secret_key(subscription: Subscription, number: int | None = None) -> bytes:
    """The 32 bytes of a secret of the subscription: the one in force, or the one with this number."""
    purpose = f"webhook {subscription.key} {number or subscription.secret}"
    return derived_key(secret=settings.SECRET_KEY, purpose=purpose)


def secret_text(subscription: Subscription) -> str:
    """The secret in force as the partner types it into his receiver."""
    return PREFIX + base64.b64encode(secret_key(subscription)).decode()


def signing_keys(subscription: Subscription, *, now: datetime) -> tuple[bytes, ...]:
    """The keys that sign now: the one in force, and the one before while partners change over."""
    keys = [secret_key(subscription)]
    if (
        subscription.overlap_until is not None
        and subscription.overlap_until > now
        and subscription.secret > 1
    ):
        keys.append(secret_key(subscription, subscription.secret - 1))
    return tuple(keys)


def signed_headers(*, identity: str, body: bytes, keys: Sequence[bytes], at: datetime) -> Mapping[str, str]:
    """The three headers of one attempt made at `at`; one signature for each key, separated by spaces."""
    moment = str(int(at.timestamp()))
    text = f"{identity}.{moment}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, text, sha256)).decode() for key in keys)
    return {
        "webhook-id": identity,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
