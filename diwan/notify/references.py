"""The name of a message to the outside: its id and the moment of its row, which finds the partition again."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHAPE = re.compile(r"(\d{1,18})-(\d{1,18})")


def reference_of(identity: int, created_at: datetime) -> str:
    """`<id>-<microseconds since 1970>`."""
    return f"{identity}-{(created_at - _EPOCH) // _MICROSECOND}"


def read_reference(reference: str) -> tuple[int, datetime] | None:
    """(id, created_at), or None for a text that is no reference of ours."""
    found = _SHAPE.fullmatch(reference)
    if found is None:
        return None
    try:
        return int(found[1]), _EPOCH + int(found[2]) * _MICROSECOND
    except OverflowError:
        return None
