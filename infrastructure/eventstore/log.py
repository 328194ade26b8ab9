"""`application.ports.Log` and `Logs` on the event store, for one event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEvent, DomainEventProtocol
from eventsourcing.persistence import StoredEvent
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from application.ports import AggregateT, PersonalDetails, Receipt, Recorded, RequestKey
from application.privacy.sealed import SealedDetails
from application.provenance import CAUSATION, CORRELATION
from domain.case_id import log_of
from domain.refusals import KeyReused, NoSuchCase, NoSuchLog, Stale
from infrastructure import sql
from infrastructure.attachments.naming import name_attachments
from infrastructure.borrowing import borrowed
from infrastructure.event_mapper import Encoded, EventMapper
from infrastructure.eventstore import aggregate_state
from infrastructure.eventstore.commit import Conflict, KeyUsed
from infrastructure.eventstore.connecting import appending
from infrastructure.eventstore.in_loop import Connect, LoopCommitter
from infrastructure.eventstore.line import Line
from infrastructure.eventstore.request import Origin, request
from infrastructure.privacy.vault import Vault

QUERY = sql.load("log.sql")
MOST_CONNECTIONS = 12
WAITING_SECONDS = 5.0  # for a connection, and in line before a save is refused as busy
RECONNECT_SECONDS = 1.0
"""How long the pool tries by itself. It would try ever more seldom; given up, it tries as soon as somebody asks."""
Pool = AsyncConnectionPool[Any]


class EventLog:
    """The log of one district or of the city. Without a `vault` nothing personal can be saved in it."""

    def __init__(
        self, log_id: str, pool: Pool, connect: Connect, aggregates: Sequence[type[Aggregate]],
        vault: Vault | None = None,
    ) -> None:  # fmt: skip
        self.log_id, self._pool, self._vault = log_id, pool, vault
        self._mapper = EventMapper(aggregates)
        self._kinds = {aggregate_state.topic(kind): kind for kind in aggregates}
        self.committer = LoopCommitter(log_id, connect, Line(), waiting_seconds=WAITING_SECONDS)

    async def close(self) -> None:
        """Finish the saves under way."""
        await self.committer.close()

    async def load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        found = await self.newest(case_id)
        if not isinstance(found, kind):
            raise NoSuchCase(case=case_id)
        return found

    async def seal(self, details: PersonalDetails, *, fresh: bool = False) -> SealedDetails:
        if self._vault is None:
            raise LookupError("the log was opened without a keeper of keys")
        return await self._vault.seal(self.log_id, details, fresh=fresh)

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        await name_attachments(self._pool, self.log_id, aggregates)
        first = aggregates[0]
        events = [event for aggregate in aggregates for event in aggregate.collect_events()]
        encoded = [self._mapper.encode(event) for event in events]
        asked = request(
            [_stored(event, one) for event, one in zip(events, encoded, strict=True)],
            schema_versions=[one.schema_version for one in encoded],
            exact=True, key=key, details=details, case=(first.id, first.version),
            origin=Origin(getattr(events[0], "by", "") if events else "", CORRELATION.get(), CAUSATION.get()),
        )  # fmt: skip
        try:
            answer = await self.committer.append(asked)
        except Conflict as conflict:
            raise Stale(expected=conflict.expected, actual=conflict.actual) from None
        except KeyUsed:
            raise KeyReused(key=key and key.key) from None
        position, leaf = answer.first_position + answer.n - 1, answer.leaf_hash or b""
        return Receipt(answer.stream_id, answer.version, self.log_id, position, leaf.hex())

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        rows = await self.ask("read", after=after, limit=limit)
        return [
            Recorded(position, self._event(stream_id, version, Encoded(*row)), recorded_at)
            for position, recorded_at, stream_id, version, *row in rows
        ]

    async def last_position(self) -> int:
        return int((await self.ask("last_position"))[0][0])

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        rows = await self.ask("first_answer", key=key.key) if key else []
        if not key or not rows:
            return None
        body_hash, case_id, version, position, leaf_hash = rows[0]
        if body_hash != key.body_hash:
            raise KeyReused(key=key.key)
        return Receipt(case_id, version, self.log_id, position, (leaf_hash or b"").hex())

    async def newest(self, case_id: UUID) -> Aggregate:
        """The aggregate of any kind, from its newest snapshot on. Refuses `NoSuchCase`."""
        rows = await self.ask("load", stream_id=case_id, topics=self.snapshot_topics)
        found: Aggregate | None = None
        for version, topic, schema_version, state in rows:
            if topic in self._kinds:
                found = aggregate_state.restore(self._kinds[topic], state)
            else:
                event: Any = self._event(case_id, version, Encoded(topic, schema_version, state))
                found = event.mutate(found)
        if found is None:
            raise NoSuchCase(case=case_id)
        return found

    @property
    def snapshot_topics(self) -> list[str]:
        """The topics of snapshots that today's code can read."""
        return list(self._kinds)

    async def ask(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows of a query of `log.sql`. Refuses `Busy` when the database is not there to answer."""
        async with borrowed(self._pool) as connection:
            cursor = await connection.execute(QUERY[query], {"log_id": self.log_id, **values}, prepare=True)
            return await cursor.fetchall() if cursor.description else []

    def _event(self, stream_id: UUID, version: int, encoded: Encoded) -> DomainEvent:
        return cast(DomainEvent, self._mapper.decode(encoded, stream_id, version))


def _stored(event: DomainEventProtocol[UUID], encoded: Encoded) -> StoredEvent:
    return StoredEvent(event.originator_id, event.originator_version, encoded.topic, encoded.state)


class EventLogs:
    """`application.ports.Logs`: the city's log and one for each district."""

    def __init__(self, city: str, logs: Mapping[str, EventLog]) -> None:
        self._city, self._logs = city, dict(logs)

    @property
    def city(self) -> EventLog:
        return self._logs[self._city]

    def every(self) -> list[EventLog]:
        return list(self._logs.values())

    def named(self, log_id: str) -> EventLog:
        try:
            return self._logs[log_id]
        except KeyError:
            raise NoSuchLog(log=log_id) from None

    def holding(self, case_id: UUID) -> EventLog:
        try:
            return self._logs[log_of(case_id)]
        except KeyError:
            raise NoSuchCase(case=case_id) from None

    def at(self, place: str) -> EventLog:
        """A place below a district is that district's; the city's own code is the city's; elsewhere is refused."""
        if place == self._city:
            return self.city
        return self.named(place[:6])


@asynccontextmanager
async def open_logs(
    database_url: str, city: str, districts: Sequence[str], aggregates: Sequence[type[Aggregate]],
    vault: Vault | None = None,
) -> AsyncIterator[EventLogs]:  # fmt: skip
    """The logs, opened on first use of the database: a pool to read on, a connection each to append on.

    Raises `WrongKeyFile` when the keys in the database are not the vault's.
    """
    words: dict[str, Any] = {"autocommit": True, **appending(database_url)}
    async with AsyncConnectionPool(
        database_url, kwargs=words, min_size=1, max_size=MOST_CONNECTIONS, timeout=WAITING_SECONDS,
        reconnect_timeout=RECONNECT_SECONDS, open=False,
    ) as pool:  # fmt: skip
        names = [city, *districts]
        async with pool.connection() as connection:
            await connection.execute(QUERY["open"], {"log_ids": names})

        async def connect() -> AsyncConnection[TupleRow]:
            return await AsyncConnection.connect(database_url, **words)

        if vault is not None:
            await vault.open(names)
        logs = EventLogs(city, {name: EventLog(name, pool, connect, aggregates, vault) for name in names})
        try:
            yield logs
        finally:
            for log in logs.every():
                await log.close()
