"""The secret of a link to rate: 128 bits derived from the case and the count of its links, kept as a hash only."""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from diwan.kit.keyed import derived_key

_PURPOSE = "rating link"


def secret_of(case_id: int, generation: int) -> str:
    """The secret in the link, 22 characters of base64url. Made when a message is sent, stored nowhere."""
    key = derived_key(secret=settings.SECRET_KEY, purpose=_PURPOSE)
    mac = hmac.digest(key, f"{case_id}.{generation}".encode(), sha256)
    return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()


def digest_of(secret: str) -> str:
    """What the database keeps of a secret."""
    return sha256(secret.encode()).hexdigest()
