"""Outline 网格边界: one polygon as GeoJSON writes it, holes after the outer ring.

Points are [longitude, latitude] in degrees CGCS2000.
"""

from collections.abc import Callable, Sequence

from domain.place import in_china
from domain.refusals import BadPolygon

Outline = list[list[list[float]]]
Flaw = Callable[[Outline], str | None]
"""Says in Chinese what is wrong with a drawing (it crosses itself, has no area), or None."""

MAX_RINGS = 50
MAX_POINTS = 5_000


def outline(rings: Sequence[Sequence[Sequence[float]]], flaw: Flaw) -> Outline:
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
