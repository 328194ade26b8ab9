"""Rehearsal 试运行: logs that answer as the real ones do and record nothing, so a dry run asks every rule."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from uuid import UUID

from eventsourcing.domain import Aggregate

from application.ports import AggregateT, Log, Logs, PersonalDetails, Receipt, Recorded, RequestKey
from application.privacy.sealed import SealedDetails
from domain.refusals import NoSuchCase, Stale

REMEMBERED = 100
"""Newest rehearsed saves that a later load still sees: a dry run must not grow with its length."""


class RehearsedLog:
    """Implements `Log` in front of `log`. A receipt's position is 0: nothing was recorded."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._saved: OrderedDict[UUID, Aggregate] = OrderedDict()

    @property
    def log_id(self) -> str:
        return self._log.log_id

    async def load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        found = self._saved.get(case_id)
        return found if isinstance(found, kind) else await self._log.load(kind, case_id)

    async def seal(self, details: PersonalDetails, *, fresh: bool = False) -> SealedDetails:
        # No key has ever been made for a subject that was only rehearsed.
        return await self._log.seal(details, fresh=True)

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        for aggregate in aggregates:
            if len(aggregate.pending_events) == aggregate.version:
                await self._require_new(aggregate)
        for aggregate in aggregates:
            aggregate.collect_events()
            self._saved[aggregate.id] = aggregate
        while len(self._saved) > REMEMBERED:
            self._saved.popitem(last=False)
        return Receipt(aggregates[0].id, aggregates[0].version, self.log_id, 0)

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return await self._log.read(after, limit)

    async def last_position(self) -> int:
        return await self._log.last_position()

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        return await self._log.first_answer(key)

    async def _require_new(self, aggregate: Aggregate) -> None:
        try:
            known = await self.load(type(aggregate), aggregate.id)
        except NoSuchCase:
            return
        raise Stale(expected=0, actual=known.version)


class RehearsedLogs:
    """Implements `Logs` in front of `logs`."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._rehearsed: dict[str, RehearsedLog] = {}

    @property
    def city(self) -> Log:
        return self._in_front_of(self._logs.city)

    def every(self) -> Sequence[Log]:
        return [self._in_front_of(log) for log in self._logs.every()]

    def named(self, log_id: str) -> Log:
        return self._in_front_of(self._logs.named(log_id))

    def holding(self, case_id: UUID) -> Log:
        return self._in_front_of(self._logs.holding(case_id))

    def at(self, place: str) -> Log:
        return self._in_front_of(self._logs.at(place))

    def _in_front_of(self, log: Log) -> Log:
        return self._rehearsed.setdefault(log.log_id, RehearsedLog(log))
