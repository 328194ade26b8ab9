"""Ports: what the use cases need from outside. `infrastructure` implements them, `interfaces.wiring` joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEvent

from application.privacy.sealed import SealedDetails

AggregateT = TypeVar("AggregateT", bound=Aggregate)
Clock = Callable[[], datetime]
"""Gives the present as an aware instant."""


@dataclass(frozen=True)
class Receipt:
    """回执: where a write went. `position` is the last position of the save in `log`, `leaf_hash` that event's leaf.

    The hash, hexadecimal, is for whoever wrote: held against a later proof it shows that the event is the same.
    """

    id: UUID
    version: int
    log: str
    position: int
    leaf_hash: str = ""


@dataclass(frozen=True)
class RequestKey:
    """幂等键: the caller's key and a hash of what was asked, so a retry gets the first answer."""

    key: str
    body_hash: str


@dataclass(frozen=True)
class PersonalDetails:
    """What a person told us about themselves or in their own words, kept sealed outside the log under `subject`."""

    subject: UUID
    fields: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Recorded:
    """An event with its place in the log and the instant the database recorded it."""

    position: int
    event: DomainEvent
    recorded_at: datetime


class Log(Protocol):
    """日志: the events of one district or of the city, and the one way to add to them."""

    @property
    def log_id(self) -> str: ...

    async def load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        """The aggregate as its events tell it. Refuses `NoSuchCase`, also when the id is of another kind."""

    async def seal(self, details: PersonalDetails, *, fresh: bool = False) -> SealedDetails:
        """密封: the details as they may be saved. `fresh` ones found a random subject and with it a new key.

        Refuses `Forgotten` when what the subject told has been erased, or may only be stored any more.
        """

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        """Record all pending events, the key and the details, or nothing; the receipt is of the first aggregate.

        Refuses `Stale` when somebody else wrote one of the streams first, `KeyReused` when the key
        was used for another body. A key already used for this body gives its first receipt.
        """

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events with a position above `after`, ascending."""

    async def last_position(self) -> int:
        """The position of the newest event, 0 when there is none."""

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        """The receipt an earlier save with this key got, or None. Refuses `KeyReused`."""


class Logs(Protocol):
    """All logs of the city, found by log id, case id or place."""

    @property
    def city(self) -> Log:
        """The log of reference data and of requests whose district is not known."""

    def every(self) -> Sequence[Log]:
        """All logs, the city's first."""

    def named(self, log_id: str) -> Log:
        """Refuses `NoSuchLog`."""

    def holding(self, case_id: UUID) -> Log:
        """The log a case id was made for. Refuses `NoSuchCase` when there is none."""

    def at(self, place: str) -> Log:
        """The log that serves a division or grid code. Refuses `NoSuchLog`."""
