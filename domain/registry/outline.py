"""Outline 网格边界: one polygon as GeoJSON writes it, holes after the outer ring.

Points are [longitude, latitude] in degrees CGCS2000.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from domain.place import in_china
from domain.refusals import BadPolygon

Outline = list[list[list[float]]]
Rings = Sequence[Sequence[Sequence[float]]]
"""A polygon as somebody gave it."""
Flaw = Callable[[Outline], str | None]
"""Says in Chinese what is wrong with a drawing (it crosses itself, has no area), or None."""

MAX_RINGS = 50
MAX_POINTS = 5_000
MAX_PARTS = 100


def outline(rings: Rings, flaw: Flaw) -> Outline:
    """The polygon as events hold it. Refuses `BadPolygon`: open, too few or many points, abroad, flawed."""
    if not 1 <= len(rings) <= MAX_RINGS or sum(len(ring) for ring in rings) > MAX_POINTS:
        raise BadPolygon(problem=f"边界应有 1 至 {MAX_RINGS} 个环，合计不超过 {MAX_POINTS} 个点")
    drawn = [_ring(ring, nth) for nth, ring in enumerate(rings, start=1)]
    if (problem := flaw(drawn)) is not None:
        raise BadPolygon(problem=problem)
    return drawn


def _ring(ring: Sequence[Sequence[float]], nth: int) -> list[list[float]]:
    points = [_point(point, nth) for point in ring]
    if len(points) < 4:
        raise BadPolygon(problem=f"第 {nth} 个环只有 {len(points)} 个点，连同闭合点至少 4 个")
    if points[0] != points[-1]:
        raise BadPolygon(problem=f"第 {nth} 个环没有闭合，末点须与首点相同")
    return points


def _point(point: Sequence[float], nth: int) -> list[float]:
    if len(point) != 2:
        raise BadPolygon(problem=f"第 {nth} 个环有一点不是“经度、纬度”两个数")
    longitude, latitude = float(point[0]), float(point[1])
    if in_china(longitude, latitude):
        return [longitude, latitude]
    if in_china(latitude, longitude):
        raise BadPolygon(problem=f"第 {nth} 个环的经纬度似乎颠倒：经度 {longitude}、纬度 {latitude}")
    raise BadPolygon(problem=f"第 {nth} 个环有一点不在我国范围内：经度 {longitude}、纬度 {latitude}")


def outline_of_parts(parts: Sequence[Rings], flaw: Flaw) -> list[Outline]:
    """Several polygons as events hold them. Refuses `BadPolygon`: none, too many, or one of them is not sound."""
    if not 1 <= len(parts) <= MAX_PARTS:
        raise BadPolygon(problem=f"边界应有 1 至 {MAX_PARTS} 个部分")
    return [outline(part, flaw) for part in parts]


def same_ground(one: Sequence[Outline], other: Sequence[Outline]) -> bool:
    """Whether two drawings in parts are the same, however they are written."""
    return sorted(canonical(part) for part in one) == sorted(canonical(part) for part in other)


def canonical(drawn: Outline) -> Outline:
    """The same ground written one way: outer ring counter-clockwise, holes clockwise (RFC 7946, 3.1.6), each ring
    begun at its lowest point, holes in order. Two drawings are the same when these are equal.
    """
    outer, *holes = drawn
    inner = [_begun_lowest(_turned(hole, clockwise=True)) for hole in holes]
    return [_begun_lowest(_turned(outer, clockwise=False)), *sorted(inner)]


def _turned(ring: list[list[float]], *, clockwise: bool) -> list[list[float]]:
    twice_area = sum(one[0] * two[1] - two[0] * one[1] for one, two in pairwise(ring))
    return ring[::-1] if (twice_area < 0) != clockwise else ring


def _begun_lowest(ring: list[list[float]]) -> list[list[float]]:
    points = ring[:-1]
    first = points.index(min(points))
    return [*points[first:], *points[:first], points[first]]
