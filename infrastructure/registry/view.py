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
from application.registry.code_book import CodeBook
from application.registry.registry import KINDS, PAGE, Entry, EntryT
from domain.actor import Actor, Role
from domain.place import GRID_DIGITS, coordinates, parent_of
from domain.refusals import NoSuchEntry, NotValidThen, Nowhere
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.division import Division
from domain.registry.entry import entry_id
from domain.registry.grid import Grid
from domain.registry.outline import Outline
from domain.registry.staff import Staff
from domain.registry.standing_in import stand_in_on
from domain.registry.unit import Unit, UnitLevel
from domain.sign_in_refusals import NotSignedIn
from infrastructure.registry.alias_book import AliasBook
from infrastructure.registry.code_book import FoldedCodeBook
from infrastructure.registry.grid_map import GridMap, on_day
from infrastructure.registry.local_units import LocalUnits
from infrastructure.registry.shelf import Shelf
from infrastructure.registry.stand_ins import StandIns

_PULL = 1_000
_KEPT = tuple(kind.Event for kind in KINDS)
ADVICE_WITHIN_M = 500.0

DatedT = TypeVar("DatedT", Division, Grid, Unit, CaseType)


class Index(Protocol):
    """A look-up beside the shelves, told of every event as it is folded in."""

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """`entry` as it is after `event`."""


class RegistryView:
    """Implements `Registry` on `log`, the city's. Others may look up beside it, each by an index of its own."""

    def __init__(self, log: Log, *indexes: Index) -> None:
        self._log = log
        self._shelves: dict[type[Any], Shelf[Any]] = {kind: Shelf(kind) for kind in KINDS}
        self._map = GridMap()
        self._local_units = LocalUnits()
        self._stand_ins = StandIns()
        self._aliases = AliasBook()
        self._code_book = FoldedCodeBook()
        own = (self._map, self._aliases, self._local_units, self._stand_ins, self._code_book)
        self._indexes: tuple[Index, ...] = (*own, *indexes)
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

    @property
    def code_book(self) -> CodeBook:
        return self._code_book

    def division(self, code: str, *, valid_on: date | None = None) -> Division:
        try:
            return _valid(self.find(Division, code), valid_on)
        except NoSuchEntry:
            # A code by which the registry does not speak: not yet, for a table gave it, or not any more.
            if (meant := self._code_book.meant(code)) is None:
                raise
            return _valid(meant, valid_on)

    def grid(self, code: str, *, valid_on: date | None = None) -> Grid:
        return _valid(self.find(Grid, code), valid_on)

    def unit(self, code: str, *, valid_on: date | None = None) -> Unit:
        return _valid(self.find(Unit, code), valid_on)

    def staff(self, code: str) -> Staff:
        return self.find(Staff, code)

    def case_type(self, key: str, *, valid_on: date | None = None) -> CaseType:
        return _valid(self.find(CaseType, key), valid_on)

    def actor(self, staff: str, *, on: date | None = None) -> Actor:
        helped = [] if on is None else [one for one in self.helped_by(staff) if _handed_to(one, staff, on)]
        try:
            return self.staff(staff).actor(acts_for=[one.unit for one in helped])
        except NoSuchEntry:
            raise NotSignedIn(staff=staff) from None

    def helped_by(self, staff: str) -> Sequence[Staff]:
        return [self.staff(code) for code in self._stand_ins.helped_by(staff)]

    def contact_of(self, community: str, on: date) -> Staff | None:
        code = parent_of(community) if len(community) == GRID_DIGITS else community
        if not self.holds(entry_id(ContactAssignment.TOPIC, code)):
            return None
        leader = self.find(ContactAssignment, code).leader(on)
        return None if leader is None else self.staff(leader)

    def locate(self, longitude: float | None, latitude: float | None, *, valid_on: date | None = None) -> Grid:
        east, north = coordinates(longitude, latitude)
        counts = on_day(valid_on)
        if (grid := self._map.at(east, north, counts)) is not None:
            return grid
        near = self._map.nearest(east, north, counts, ADVICE_WITHIN_M)
        advice = "" if near is None else f"，最近的网格是 {near[0].code}（约 {near[1]:.0f} 米）"
        raise Nowhere(longitude=east, latitude=north, advice=advice)

    def touching(self, polygon: Outline, *, valid_on: date) -> Sequence[Grid]:
        return self._map.touching(polygon, on_day(valid_on))

    def grids_called(self, network: str, number: str) -> Sequence[Grid]:
        return self._aliases.called(network, number)

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

    def units_at(self, level: UnitLevel, place: str, *, valid_on: date) -> Sequence[Unit]:
        return [unit for unit in self._local_units.at(level, place) if unit.in_force(valid_on)]

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
            wanted = kind in {None, case_type.kind} and lead in {None, case_type.said(valid_on).content.lead}
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


def _handed_to(member: Staff, staff: str, day: date) -> bool:
    """Whether `staff` handles for the member's unit that day, which ends with the member's being there."""
    named = stand_in_on(member, day)
    if named is None or named.stand_in != staff or member.left_on is not None:
        return False
    return named.unit == member.unit and Role.HANDLER in named.roles


def _valid(entry: DatedT, day: date | None) -> DatedT:
    if not _in_force(entry, day):
        raise NotValidThen(kind=entry.label, code=entry.code, day=day)
    return entry


def _in_force(entry: Division | Grid | Unit | CaseType, day: date | None) -> bool:
    return day is None or entry.in_force(day)
