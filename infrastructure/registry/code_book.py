"""CodeBook 码簿: all divisions by every code they ever had, folded beside the registry's shelves.

Implements `application.registry.code_book`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from eventsourcing.domain import DomainEvent

from application.registry.code_book import Link, Placed
from application.registry.registry import Entry
from domain.place import parent_of
from domain.refusals import NoSuchEntry
from domain.registry.code_table import CodeTable
from domain.registry.division import Division
from domain.registry.succession import SAME_CODE, Doubt


class FoldedCodeBook:
    """Holds the registry's own aggregates, for reading."""

    def __init__(self) -> None:
        self._divisions: dict[UUID, Division] = {}
        self._told: defaultdict[UUID, list[DomainEvent]] = defaultdict(list)
        self._by_code: defaultdict[str, dict[UUID, None]] = defaultdict(dict)
        self._below: defaultdict[tuple[str, int], dict[UUID, None]] = defaultdict(dict)
        self._before: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)
        self._aliases: defaultdict[UUID, dict[UUID, None]] = defaultdict(dict)
        self._doubted: dict[UUID, None] = {}
        self._rows: set[str] = set()
        self._years: tuple[int, int] | None = None

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Note what an event of a division says."""
        if not isinstance(entry, Division):
            return
        self._divisions[entry.id] = entry
        self._told[entry.id].append(event)
        match event:
            case Division.Registered() | Division.CodeGiven() | Division.Recoded():
                self._coded(entry, event.code)
            case Division.Succeeded():
                for successor in event.successors:
                    self._before[UUID(successor)][entry.id] = None
            case Division.SameAs():
                self._aliases[UUID(event.keeper)][entry.id] = None
            case Division.Doubted():
                self._doubted[entry.id] = None
                if event.kind != SAME_CODE:
                    self._take(event.row)
        for row in getattr(event, "rows", ()):
            self._take(row)

    @property
    def years(self) -> tuple[int, int] | None:
        return self._years

    def taken(self, row: str) -> bool:
        return row in self._rows

    def places_of(self, code: str, on: date, table: CodeTable | None = None) -> Sequence[Placed]:
        found = []
        for placed in self.ever(code):
            said = tuple(each for each in placed.said if each.in_force(on) and table in {None, each.table})
            if said:
                found.append(Placed(placed.division, said))
        return found

    def ever(self, code: str) -> Sequence[Placed]:
        found = []
        for id in [*self._by_code.get(code, ())]:
            division = self._divisions[id]
            said = tuple(each for each in division.codes if each.code == code)
            if said and not division.keeper:
                found.append(Placed(division, said))
        return sorted(found, key=lambda placed: (placed.said[0].valid_from, str(placed.division.id)))

    def meant(self, code: str) -> Division | None:
        """Who has the code with no end known, by the table that precedes the others; else who had it last."""
        found = [(placed.said[-1], placed.division) for placed in self.ever(code)]
        still = [one for one in found if one[0].valid_until is None]
        if still:
            return min(still, key=lambda one: list(CodeTable).index(CodeTable(one[0].table)))[1]
        return max(found, key=lambda one: one[0].valid_until or "")[1] if found else None

    def division(self, id: UUID | str) -> Division:
        found = self._divisions.get(UUID(str(id)))
        if found is None:
            raise NoSuchEntry(kind=Division.label, code=id)
        return self.division(found.keeper) if found.keeper else found

    def told(self, division: Division) -> Sequence[DomainEvent]:
        found = [event for id in self._streams(division) for event in self._told[id]]
        return sorted(found, key=lambda event: event.timestamp)

    def successors(self, division: Division) -> Sequence[Link]:
        return [
            Link(self.division(successor), each.how, each.since)
            for id in self._streams(division)
            for each in self._divisions[id].successions
            for successor in each.successors
        ]

    def predecessors(self, division: Division) -> Sequence[Link]:
        streams = self._streams(division)
        names = {str(id) for id in streams}
        before = dict.fromkeys(one for id in streams for one in self._before.get(id, ()))
        return [
            Link(self.division(one), each.how, each.since)
            for one in before
            for each in self._divisions[one].successions
            if names & set(each.successors)
        ]

    def below(self, parent: str, digits: int) -> Sequence[Division]:
        found = (self._divisions[id] for id in [*self._below.get((parent, digits), ())])
        return [division for division in found if not division.keeper]

    def doubts(self) -> Sequence[tuple[Division, Doubt]]:
        doubted = [self._divisions[id] for id in [*self._doubted]]
        found = [(division, doubt) for division in doubted for doubt in division.doubts.values()]
        return sorted(found, key=lambda one: (one[1].year, one[0].code, one[1].row))

    def _streams(self, division: Division) -> list[UUID]:
        aliases = [self._divisions[alias] for alias in self._aliases.get(division.id, ())]
        return [division.id, *(stream for alias in aliases for stream in self._streams(alias))]

    def _coded(self, division: Division, code: str) -> None:
        self._by_code[code][division.id] = None
        self._below[parent_of(code), len(code)][division.id] = None

    def _take(self, row: str) -> None:
        year = int(row.partition(" ")[0])
        first, last = self._years or (year, year)
        self._rows.add(row)
        self._years = min(first, year), max(last, year)
