"""Port of the statistics: what is asked of the facts, and what they answer before it is made into figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from application.statistics.answers import CountedCase
from application.statistics.bound import Bound
from application.statistics.filter import Filter, Grouping
from domain.actor import Actor
from domain.statistics.number import Number


@dataclass(frozen=True)
class Asked:
    """One question: a number, by whom, about what, as known up to where, in which groups."""

    number: Number
    actor: Actor
    filter: Filter
    bound: Bound
    grouping: Grouping
    excluded_channels: frozenset[str] = frozenset()
    """Channels whose call-backs stand beside the rates, by policy."""


class Cell(NamedTuple):
    """How many facts of a group gave an answer, exempt or not."""

    key: str
    then_key: str
    answer: str
    exempt: bool
    n: int


class SpreadCell(NamedTuple):
    """The durations of a group in seconds; `whole` tells the row of all groups together."""

    key: str
    then_key: str
    whole: bool
    n: int
    seconds: int
    median: float
    p90: float
    histogram: list[int]


class HeldCell(NamedTuple):
    """How many spans a group held for how many seconds within the period; `begun` counts a span cut by periods once."""

    key: str
    then_key: str
    seconds: Decimal
    spans: int
    begun: int


class StandingCell(NamedTuple):
    """How many cases of a group were open at the `nth` instant, counted from 0."""

    key: str
    then_key: str
    nth: int
    n: int


class Chosen(NamedTuple):
    """Whose cases: of a group, or of all when its keys are None; with these answers, None any; exempt or not."""

    key: str | None
    then_key: str | None
    answers: Sequence[str] | None
    exempt: bool | None


class Mark(NamedTuple):
    """The last row of the page before: pages run from the newest to the oldest."""

    at: datetime
    case_id: UUID
    kind: str
    nth: int


class Facts(Protocol):
    """The facts that are served. Questions are answered within the asker's area and role, and refuse `TooManyGroups`
    beyond some thousands of groups."""

    async def tally(self, asked: Asked) -> list[Cell]: ...

    async def spread(self, asked: Asked, edges: Sequence[int]) -> list[SpreadCell]: ...

    async def held(self, asked: Asked) -> list[HeldCell]: ...

    async def standing(self, asked: Asked, instants: Sequence[datetime]) -> list[StandingCell]: ...

    async def counted(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        """The facts behind a tally or a spread."""

    async def soonest(self, asked: Asked, chosen: Chosen, limit: int) -> list[CountedCase]:
        """The same, the earliest first."""

    async def holding(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        """The spans behind time held."""

    async def open_at(
        self, asked: Asked, at: datetime, chosen: Chosen, after: Mark | None, limit: int
    ) -> list[CountedCase]:
        """The cases behind the backlog of an instant."""

    async def reached(self) -> Mapping[str, int]:
        """The position the facts of each log have reached."""

    async def positions_at(self, moment: datetime) -> Mapping[str, int]:
        """The position of each log's last event recorded not later than `moment`, 0 when there is none."""

    async def recorded_at(self, log_id: str, position: int) -> datetime | None:
        """When an event was recorded, None when there is none at the position."""
