"""RegistryView 登记: the registry folded from the city's log into memory. Implements `application.registry.registry`.

Refreshed from one event loop; read from any thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from eventsourcing.domain import DomainEvent

from application.ports import Log
from application.registry.registry import KINDS, PAGE, Entry, EntryT, Overlap
from domain.actor import Actor, Role
from domain.place import coordinates
from domain.refusals import NoSuchEntry, NotValidThen, Nowhere
from domain.registry.case_type import CaseKind, CaseType
from domain.registry.division import Division
from domain.registry.grid import Grid
from domain.registry.outline import Outline
from domain.registry.staff import Staff
from domain.registry.unit import Unit, UnitLevel
from domain.sign_in_refusals import NotSignedIn
from infrastructure.registry.grid_map import Counts, GridMap
from infrastructure.registry.shelf import Shelf

_PULL = 1_000
_KEPT = tuple(kind.Event for kind in KINDS)
ADVICE_WITHIN_M = 500.0

DatedT = TypeVar("DatedT", Division, Grid, Unit, CaseType)


class Index(Protocol):
    """A look-up beside the shelves, told of every event as it is folded in."""

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """`entry` as it is after `event`."""


class RegistryView:
    """Implements `Registry` on `log`, the city's."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._shelves: dict[type[Any], Shelf[Any]] = {kind: Shelf(kind) for kind in KINDS}
        self._map = GridMap()
        self._indexes: tuple[Index, ...] = (self._map,)
        self._by_id: dict[UUID, Entry] = {}
        self._position = self._pulls_begun = self._last_pull = 0
        self._one_pull = asyncio.Lock()

    @property
    def position(self) -> int:
        return self._position

    async def refresh(self) -> None:
        begun = self._pulls_begun
        async with self._one_pull:
            # Who waited here shares the pull that began after they asked: it has seen what they want.
            if self._last_pull <= begun:
                self._pulls_begun += 1
                await self._pull()
                self._last_pull = self._pulls_begun

    def holds(self, entry: UUID) -> bool:
        return entry in self._by_id

    def find(self, kind: type[EntryT], code: str) -> EntryT:
        return self._shelf(kind).get(code)

    def entries(
        self,
        kind: type[EntryT],
        keep: Callable[[EntryT], bool],
        *,
        begin: str = "",
        name: str = "",
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[EntryT]:
        return self._shelf(kind).page(keep, begin=begin, name=name, after=after, limit=limit)

    def division(self, code: str, *, valid_on: date | None = None) -> Division:
        return _valid(self.find(Division, code), valid_on)

    def grid(self, code: str, *, valid_on: date | None = None) -> Grid:
        return _valid(self.find(Grid, code), valid_on)

    def unit(self, code: str, *, valid_on: date | None = None) -> Unit:
        return _valid(self.find(Unit, code), valid_on)

    def staff(self, code: str) -> Staff:
        return self.find(Staff, code)

    def case_type(self, key: str, *, valid_on: date | None = None) -> CaseType:
        return _valid(self.find(CaseType, key), valid_on)

    def actor(self, staff: str) -> Actor:
        try:
            return self.staff(staff).actor()
        except NoSuchEntry:
            raise NotSignedIn(staff=staff) from None

    def locate(self, longitude: float | None, latitude: float | None, *, valid_on: date | None = None) -> Grid:
        east, north = coordinates(longitude, latitude)
        counts = _counting(valid_on)
        if (grid := self._map.at(east, north, counts)) is not None:
            return grid
        near = self._map.nearest(east, north, counts, ADVICE_WITHIN_M)
        advice = "" if near is None else f"，最近的网格是 {near[0].code}（约 {near[1]:.0f} 米）"
        raise Nowhere(longitude=east, latitude=north, advice=advice)

    def overlaps(self, code: str, polygon: Outline, *, valid_on: date) -> Sequence[Overlap]:
        return self._map.overlaps(code, polygon, _counting(valid_on))

    def divisions(
        self,
        *,
        parent: str | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Division]:
        def keep(division: Division) -> bool:
            return parent in {None, division.parent} and _in_force(division, valid_on)

        return self.entries(Division, keep, begin=parent or "", name=name, after=after, limit=limit)

    def grids(
        self,
        *,
        within: str = "",
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Grid]:
        def keep(grid: Grid) -> bool:
            return _in_force(grid, valid_on)

        return self.entries(Grid, keep, begin=within, name=name, after=after, limit=limit)

    def units(
        self,
        *,
        within: str = "",
        level: UnitLevel | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Unit]:
        def keep(unit: Unit) -> bool:
            placed = unit.place.startswith(within) and level in {None, unit.level}
            return placed and _in_force(unit, valid_on)

        return self.entries(Unit, keep, name=name, after=after, limit=limit)

    def staff_members(
        self,
        *,
        unit: str | None = None,
        role: Role | None = None,
        covering: str | None = None,
        name: str = "",
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Staff]:
        def keep(staff: Staff) -> bool:
            holds = unit in {None, staff.unit} and (role is None or role in staff.roles)
            return holds and staff.left_on is None and (covering is None or staff.actor().covers(covering))

        return self.entries(Staff, keep, name=name, after=after, limit=limit)

    def case_types(
        self,
        *,
        kind: CaseKind | None = None,
        lead: str | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[CaseType]:
        def keep(case_type: CaseType) -> bool:
            wanted = kind in {None, case_type.kind} and lead in {None, case_type.lead}
            return wanted and _in_force(case_type, valid_on)

        return self.entries(CaseType, keep, name=name, after=after, limit=limit)

    async def _pull(self) -> None:
        while True:
            page = await self._log.read(self._position, _PULL)
            for recorded in page:
                self._fold(recorded.event)
                self._position = recorded.position
            if len(page) < _PULL:
                return

    def _fold(self, event: DomainEvent) -> None:
        # The city's log also holds requests of unknown district and other reference data: not ours to fold.
        if not isinstance(event, _KEPT):
            return
        entry = cast(Entry, event.mutate(self._by_id.get(event.originator_id)))
        self._by_id[entry.id] = entry
        self._shelves[type(entry)].put(entry)
        for index in self._indexes:
            index.learn(entry, event)

    def _shelf(self, kind: type[EntryT]) -> Shelf[EntryT]:
        return self._shelves[kind]


def _valid(entry: DatedT, day: date | None) -> DatedT:
    if not _in_force(entry, day):
        raise NotValidThen(kind=entry.label, code=entry.code, day=day)
    return entry


def _in_force(entry: Division | Grid | Unit | CaseType, day: date | None) -> bool:
    return day is None or entry.in_force(day)


def _counting(day: date | None) -> Counts:
    """Which grids hold ground on `day`; without one, those that have no last day."""

    def counts(grid: Grid) -> bool:
        return grid.valid_until is None if day is None else grid.in_force(day)

    return counts
