"""What a message can only know when it is sent: packages above register who fills in their objects' parameters.

A message row holds `case_id` and `params`; number, secret and link of a case are made from its id, never stored. The
sender asks `filled(message)` before it renders, and what comes back is not kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

Fill = Callable[[int, str], Mapping[str, Any]]
"""(case id, language) -> `number`, `secret`, `url`, `service` and what else every message about a case may say."""

_fill: list[Fill] = []
_by_template: dict[str, Fill] = {}


def fills_cases(fill: Fill) -> Fill:
    """Register who knows cases; the last one registered wins."""
    _fill[:] = [fill]
    return fill


def fills(template: str) -> Callable[[Fill], Fill]:
    """Register who knows what messages of one template say beyond what every message about a case says."""

    def register(fill: Fill) -> Fill:
        _by_template[template] = fill
        return fill

    return register


def filled(
    *, case_id: int | None, language: str, params: Mapping[str, Any], template: str = ""
) -> dict[str, Any]:
    """The parameters of a message with those of its case and its template; what the row says itself wins."""
    if case_id is None:
        return dict(params)
    known = _fill[0](case_id, language) if _fill else {}
    more = _by_template[template](case_id, language) if template in _by_template else {}
    return {**known, **more, **params}
