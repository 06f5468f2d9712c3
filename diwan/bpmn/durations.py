"""Durations of ISO 8601 as whole hours: ``PT8H``, ``P3D``, ``P2W``, ``P1DT12H``."""

from __future__ import annotations

import re

_DURATION = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?)?\Z")


def hours_of(text: str) -> int | None:
    """Whole hours, at least one; None for anything else (months and years have no fixed length)."""
    match = _DURATION.match(text)
    if match is None:
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    whole, rest = divmod(minutes, 60)
    found = (weeks * 7 + days) * 24 + hours + whole
    return found if found > 0 and rest == 0 else None
