"""Ground plan 网格底图: the registry's grids of a day as paths of a drawing; made once, as drawings seldom change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from math import cos, radians

from application.registry.registry import Registry
from domain.registry.grid import Grid

WIDE, TALLEST = 1000.0, 1400.0
_EDGE = 6.0
MOST_AREAS = 1_500
_PAGE = 500
_MOST_PLANS = 32


@dataclass(frozen=True)
class Shape:
    """A grid as the path of a drawing."""

    code: str
    name: str
    path: str


@dataclass(frozen=True)
class Plan:
    """The grids of some places in a drawing `wide` by `high`; `beyond` are too many to be drawn."""

    wide: float
    high: float
    shapes: Sequence[Shape]
    beyond: int


class Plans:
    """The plans drawn lately. What the registry has learnt since makes a new one."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[tuple[tuple[str, ...], date, int], Plan] = OrderedDict()

    def of(self, registry: Registry, places: Sequence[str], on: date) -> Plan:
        """The grids in these places that are in force on a day."""
        key = tuple(sorted(places)), on, registry.position
        if key not in self._drawn:
            self._drawn[key] = drawn(list(_grids(registry, places, on)), on)
            while len(self._drawn) > _MOST_PLANS:
                self._drawn.popitem(last=False)
        return self._drawn[key]


def drawn(grids: Sequence[Grid], on: date) -> Plan:
    """A drawing as large as fits: degrees of longitude are as wide as they are at the middle of the ground."""
    shown = grids[:MOST_AREAS]
    outlines = [grid.drawn_on(on).polygon for grid in shown]
    points = list(chain.from_iterable(ring for outline in outlines for ring in outline))
    if not points:
        return Plan(WIDE, 1.0, [], 0)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    scale = min((WIDE - 2 * _EDGE) / ((east - west) * squeeze), (TALLEST - 2 * _EDGE) / (north - south))

    def place(point: Sequence[float]) -> tuple[float, float]:
        across, down = (point[0] - west) * squeeze * scale, (north - point[1]) * scale
        return round(_EDGE + across, 1), round(_EDGE + down, 1)

    shapes = [
        Shape(grid.code, grid.name, " ".join(_path(place(point) for point in ring) for ring in outline))
        for grid, outline in zip(shown, outlines, strict=True)
    ]
    return Plan(
        round(2 * _EDGE + (east - west) * squeeze * scale, 1), round(2 * _EDGE + (north - south) * scale, 1), shapes,
        len(grids) - len(shown),
    )  # fmt: skip


def _path(points: Iterable[tuple[float, float]]) -> str:
    """A closed ring; points that fall together on the drawing are one."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in dict.fromkeys(points)) + "Z"


def _grids(registry: Registry, places: Sequence[str], on: date) -> Iterator[Grid]:
    outermost = [one for one in places if not any(one != other and one.startswith(other) for other in places)]
    for within in sorted(set(outermost)):
        after = ""
        while page := registry.grids(within=within, valid_on=on, after=after, limit=_PAGE):
            yield from page
            after = page[-1].code
