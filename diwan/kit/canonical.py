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

_LEAVES: Final = frozenset({str, int, bool, type(None)})


class NotCanonical(TypeError):
    """The value holds something without a single spelling; the message says where."""


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of a value; tuples count as lists, any mapping as an object."""
    if type(value) not in _LEAVES:
        _check(value, "$")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a text holds half of a surrogate pair") from error


def joined(parts: Mapping[str, bytes]) -> bytes:
    """The canonical bytes of an object whose values are canonical already: what is large is put together once."""
    return b"{" + b",".join(canonical_json(key) + b":" + parts[key] for key in sorted(parts)) + b"}"


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, 64 hexadecimal characters."""
    return sha256(canonical_json(value)).hexdigest()


def _check(value: Any, path: str) -> None:
    """Raises NotCanonical. A leaf of a usual type is passed where it stands, since most values are leaves."""
    if isinstance(value, (dict, Mapping)):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: key {key!r} is not text")
            if type(item) not in _LEAVES:
                _check(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            if type(item) not in _LEAVES:
                _check(item, f"{path}[{place}]")
    elif not isinstance(value, (bool, int, str)):
        raise NotCanonical(f"{path}: {type(value).__name__} has no canonical form")
