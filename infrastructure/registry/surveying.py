"""Surveying 测绘: `application.registry.surveying.Surveyor` by shapely.

Everything is measured on planes of metres laid at the place looked at, true to a hundredth for some 50 km around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from application.registry.surveying import Outlines
from domain.place import parent_of
from domain.registry.ground import MOST_SHARE, SLIVER_M, SPECK_M2, Difference, Gap, Overlap, Plot, Stray, Topology
from domain.registry.outline import Outline

METRES_PER_DEGREE = 111_320.0
SMALLEST_M2 = 1.0
TOUCHING_M = 0.5


class ShapelySurveyor:
    """Implements `Surveyor`. Has no state: may be asked from any thread."""

    def flaw(self, polygon: Outline) -> str | None:
        drawn = _degrees(polygon)
        if not drawn.is_valid:
            return f"边界自相交、洞在外环之外或重复走线：{shapely.is_valid_reason(drawn)}"
        if self.area_m2(polygon) < SMALLEST_M2:
            return "边界围成的面积不足 1 平方米"
        return None

    def area_m2(self, polygon: Outline) -> float:
        return float(_Plane([polygon]).shape(polygon).area)

    def differ(self, olds: Sequence[Outline], news: Sequence[Outline]) -> Difference | None:
        plane = _Plane([*olds, *news])
        before, after = (shapely.union_all([plane.shape(one) for one in ones]) for ones in (olds, news))
        lost, gained = (
            sum(piece.area for piece in _pieces(left) if _beyond(piece, before.area))
            for left in (before.difference(after), after.difference(before))
        )
        return Difference(lost, gained) if lost or gained else None

    def topology(self, plots: Sequence[Plot], communities: Sequence[str], outlines: Outlines) -> Topology:
        tree, wanted = STRtree([_degrees(plot.polygon) for plot in plots]), set(communities)
        gaps, strays = [], []
        by_community: dict[str, list[Plot]] = {}
        for plot in plots:
            by_community.setdefault(parent_of(plot.code), []).append(plot)
        for community in sorted(wanted):
            own = by_community.get(community, [])
            parts = outlines.get(community, ())
            region = shapely.union_all([_degrees(one) for one in (*parts, *(plot.polygon for plot in own))])
            near = [plots[index] for index in tree.query(region, predicate="intersects")]
            sheet = _Sheet([*own, *(plot for plot in near if parent_of(plot.code) != community)], parts)
            gaps += sheet.gaps(community, sheet.bare(len(own)))
            strays += sheet.strays({plot.code for plot in own})
        overlaps = _overlaps(plots, tree, lambda one, other: not wanted.isdisjoint({parent_of(one), parent_of(other)}))
        return _ordered(overlaps, gaps, strays)

    def made_worse(
        self, before: Sequence[Plot], after: Sequence[Plot], changed: Sequence[str], outlines: Outlines
    ) -> Topology:
        tree, names = STRtree([_degrees(plot.polygon) for plot in after]), set(changed)
        gaps, strays = [], []
        for community in sorted({parent_of(code) for code in changed}):
            parts = outlines.get(community, ())
            now = _Sheet(after, parts, like=before)
            then = _Sheet(before, parts, like=after)
            lost = then.covered.difference(now.covered)
            if parts:
                lost = lost.intersection(now.outline)
            own = [piece for piece in _pieces(lost) if then.holder(piece).startswith(community)]
            strips = now.strips().difference(then.strips()).difference(lost)
            fresh = [piece for piece in _pieces(strips) if _between(now.beside(piece), names)]
            gaps += now.gaps(community, [*own, *fresh])
            strays += now.strays({code for code in names if parent_of(code) == community})
        overlaps = _overlaps(after, tree, lambda one, other: not names.isdisjoint({one, other}))
        return _ordered(overlaps, gaps, strays)


def metres_in_a_degree(latitude: float) -> tuple[float, float]:
    """Of longitude and of latitude."""
    return METRES_PER_DEGREE * cos(radians(latitude)), METRES_PER_DEGREE


class _Plane:
    """A plane of metres around some drawings."""

    def __init__(self, drawings: Iterable[Outline]) -> None:
        points = np.array([point for drawing in drawings for point in drawing[0]])
        self.origin = (points.min(axis=0) + points.max(axis=0)) / 2
        self.scale = np.array(metres_in_a_degree(float(self.origin[1])))

    def shape(self, drawing: Outline) -> Polygon:
        return shapely.transform(_degrees(drawing), self._metres)

    def degrees(self, point: BaseGeometry) -> tuple[float, float]:
        x, y = shapely.get_coordinates(point)[0] / self.scale + self.origin
        return float(x), float(y)

    def _metres(self, points: NDArray[Any]) -> NDArray[Any]:
        metres: NDArray[Any] = (points - self.origin) * self.scale
        return metres


class _Sheet:
    """Some plots, and the outline of one community, on one plane; that of `like` too, so that sheets compare."""

    def __init__(self, plots: Sequence[Plot], outline: Sequence[Outline], like: Sequence[Plot] = ()) -> None:
        drawings = [*outline, *(plot.polygon for plot in chain(plots, like))]
        self.plane = _Plane(drawings)
        self.codes: list[str] = [plot.code for plot in plots]
        self.shapes = [self.plane.shape(plot.polygon) for plot in plots]
        self.tree = STRtree(self.shapes)
        self.covered = shapely.union_all(self.shapes)
        self.outline = shapely.union_all([self.plane.shape(part) for part in outline])

    def bare(self, own: int) -> list[Polygon]:
        """Ground of nobody: within the outline, or without one what the first `own` plots enclose or nearly touch."""
        if not self.outline.is_empty:
            return _pieces(self.outline.difference(self.covered))
        mine = shapely.union_all(self.shapes[:own])
        enclosed = shapely.union_all([Polygon(part.exterior) for part in _pieces(_closed(mine))])
        return _pieces(enclosed.difference(self.covered))

    def strips(self) -> BaseGeometry:
        """Ground between plots no wider than a sliver, within the outline if there is one."""
        strips = _closed(self.covered).difference(self.covered)
        return strips if self.outline.is_empty else strips.intersection(self.outline)

    def holder(self, piece: BaseGeometry) -> str:
        """The plot a piece of covered ground lies in; of several, the lowest code."""
        holding = self.tree.query(piece.representative_point(), predicate="intersects")
        return min((self.codes[index] for index in holding), default="")

    def beside(self, piece: BaseGeometry) -> list[str]:
        """The plots that touch a piece of ground."""
        near = self.tree.query(piece, predicate="dwithin", distance=TOUCHING_M)
        return sorted(self.codes[index] for index in near)

    def gaps(self, community: str, pieces: Iterable[Polygon]) -> list[Gap]:
        """Those pieces that are beyond tolerance."""
        area = dict(zip(self.codes, (shape.area for shape in self.shapes), strict=True))
        found = []
        for piece in pieces:
            neighbours = self.beside(piece)
            if _beyond(piece, sum(area[code] for code in neighbours)):
                east, north = self.plane.degrees(piece.representative_point())
                found.append(Gap(community, east, north, piece.area, tuple(neighbours)))
        return found

    def strays(self, codes: set[str]) -> list[Stray]:
        """Ground of these grids outside the outline, beyond tolerance."""
        if self.outline.is_empty:
            return []
        found = []
        for code, shape in zip(self.codes, self.shapes, strict=True):
            outside = [piece for piece in _pieces(shape.difference(self.outline)) if _beyond(piece, shape.area)]
            if code in codes and outside:
                area = sum(piece.area for piece in outside)
                found.append(Stray(code, parent_of(code), area, area / shape.area))
        return found


def _overlaps(plots: Sequence[Plot], tree: STRtree, wanted: Any) -> list[Overlap]:
    found = []
    lefts, rights = tree.query(tree.geometries, predicate="intersects")
    once = lefts < rights
    lefts, rights = lefts[once], rights[once]
    # Neighbours mostly only touch: what is nothing in square degrees need not be measured.
    shared_degrees = shapely.area(shapely.intersection(tree.geometries[lefts], tree.geometries[rights]))
    some = shared_degrees * METRES_PER_DEGREE**2 > SPECK_M2
    for left, right in zip(lefts[some], rights[some], strict=True):
        one, other = sorted((plots[left], plots[right]), key=lambda plot: plot.code)
        if wanted(one.code, other.code):
            plane = _Plane([one.polygon, other.polygon])
            first, second = plane.shape(one.polygon), plane.shape(other.polygon)
            smaller, shared = min(first.area, second.area), first.intersection(second)
            if _beyond(shared, smaller):
                found.append(Overlap(one.code, other.code, shared.area, min(shared.area / smaller, 1.0)))
    return found


def _beyond(ground: BaseGeometry, base_m2: float) -> bool:
    """Whether a piece of ground is more than a sliver of digitising beside `base_m2` of sound ground."""
    if ground.area <= SPECK_M2:
        return False
    return ground.area > MOST_SHARE * base_m2 or ground.buffer(-SLIVER_M / 2, join_style="mitre").area > 0


def _closed(ground: BaseGeometry) -> BaseGeometry:
    """The ground with strips up to a sliver wide filled in."""
    wider = ground.buffer(SLIVER_M / 2, join_style="mitre")
    return wider.buffer(-SLIVER_M / 2, join_style="mitre").union(ground)


def _between(neighbours: Sequence[str], changed: set[str]) -> bool:
    return len(neighbours) > 1 and not changed.isdisjoint(neighbours)


def _pieces(ground: BaseGeometry) -> list[Polygon]:
    parts = [part for part in shapely.get_parts(ground) if isinstance(part, Polygon)]
    return [part for part in parts if part.area > SPECK_M2]


def _degrees(drawing: Outline) -> Polygon:
    return Polygon(drawing[0], drawing[1:])


def _ordered(overlaps: Iterable[Overlap], gaps: Iterable[Gap], strays: Iterable[Stray]) -> Topology:
    return Topology(
        tuple(sorted(overlaps, key=lambda one: (-one.area_m2, one.one, one.other))),
        tuple(sorted(gaps, key=lambda one: (-one.area_m2, one.longitude, one.latitude))),
        tuple(sorted(strays, key=lambda one: (-one.area_m2, one.code))),
    )
