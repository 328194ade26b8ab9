"""CodeBook 码簿: which place had a code on a day, what became of it, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from eventsourcing.domain import DomainEvent

from domain.registry.code_table import CodeTable, TableCode
from domain.registry.division import Division
from domain.registry.succession import Doubt


@dataclass(frozen=True)
class Placed:
    """A place and what the tables said of it with the code asked for."""

    division: Division
    said: tuple[TableCode, ...]


@dataclass(frozen=True)
class Link:
    """One step of succession, seen from either end."""

    division: Division
    how: str
    since: str


class CodeBook(Protocol):
    """All codes of all divisions, of any table and day. A place told by two streams counts once, as its keeper."""

    def places_of(self, code: str, on: date, table: CodeTable | None = None) -> Sequence[Placed]:
        """Who had the code on a day, by `table` or any: one, several when tables disagree, or nobody."""

    def ever(self, code: str) -> Sequence[Placed]:
        """All who ever had the code, by first day."""

    def division(self, id: UUID | str) -> Division:
        """The place a stream tells of. Refuses `NoSuchEntry`."""

    def told(self, division: Division) -> Sequence[DomainEvent]:
        """All events of a place, by time."""

    def successors(self, division: Division) -> Sequence[Link]: ...

    def predecessors(self, division: Division) -> Sequence[Link]: ...

    def below(self, parent: str, digits: int) -> Sequence[Division]:
        """Those that ever had a code of so many digits that begins with `parent`."""

    def taken(self, row: str) -> bool:
        """Whether a line of a change list was taken before."""

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year of the change lists taken so far."""

    def doubts(self) -> Sequence[tuple[Division, Doubt]]:
        """What waits for a person's decision, with the division whose stream keeps it, by year."""
