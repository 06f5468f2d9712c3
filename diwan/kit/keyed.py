"""Keyed digests: values that only the holder of the deployment's secret can recompute, one key for each purpose."""

from __future__ import annotations

import functools
import hmac
from hashlib import sha256


@functools.lru_cache(maxsize=256)
def derived_key(*, secret: str | bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that a digest made for one use is worthless for another."""
    raw = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(raw, b"diwan key: " + purpose.encode(), sha256)


def keyed_digest(*, secret: str | bytes, purpose: str, value: str | bytes) -> str:
    """HMAC-SHA256 of the value under the purpose's key: 64 hexadecimal characters."""
    raw = value.encode() if isinstance(value, str) else value
    return hmac.new(derived_key(secret=secret, purpose=purpose), raw, sha256).hexdigest()


def same_digest(one: str, other: str) -> bool:
    """Whether two digests are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
