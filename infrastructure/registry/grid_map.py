"""GridMap 网格地图: which grid holds a point, which is near, which cover the same ground.

Degrees are CGCS2000; metres are measured on a plane laid at the point, true to a hundredth nearby.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians
from threading import Lock
from typing import Any

import numpy as np
import shapely
from eventsourcing.domain import DomainEvent
from numpy.typing import NDArray
from shapely import Point, Polygon, STRtree

from application.registry.registry import Entry, Overlap
from domain.registry.grid import Grid
from domain.registry.outline import Outline

Counts = Callable[[Grid], bool]
METRES_PER_DEGREE = 111_320.0
SMALLEST_M2 = 1.0


@dataclass(frozen=True)
class _Sheet:
    """One drawing of the whole map; shapes stand in ascending order of their grids' codes."""

    grids: list[Grid]
    shapes: NDArray[Any]
    tree: STRtree


class GridMap:
    """All grids. Laid out again when asked after a change, so a batch of changes costs one laying out."""

    def __init__(self) -> None:
        self._shapes: dict[str, tuple[Grid, Polygon]] = {}
        self._waiting: dict[str, Grid] = {}
        self._sheet = _Sheet([], np.array([], dtype=object), STRtree([]))
        self._drawing = Lock()

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Draw a grid whose ground is new."""
        if isinstance(entry, Grid) and isinstance(event, Grid.Defined | Grid.Redrawn):
            self.draw(entry)

    def draw(self, grid: Grid) -> None:
        """Add a grid or its next edition."""
        with self._drawing:
            self._waiting[grid.code] = grid

    def at(self, longitude: float, latitude: float, counts: Counts) -> Grid | None:
        """The grid that holds the point; of several that share a border there, the lowest code."""
        sheet, point = self._drawn(), Point(longitude, latitude)
        near = np.sort(sheet.tree.query(point))
        holding = near[shapely.intersects(sheet.shapes[near], point)]
        return next((grid for index in holding if counts(grid := sheet.grids[index])), None)

    def nearest(self, longitude: float, latitude: float, counts: Counts, within_m: float) -> tuple[Grid, float] | None:
        """The nearest grid and its distance in metres, None when there is none within `within_m`."""
        sheet = self._drawn()
        east_m, north_m = _scale(latitude)
        reach = shapely.box(
            longitude - within_m / east_m,
            latitude - within_m / north_m,
            longitude + within_m / east_m,
            latitude + within_m / north_m,
        )
        near = [index for index in np.sort(sheet.tree.query(reach)) if counts(sheet.grids[index])]
        if not near:
            return None
        origin, scale = np.array([longitude, latitude]), np.array([east_m, north_m])
        flat = shapely.transform(sheet.shapes[near], lambda points: (points - origin) * scale)
        distances = shapely.distance(flat, Point(0, 0))
        best = int(np.argmin(distances))
        return None if distances[best] > within_m else (sheet.grids[near[best]], float(distances[best]))

    def overlaps(self, code: str, polygon: Outline, counts: Counts) -> list[Overlap]:
        """Other grids on ground of `polygon`, with their share of the smaller of the two; the most first."""
        sheet, drawn = self._drawn(), shape(polygon)
        found = []
        for index in sheet.tree.query(drawn, predicate="intersects"):
            grid, other = sheet.grids[index], sheet.shapes[index]
            if grid.code != code and counts(grid):
                shared = drawn.intersection(other).area / min(drawn.area, other.area)
                found.append(Overlap(grid.code, shared))
        return sorted(found, key=lambda overlap: (-overlap.share, overlap.code))

    def _drawn(self) -> _Sheet:
        with self._drawing:
            if self._waiting:
                self._shapes |= {code: (grid, shape(grid.polygon)) for code, grid in self._waiting.items()}
                self._waiting = {}
                self._sheet = _lay_out(self._shapes)
            return self._sheet


def shape(polygon: Outline) -> Polygon:
    """The outline as a prepared polygon."""
    drawn = Polygon(polygon[0], polygon[1:])
    shapely.prepare(drawn)
    return drawn


def flaw(polygon: Outline) -> str | None:
    """What is wrong with a drawing: it crosses or touches itself, or is smaller than a square metre."""
    drawn = Polygon(polygon[0], polygon[1:])
    if not drawn.is_valid:
        return f"边界自相交、洞在外环之外或重复走线：{shapely.is_valid_reason(drawn)}"
    east_m, north_m = _scale(drawn.centroid.y)
    if drawn.area * east_m * north_m < SMALLEST_M2:
        return "边界围成的面积不足 1 平方米"
    return None


def _lay_out(shapes: dict[str, tuple[Grid, Polygon]]) -> _Sheet:
    ordered = [shapes[code] for code in sorted(shapes)]
    drawn = np.array([polygon for _, polygon in ordered], dtype=object)
    return _Sheet([grid for grid, _ in ordered], drawn, STRtree(drawn))


def _scale(latitude: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude."""
    return METRES_PER_DEGREE * cos(radians(latitude)), METRES_PER_DEGREE
