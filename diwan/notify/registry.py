"""What a message can only know when it is sent: packages above register who fills in their objects' parameters.

A message row holds `case_id` and `params`; number, secret and link of a case are made from its id, never stored. The
sender asks `filled(message)` before it renders, and what comes back is not kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

Fill = Callable[[int, str], Mapping[str, Any]]
"""(case id, language) -> `number`, `secret`, `url`, `service` and what else every message about a case may say."""

_fill: list[Fill] = []


def fills_cases(fill: Fill) -> Fill:
    """Register who knows cases; the last one registered wins."""
    _fill[:] = [fill]
    return fill


def filled(*, case_id: int | None, language: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a message with those of its case; what the row says itself wins."""
    known = _fill[0](case_id, language) if case_id is not None and _fill else {}
    return {**known, **params}
