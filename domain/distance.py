"""距离: metres between two points of longitude and latitude, and the box that holds what is near one."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""
_DEGREE_M = radians(1) * EARTH_M


@dataclass(frozen=True)
class Box:
    """Degrees from west to east and from south to north."""

    west: float
    south: float
    east: float
    north: float


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance (haversine): within half a hundredth of the ellipsoid's."""
    (x1, y1), (x2, y2) = one, other
    north, east = radians(y2 - y1) / 2, radians(x2 - x1) / 2
    half_chord = sin(north) ** 2 + cos(radians(y1)) * cos(radians(y2)) * sin(east) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half_chord)))


def box_around(longitude: float, latitude: float, metres: float) -> Box:
    """Holds every point within `metres`, and corners beyond. Near a pole it is as wide as a hundredth allows."""
    high = metres / _DEGREE_M * 1.001  # a hair more, so that rounding leaves nobody out
    wide = high / max(cos(radians(latitude)), 0.01)
    return Box(longitude - wide, latitude - high, longitude + wide, latitude + high)
