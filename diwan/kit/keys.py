"""Primary keys that nobody can guess and that lie together in an index when they were made together."""

import secrets
from datetime import datetime
from typing import Final

_SIGNS: Final = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def near_key(at: datetime) -> str:
    """22 characters of A-Z, a-z, 0-9, - and _: the minute of `at`, then 108 random bits.

    Rows that are written together touch the same pages of the index, where keys of random bits alone touch a page each,
    which the database then logs whole.
    """
    minute, prefix = int(at.timestamp()) // 60, ""
    for _ in range(4):
        prefix = _SIGNS[minute % 64] + prefix
        minute //= 64
    return prefix + "".join(secrets.choice(_SIGNS) for _ in range(18))
