"""Distances on the ground, for places a few kilometres apart. Pure."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH: Final = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
METRES_A_DEGREE: Final = 111_320.0


def metres(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Metres between two WGS84 points on a sphere (haversine); within 0.5 % of the ellipsoid."""
    up, along = radians(other_lat - lat), radians(other_lng - lng)
    part = sin(up / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(along / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(part)))


def box(lat: float, lng: float, within: float) -> tuple[float, float, float, float]:
    """(south, west, north, east) of a square that holds everything within so many metres."""
    up = within / METRES_A_DEGREE
    along = up / max(0.01, cos(radians(lat)))
    return lat - up, lng - along, lat + up, lng + along
