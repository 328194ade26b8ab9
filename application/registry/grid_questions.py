"""Questions about grids 网格查询: the public posting, the map as GeoJSON, the topology report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from application.registry.grid_checks import GroundRules
from application.registry.registry import Registry
from domain.registry.grid import Grid, GridKind
from domain.registry.ground import Topology
from domain.registry.outline import canonical

_PAGE = 500


@dataclass(frozen=True)
class Posting:
    """公示牌: what is posted in a grid and kept current (滨州市社会治理网格化服务管理条例). Posts, never persons.

    `worker` and `worker_phone` are null while nobody is assigned or no telephone is known.
    """

    code: str
    name: str
    kind: GridKind
    community: str
    area_m2: int
    worker: str | None
    worker_phone: str | None
    supervision_phone: str


class GridQuestions:
    """网格查询, off the registry in memory."""

    def __init__(self, registry: Registry, ground: GroundRules) -> None:
        self._registry, self._ground = registry, ground

    def posting(self, code: str, today: date) -> Posting:
        """公示牌 of a grid in force today. Refuses `NoSuchEntry`, `NotValidThen`."""
        grid = self._registry.grid(code, valid_on=today)
        staff = self._registry.staff(grid.worker) if grid.worker is not None else None
        on_duty = staff if staff is not None and staff.works_in(code) else None
        return Posting(
            code=grid.code,
            name=grid.name,
            kind=grid.kind,
            community=self._registry.division(grid.community).name,
            area_m2=round(self._ground.surveyor.area_m2(grid.drawn_on(today).polygon)),
            worker=on_duty.name if on_duty else None,
            worker_phone=on_duty.phone if on_duty else None,
            supervision_phone=grid.supervision_phone,
        )

    def features(self, *, within: str, on: date) -> Iterator[dict[str, object]]:
        """GeoJSON features of the grids in force on a day, as drawn then, by ascending code; read page by page."""
        after = ""
        while page := self._registry.grids(within=within, valid_on=on, after=after, limit=_PAGE):
            for grid in page:
                yield written(grid, on, self._ground.surveyor.area_m2(grid.drawn_on(on).polygon))
            after = page[-1].code

    async def topology(self, *, within: str, on: date) -> Topology:
        """拓扑检查, off the event loop: a city takes seconds."""
        return await asyncio.to_thread(self._ground.topology, within, on)


def written(grid: Grid, on: date, area_m2: float) -> dict[str, object]:
    """The grid as a GeoJSON feature, drawn and called as on a day; rings run as RFC 7946 wants."""
    aliases: dict[str, list[str]] = {}
    for alias in sorted(grid.aliases_on(on), key=lambda one: (one.network, one.number)):
        aliases.setdefault(alias.network, []).append(alias.number)
    drawing = grid.drawn_on(on)
    return {
        "type": "Feature",
        "id": grid.code,
        "properties": {
            "code": grid.code, "name": grid.name, "kind": grid.kind.value, "community": grid.community,
            "edition": drawing.edition, "area_m2": round(area_m2, 1), "supervision_phone": grid.supervision_phone,
            "worker": grid.worker, "aliases": aliases, "valid_from": grid.valid_from, "valid_until": grid.valid_until,
        },
        "geometry": {"type": "Polygon", "coordinates": canonical(drawing.polygon)},
    }  # fmt: skip
