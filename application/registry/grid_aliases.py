"""Use cases of aliases 外部编号 ("一张网"): what other networks call a grid, one grid a number at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.grid import Alias, Grid
from domain.registry.grid_refusals import AliasTaken, NoSuchAlias


class GridAliases:
    """外部编号登记与查询."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def give(
        self,
        act: Act,
        *,
        code: str,
        network: str,
        number: str,
        since: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """外部编号. Refuses `AliasTaken` while another grid has that number in that network."""

        def command(grid: Grid) -> None:
            grid.give_alias(act, network=network, number=number, since=since)
            self.require_free(grid.code, grid.aliases[-1])

        return await self._desk.change(Grid, code, command, version=version, key=key)

    async def end(
        self,
        act: Act,
        *,
        code: str,
        network: str,
        number: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """外部编号停用. Refuses `NoSuchAlias`, `BadPeriod`."""

        def command(grid: Grid) -> None:
            grid.end_alias(act, network=network, number=number, last_day=last_day)

        return await self._desk.change(Grid, code, command, version=version, key=key)

    def find(self, *, network: str, number: str, on: date) -> Grid:
        """The grid another network's number means on a day. Refuses `NoSuchAlias`."""
        for grid in self._desk.registry.grids_called(network, number):
            if any((alias.network, alias.number) == (network, number) for alias in grid.aliases_on(on)):
                return grid
        raise NoSuchAlias(network=network, number=number, day=on)

    def require_free(self, code: str, alias: Alias, *, ending: Sequence[str] = ()) -> None:
        """Refuses `AliasTaken` when a grid other than `code` has the number on a day of the alias.

        Grids named in `ending` are about to give it up.
        """
        for other in self._desk.registry.grids_called(alias.network, alias.number):
            if other.code == code or other.code in ending:
                continue
            for taken in other.aliases:
                ends = min(taken.last_day or "9", other.valid_until or "9")
                same = (taken.network, taken.number) == (alias.network, alias.number)
                if same and alias.since <= ends and taken.since <= (alias.last_day or "9"):
                    raise AliasTaken(network=alias.network, number=alias.number, since=taken.since, other=other.code)
