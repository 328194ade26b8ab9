"""GridMap 网格地图: which grid holds a point, which is near, which cover the same ground.

Degrees are CGCS2000; metres are measured on a plane laid at the point, true to a hundredth nearby.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import numpy as np
import shapely
from eventsourcing.domain import DomainEvent
from numpy.typing import NDArray
from shapely import Point, Polygon, STRtree

from application.registry.registry import Entry
from domain.registry.grid import Drawing, Grid
from domain.registry.outline import Outline
from infrastructure.registry.surveying import metres_in_a_degree

Counts = Callable[[Grid, Drawing], bool]
"""Whether a grid, drawn so, is one of those looked at."""


def on_day(day: date | None) -> Counts:
    """Grids in force on `day` as they are drawn then; without one, those with no last day in their newest drawing."""

    def counts(grid: Grid, drawing: Drawing) -> bool:
        if day is None:
            return grid.valid_until is None and drawing.edition == grid.edition
        return grid.in_force(day) and drawing.edition == grid.drawn_on(day).edition

    return counts


@dataclass(frozen=True)
class _Sheet:
    """The whole map, of all days; shapes stand in ascending order of their grids' codes."""

    grids: list[tuple[Grid, Drawing]]
    shapes: NDArray[Any]
    tree: STRtree


class GridMap:
    """All grids. Laid out again when asked after a change, so a batch of changes costs one laying out."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, int], tuple[Grid, Drawing, Polygon]] = {}
        self._waiting: dict[str, Grid] = {}
        self._sheet = _Sheet([], np.array([], dtype=object), STRtree([]))
        self._drawing = Lock()

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Draw a grid whose ground is new."""
        if isinstance(entry, Grid) and isinstance(event, Grid.Defined | Grid.Formed | Grid.Redrawn):
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
        return next((sheet.grids[index][0] for index in holding if counts(*sheet.grids[index])), None)

    def nearest(self, longitude: float, latitude: float, counts: Counts, within_m: float) -> tuple[Grid, float] | None:
        """The nearest grid and its distance in metres, None when there is none within `within_m`."""
        sheet = self._drawn()
        east_m, north_m = metres_in_a_degree(latitude)
        reach = shapely.box(
            longitude - within_m / east_m,
            latitude - within_m / north_m,
            longitude + within_m / east_m,
            latitude + within_m / north_m,
        )
        near = [index for index in np.sort(sheet.tree.query(reach)) if counts(*sheet.grids[index])]
        if not near:
            return None
        origin, scale = np.array([longitude, latitude]), np.array([east_m, north_m])
        flat = shapely.transform(sheet.shapes[near], lambda points: (points - origin) * scale)
        distances = shapely.distance(flat, Point(0, 0))
        best = int(np.argmin(distances))
        return None if distances[best] > within_m else (sheet.grids[near[best]][0], float(distances[best]))

    def touching(self, polygon: Outline, counts: Counts) -> list[Grid]:
        """The grids on ground of `polygon` or bordering on it, by ascending code."""
        sheet = self._drawn()
        found = np.sort(sheet.tree.query(shape(polygon), predicate="intersects"))
        return [sheet.grids[index][0] for index in found if counts(*sheet.grids[index])]

    def _drawn(self) -> _Sheet:
        with self._drawing:
            if self._waiting:
                for grid in self._waiting.values():
                    for drawing in grid.drawings:
                        known = self._shapes.get((grid.code, drawing.edition))
                        drawn = known[2] if known else shape(drawing.polygon)
                        self._shapes[grid.code, drawing.edition] = (grid, drawing, drawn)
                self._waiting = {}
                self._sheet = _lay_out(self._shapes)
            return self._sheet


def shape(polygon: Outline) -> Polygon:
    """The outline as a prepared polygon."""
    drawn = Polygon(polygon[0], polygon[1:])
    shapely.prepare(drawn)
    return drawn


def _lay_out(shapes: dict[tuple[str, int], tuple[Grid, Drawing, Polygon]]) -> _Sheet:
    ordered = [shapes[key] for key in sorted(shapes)]
    drawn = np.array([polygon for _, _, polygon in ordered], dtype=object)
    return _Sheet([(grid, drawing) for grid, drawing, _ in ordered], drawn, STRtree(drawn))
