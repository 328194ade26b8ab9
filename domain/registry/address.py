"""Address 地名地址: a name people call a spot by, with its point and the grid that point lay in.

The grid is a fact of the day it was looked up; when borders move, addresses are located anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.place import coordinates, grid_code
from domain.registry.entry import (
    administer,
    ending,
    entry_id,
    in_force,
    local_code,
    period,
    still_kept,
    wording,
)
from domain.registry.refusals import BadAliases, NothingChanged
from domain.step import Step

MOST_ALIASES = 10


class Address(Aggregate):
    """One address as its events tell it. Degrees are CGCS2000; `valid_until` is the last day, None while open."""

    TOPIC = "address"
    label = "地址"

    class Event(Step):
        """Base of the events of `Address`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "address.created"

    class Registered(Created):
        """登记."""

        TOPIC = "address.registered"
        code: str
        name: str
        aliases: list[str]
        longitude: float
        latitude: float
        grid: str
        valid_from: str
        valid_until: str | None

    class Renamed(Event):
        """更名, of the name or of what else it is called."""

        TOPIC = "address.renamed"
        name: str
        aliases: list[str]

        def apply(self, address: Address) -> None:
            address.name, address.aliases = self.name, tuple(self.aliases)

    class Relocated(Event):
        """重新落位: another point, or another grid around the same point."""

        TOPIC = "address.relocated"
        longitude: float
        latitude: float
        grid: str

        def apply(self, address: Address) -> None:
            address.longitude, address.latitude, address.grid = self.longitude, self.latitude, self.grid

    class Withdrawn(Event):
        """停用."""

        TOPIC = "address.withdrawn"
        last_day: str

        def apply(self, address: Address) -> None:
            address.valid_until = self.last_day

    def __init__(
        self,
        *,
        code: str,
        name: str,
        aliases: list[str],
        longitude: float,
        latitude: float,
        grid: str,
        valid_from: str,
        valid_until: str | None,
    ) -> None:
        self.code, self.name, self.aliases = code, name, tuple(aliases)
        self.longitude, self.latitude, self.grid = longitude, latitude, grid
        self.valid_from, self.valid_until = valid_from, valid_until

    def in_force(self, on: date) -> bool:
        """Whether the address is valid on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    @classmethod
    def register(
        cls,
        act: Act,
        *,
        code: str,
        name: str,
        aliases: Sequence[str],
        longitude: float,
        latitude: float,
        grid: str,
        valid_from: date,
        valid_until: date | None = None,
    ) -> Address:
        """登记. Refuses `BadCode`, `BadText`, `BadAliases`, `BadCoordinates`, `BadPeriod`."""
        role = administer(act, grid_code(grid))
        first, last = period(valid_from, valid_until)
        east, north = coordinates(longitude, latitude)
        name = wording(name, "地址名称")
        return cls._create(
            cls.Registered,
            id=entry_id(cls.TOPIC, local_code(code, "地址代码")),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=name,
            aliases=_aliases(name, aliases),
            longitude=east,
            latitude=north,
            grid=grid,
            valid_from=first,
            valid_until=last,
        )

    def rename(self, act: Act, *, name: str, aliases: Sequence[str]) -> None:
        """更名: exactly this name and these aliases. Refuses `NoLongerKept`, `NothingChanged`, `BadAliases`."""
        role = self._kept_by(act)
        name = wording(name, "地址名称")
        called = _aliases(name, aliases)
        if (name, tuple(called)) == (self.name, self.aliases):
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Renamed, act, role, name=name, aliases=called)

    def relocate(self, act: Act, *, longitude: float, latitude: float, grid: str) -> None:
        """重新落位. Refuses `NoLongerKept`, `NothingChanged`, `BadCoordinates`; `OutsideArea` for either grid."""
        role = self._kept_by(act)
        administer(act, grid_code(grid))
        east, north = coordinates(longitude, latitude)
        if (east, north, grid) == (self.longitude, self.latitude, self.grid):
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Relocated, act, role, longitude=east, latitude=north, grid=grid)

    def withdraw(self, act: Act, *, last_day: date) -> None:
        """停用: valid up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.grid)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Withdrawn, act, role, last_day=ends)

    def _kept_by(self, act: Act) -> Role:
        role = administer(act, self.grid)
        still_kept(self.label, self.code, self.valid_until, act.at)
        return role


def _aliases(name: str, aliases: Sequence[str]) -> list[str]:
    """In the order given. Refuses `BadAliases`: too many, twice the same, or the name again; `BadText`."""
    called = [wording(alias, "别名") for alias in aliases]
    if len(called) > MOST_ALIASES or len({name, *called}) <= len(called):
        raise BadAliases(most=MOST_ALIASES)
    return called
