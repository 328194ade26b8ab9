"""In-memory stand-ins for ports, for tests that want no I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar, cast
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEvent

from application.ports import AggregateT, PersonalDetails, Receipt, Recorded, RequestKey
from application.privacy.sealed import SealedDetails
from domain.case_id import log_of
from domain.refusals import KeyReused, NoSuchCase, NoSuchLog, Stale

RECORDED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class MemoryLog:
    """A `Log` that forgets with the process; gives way to other tasks where the real one waits."""

    def __init__(self, log_id: str) -> None:
        self.log_id = log_id
        self.recorded: list[Recorded] = []
        self.details: dict[UUID, dict[str, str]] = {}
        self.reads = self.saves = 0
        self._streams: dict[UUID, list[DomainEvent]] = {}
        self._answers: dict[str, tuple[str, Receipt]] = {}

    async def load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        await asyncio.sleep(0)
        aggregate: Aggregate | None = None
        for event in self._streams.get(case_id, ()):
            aggregate = cast(Aggregate, event.mutate(aggregate))  # type: ignore[attr-defined]  # the library types it loosely
        if not isinstance(aggregate, kind):
            raise NoSuchCase(case=case_id)
        return aggregate

    async def seal(self, details: PersonalDetails, *, fresh: bool = False) -> SealedDetails:
        """In the clear: what is kept here goes with the process."""
        return SealedDetails(details.subject, {name: value.encode() for name, value in details.fields.items()})

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        await asyncio.sleep(0)
        if (first := await self.first_answer(key)) is not None:
            return first
        for aggregate in aggregates:
            known, pending = len(self._streams.get(aggregate.id, ())), len(aggregate.pending_events)
            if known + pending != aggregate.version:
                raise Stale(expected=aggregate.version - pending, actual=known)
        for aggregate in aggregates:
            for event in cast(Sequence[DomainEvent], aggregate.collect_events()):
                self._streams.setdefault(aggregate.id, []).append(event)
                self.recorded.append(Recorded(len(self.recorded) + 1, event, RECORDED_AT))
        self.details |= {each.subject: told(each) for each in details}
        receipt = Receipt(aggregates[0].id, aggregates[0].version, self.log_id, len(self.recorded))
        if key is not None:
            self._answers[key.key] = (key.body_hash, receipt)
        self.saves += 1
        return receipt

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        await asyncio.sleep(0)
        self.reads += 1
        return self.recorded[after : after + limit]

    async def last_position(self) -> int:
        return len(self.recorded)

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        if key is None or key.key not in self._answers:
            return None
        body_hash, receipt = self._answers[key.key]
        if body_hash != key.body_hash:
            raise KeyReused(key=key.key)
        return receipt


def told(details: SealedDetails) -> dict[str, str]:
    """The words of details that a `MemoryLog` sealed."""
    return {name: value.decode() for name, value in details.fields.items()}


LogT = TypeVar("LogT", bound=MemoryLog)


class MemoryLogs(Generic[LogT]):
    """`Logs` of a city and its districts."""

    def __init__(self, city: LogT, *districts: LogT) -> None:
        self.logs = {log.log_id: log for log in (city, *districts)}
        self.city = city

    def every(self) -> Sequence[LogT]:
        return list(self.logs.values())

    def named(self, log_id: str) -> LogT:
        if log_id not in self.logs:
            raise NoSuchLog(log=log_id)
        return self.logs[log_id]

    def holding(self, case_id: UUID) -> LogT:
        if log_of(case_id) not in self.logs:
            raise NoSuchCase(case=case_id)
        return self.logs[log_of(case_id)]

    def at(self, place: str) -> LogT:
        return self.named(place[:6])
