"""Use cases of grids 网格: define, redraw, assign their worker, retire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.entry import civil_day
from domain.registry.grid import Grid
from domain.registry.outline import Flaw
from domain.registry.refusals import GridsOverlap, NotAGridWorker

Rings = Sequence[Sequence[Sequence[float]]]

# Neighbours are digitised one by one, so borders cross by slivers; beyond a hundredth it is ground.
MOST_OVERLAP = 0.01


class Grids:
    """网格登记. `flaw` judges whether a drawing is a sound polygon."""

    def __init__(self, desk: RegistryDesk, flaw: Flaw) -> None:
        self._desk = desk
        self._flaw = flaw

    async def define(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        kind: str,
        polygon: Rings,
        supervision_phone: str,
        valid_from: date,
        valid_until: date | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """划定, in a registered community. Refuses `NoSuchEntry`, `NotValidThen`, `GridsOverlap`."""

        def make() -> Grid:
            grid = Grid.define(
                act,
                code=code,
                name=name,
                kind=kind,
                polygon=polygon,
                supervision_phone=supervision_phone,
                valid_from=valid_from,
                valid_until=valid_until,
                flaw=self._flaw,
            )
            self._desk.registry.division(grid.community, valid_on=valid_from)
            self._require_own_ground(grid, valid_from)
            return grid

        return await self._desk.register(make, key)

    async def redraw(
        self,
        act: Act,
        *,
        code: str,
        polygon: Rings,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """边界调整. Refuses `GridsOverlap`."""

        def command(grid: Grid) -> None:
            grid.redraw(act, polygon=polygon, flaw=self._flaw)
            self._require_own_ground(grid, civil_day(act.at))

        return await self._desk.change(Grid, code, command, version=version, key=key)

    async def assign_worker(
        self,
        act: Act,
        *,
        code: str,
        worker: str | None,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """配备网格员. Refuses `NoSuchEntry`, `NotAGridWorker` unless on duty there as one."""

        def command(grid: Grid) -> None:
            grid.assign_worker(act, worker=worker)
            if worker is not None and not self._desk.registry.staff(worker).works_in(code):
                raise NotAGridWorker(staff=worker, grid=code)

        return await self._desk.change(Grid, code, command, version=version, key=key)

    async def retire(
        self,
        act: Act,
        *,
        code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """撤销."""

        def command(grid: Grid) -> None:
            grid.retire(act, last_day=last_day)

        return await self._desk.change(Grid, code, command, version=version, key=key)

    def _require_own_ground(self, grid: Grid, day: date) -> None:
        for overlap in self._desk.registry.overlaps(grid.code, grid.polygon, valid_on=day):
            if overlap.share > MOST_OVERLAP:
                raise GridsOverlap(code=grid.code, other=overlap.code, percent=round(overlap.share * 100))
