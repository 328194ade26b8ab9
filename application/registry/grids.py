"""Use cases of one grid 网格: define, redraw, name and post it, assign its worker, retire it."""

from __future__ import annotations

from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.grid_checks import GroundRules
from domain.actor import Act
from domain.registry.entry import civil_day
from domain.registry.grid import Grid
from domain.registry.outline import Rings
from domain.registry.refusals import NotAGridWorker


class Grids:
    """网格登记."""

    def __init__(self, desk: RegistryDesk, ground: GroundRules) -> None:
        self._desk, self._ground = desk, ground

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
        """划定, in a registered community. Refuses `NoSuchEntry`, `NotValidThen` and what the ground rules do."""

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
                flaw=self._ground.surveyor.flaw,
            )
            self._desk.registry.division(grid.community, valid_on=valid_from)
            self._ground.require_sound([grid], valid_from)
            return grid

        return await self._desk.register(make, key)

    async def redraw(
        self,
        act: Act,
        *,
        code: str,
        polygon: Rings,
        first_day: date | None = None,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """边界调整 of one grid alone. Refuses what the ground rules do: what it gives up must have been taken."""

        def command(grid: Grid) -> None:
            grid.redraw(act, polygon=polygon, flaw=self._ground.surveyor.flaw, first_day=first_day)
            self._ground.require_sound([grid], first_day or civil_day(act.at))

        return await self._desk.change(Grid, code, command, version=version, key=key)

    async def rename(
        self, act: Act, *, code: str, name: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """更名."""
        return await self._desk.change(Grid, code, lambda grid: grid.rename(act, name=name), version=version, key=key)

    async def reclassify(
        self, act: Act, *, code: str, kind: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """类型调整."""

        def command(grid: Grid) -> None:
            grid.reclassify(act, kind=kind)

        return await self._desk.change(Grid, code, command, version=version, key=key)

    async def set_supervision_phone(
        self, act: Act, *, code: str, phone: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """监督电话变更."""

        def command(grid: Grid) -> None:
            grid.set_supervision_phone(act, phone=phone)

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
        """撤销: the ground is nobody's until it is drawn anew, as the topology report says."""

        def command(grid: Grid) -> None:
            grid.retire(act, last_day=last_day)

        return await self._desk.change(Grid, code, command, version=version, key=key)
