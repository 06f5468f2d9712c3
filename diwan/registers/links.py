"""The secret in the link that a message about an entry carries: it opens what the message says, and nothing else."""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from diwan.kit.keyed import derived_key

_PURPOSE = "register entry link"


def secret_of(number: str) -> str:
    """128 bits under the deployment's secret, 22 characters of base64url; nothing is stored."""
    key = derived_key(secret=settings.SECRET_KEY, purpose=_PURPOSE)
    digest = hmac.digest(key, number.encode(), sha256)[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def opens(number: str, secret: str) -> bool:
    """Whether this is the secret of the number; compares in constant time."""
    return hmac.compare_digest(secret.encode(), secret_of(number).encode())
