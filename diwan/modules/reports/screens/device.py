"""Where the device stands, as a form posts it: `lat`, `lng` and `accuracy`, filled in by a script, else empty."""

from __future__ import annotations

import math

from django.http import HttpRequest

from diwan.modules.reports.actions import Device

COARSEST = 1_000.0
"""A device that knows its place no better than this (metres) does not know it."""


def device_of(request: HttpRequest) -> Device | None:
    """The device of a posted form; None without a script, without permission, or without a usable place."""
    lat, lng = _number(request.POST.get("lat", "")), _number(request.POST.get("lng", ""))
    accuracy = _number(request.POST.get("accuracy", "")) or 0.0
    if lat is None or lng is None or abs(lat) > 90 or abs(lng) > 180 or not 0 <= accuracy <= COARSEST:
        return None
    return Device(lat, lng, accuracy)


def _number(text: str) -> float | None:
    try:
        value = float(text[:24])
    except ValueError:
        return None
    return value if math.isfinite(value) else None
