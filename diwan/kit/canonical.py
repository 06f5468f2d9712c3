"""One byte form for a value, so that the same content always has the same digest.

Canonical JSON as used for service hashes, the audit chain and idempotency: UTF-8, keys sorted by code point, no spaces,
no escapes but those JSON demands. Only objects with text keys, lists, text, whole numbers, true, false and null:
a float, a decimal or a date is refused with its path, since each has several spellings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from diwan.kit.keyed import keyed_digest

_LEAVES: Final = frozenset({str, int, bool, type(None)})


class NotCanonical(TypeError):
    """The value holds something without a single spelling; the message says where."""


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of a value; tuples count as lists, any mapping as an object."""
    text = json.dumps(
        _plain(value, "$"), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a text holds half of a surrogate pair") from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal characters."""
    return sha256(canonical_json(value)).hexdigest()


def keyed_digest_of(value: Any, *, secret: str | bytes, purpose: str) -> str:
    """HMAC-SHA256 of the canonical bytes under the purpose's key, 64 hexadecimal characters."""
    return keyed_digest(secret=secret, purpose=purpose, value=canonical_json(value))


def _plain(value: Any, path: str) -> Any:
    """Containers as plain ones; a leaf of a usual type is taken where it stands, since most values are leaves."""
    if isinstance(value, (dict, Mapping)):
        made = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: key {key!r} is not text")
            made[key] = item if type(item) in _LEAVES else _plain(item, f"{path}.{key}")
        return made
    if isinstance(value, (list, tuple)):
        return [
            item if type(item) in _LEAVES else _plain(item, f"{path}[{place}]")
            for place, item in enumerate(value)
        ]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise NotCanonical(f"{path}: {type(value).__name__} has no canonical form")
