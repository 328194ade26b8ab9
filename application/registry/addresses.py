"""Use cases of addresses 地名地址: register, rename, relocate, withdraw; which are near a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.address import Address
from domain.registry.entry import civil_day


@dataclass(frozen=True)
class Near:
    """An address and how far from the point asked for it is, in metres."""

    address: Address
    metres: float


class Surroundings(Protocol):
    """周边: addresses by where they are."""

    def near(
        self, longitude: float | None, latitude: float | None, *, on: date, within_m: float, limit: int
    ) -> Sequence[Near]:
        """Those valid that day, the nearest first, none beyond `within_m`. Refuses `BadCoordinates`."""


class Addresses:
    """地址登记. The grid of an address is the one its point lies in on the day of the deed."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def register(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        aliases: Sequence[str],
        longitude: float,
        latitude: float,
        valid_from: date,
        valid_until: date | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """登记. Refuses `Nowhere` outside all grids."""

        def make() -> Address:
            return Address.register(
                act,
                code=code,
                name=name,
                aliases=aliases,
                longitude=longitude,
                latitude=latitude,
                grid=self._grid_at(act, longitude, latitude),
                valid_from=valid_from,
                valid_until=valid_until,
            )

        return await self._desk.register(make, key)

    async def rename(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        aliases: Sequence[str],
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """更名: exactly this name and these aliases from now on."""

        def command(address: Address) -> None:
            address.rename(act, name=name, aliases=aliases)

        return await self._desk.change(Address, code, command, version=version, key=key)

    async def relocate(
        self,
        act: Act,
        *,
        code: str,
        longitude: float,
        latitude: float,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """重新落位; with its own point, into the grid that lies there now. Refuses `Nowhere`."""

        def command(address: Address) -> None:
            grid = self._grid_at(act, longitude, latitude)
            address.relocate(act, longitude=longitude, latitude=latitude, grid=grid)

        return await self._desk.change(Address, code, command, version=version, key=key)

    async def withdraw(
        self,
        act: Act,
        *,
        code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """停用."""

        def command(address: Address) -> None:
            address.withdraw(act, last_day=last_day)

        return await self._desk.change(Address, code, command, version=version, key=key)

    def _grid_at(self, act: Act, longitude: float, latitude: float) -> str:
        return self._desk.registry.locate(longitude, latitude, valid_on=civil_day(act.at)).code
