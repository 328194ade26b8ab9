"""The log on the event library's own PostgreSQL module, behind `application.ports.Log`.

One application object per log. Request keys and personal details are written in the transaction of
the events, so a save is all or nothing and a retry finds its first answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

import anyio.to_thread
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, DomainEvent
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from application.ports import AggregateT, PersonalDetails, Receipt, Recorded, RequestKey
from domain.refusals import KeyReused, NoSuchCase, Stale
from infrastructure import sql
from infrastructure.event_mapper import EventMapper

QUERY = sql.load("event_log.sql")


class LogRecorder(PostgresApplicationRecorder):
    """Writes the request key and personal details of a save in the transaction of its events."""

    def _insert_stored_events(self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super()._insert_stored_events(curs, stored_events, **kwargs)
        # Last, and never prepared. What follows a statement that fails in a pipeline is not prepared on the server,
        # yet psycopg remembers it as prepared, and from then on the connection answers it with an error.
        with curs.connection.cursor() as beside:
            for name, rows in kwargs.get("beside", ()):
                for row in rows:
                    beside.execute(QUERY[name], row, prepare=False)

    def read(self, after: int, limit: int) -> list[DictRow]:
        """Rows with a position above `after`, with the time the database recorded them."""
        # The library names a table per application, so the identifier is composed, never the values.
        statement = SQL(
            "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM {}"
            " WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        ).format(Identifier(self.events_table_name))
        with self.datastore.get_connection() as connection:
            return connection.execute(statement, (after, limit), prepare=True).fetchall()

    def first_answer(self, log_id: str, key: str) -> DictRow | None:
        """The row of a request key with the position its save reached."""
        statement = SQL(
            "SELECT k.body_hash, k.case_id, k.version, e.notification_id FROM request_key k JOIN {} e"
            " ON e.originator_id = k.last_case_id AND e.originator_version = k.last_version"
            " WHERE k.log_id = %s AND k.key = %s"
        ).format(Identifier(self.events_table_name))
        with self.datastore.get_connection() as connection:
            return connection.execute(statement, (log_id, key), prepare=True).fetchone()


class LogApplication(Application[UUID]):
    """One log as the event library sees it."""

    aggregates: ClassVar[tuple[type[Aggregate], ...]] = ()

    def construct_mapper(self) -> Mapper[UUID]:
        return EventMapper(self.aggregates)


class PostgresLog:
    """`application.ports.Log` on `LogApplication`; blocking calls run on worker threads."""

    def __init__(self, log_id: str, database_url: str, aggregates: Sequence[type[Aggregate]]) -> None:
        self.log_id = log_id
        kind = type(f"Log{log_id}", (LogApplication,), {"aggregates": tuple(aggregates)})
        self.application: LogApplication = kind(env=_environment(database_url))
        self.recorder = cast(LogRecorder, self.application.recorder)

    def close(self) -> None:
        """Give back the log's connections."""
        self.application.close()

    async def load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        return await anyio.to_thread.run_sync(self._load, kind, case_id)

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[PersonalDetails] = ()
    ) -> Receipt:
        return await anyio.to_thread.run_sync(self._save, aggregates, key, details)

    async def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return await anyio.to_thread.run_sync(self._read, after, limit)

    async def last_position(self) -> int:
        return await anyio.to_thread.run_sync(self.recorder.max_notification_id) or 0

    async def first_answer(self, key: RequestKey | None) -> Receipt | None:
        return await anyio.to_thread.run_sync(self._first_answer, key) if key else None

    def _load(self, kind: type[AggregateT], case_id: UUID) -> AggregateT:
        try:
            found: Aggregate = self.application.repository.get(case_id)
        except AggregateNotFoundError:
            raise NoSuchCase(case=case_id) from None
        if not isinstance(found, kind):
            raise NoSuchCase(case=case_id)
        return found

    def _save(
        self, aggregates: Sequence[Aggregate], key: RequestKey | None, details: Sequence[PersonalDetails]
    ) -> Receipt:
        expected = {aggregate.id: aggregate.version - len(aggregate.pending_events) for aggregate in aggregates}
        beside = [("keep_detail", [row for detail in details for row in self._detail_rows(detail)])]
        if key:
            beside.append(("keep_request_key", [self._key_row(key, aggregates)]))
        try:
            recordings = self.application.save(*aggregates, beside=beside)
        except IntegrityError:
            if key and (answer := self._first_answer(key)):
                return answer
            raise self._stale(expected) from None
        first = aggregates[0]
        return Receipt(first.id, first.version, self.log_id, recordings[-1].notification.id)

    def _stale(self, expected: dict[UUID, int]) -> Stale:
        for case_id, version in expected.items():
            written = self.recorder.select_events(case_id, gt=version, desc=True, limit=1)
            if written:
                return Stale(expected=version, actual=written[0].originator_version)
        raise AssertionError("a conflict without a newer event", expected)

    def _key_row(self, key: RequestKey, aggregates: Sequence[Aggregate]) -> dict[str, object]:
        first = aggregates[0]
        last = [event for one in aggregates for event in one.pending_events][-1]
        return {
            "log_id": self.log_id, "key": key.key, "body_hash": key.body_hash, "case_id": first.id,
            "version": first.version, "last_case_id": last.originator_id, "last_version": last.originator_version,
        }  # fmt: skip

    def _detail_rows(self, detail: PersonalDetails) -> list[dict[str, object]]:
        return [
            {"log_id": self.log_id, "subject": detail.subject, "field": field, "value": value}
            for field, value in detail.fields.items()
        ]

    def _read(self, after: int, limit: int) -> list[Recorded]:
        return [
            Recorded(row["notification_id"], self._event(row), row["recorded_at"])
            for row in self.recorder.read(after, limit)
        ]

    def _event(self, row: DictRow) -> DomainEvent:
        stored = StoredEvent(row["originator_id"], row["originator_version"], row["topic"], bytes(row["state"]))
        return cast(DomainEvent, self.application.mapper.to_domain_event(stored))

    def _first_answer(self, key: RequestKey) -> Receipt | None:
        row = self.recorder.first_answer(self.log_id, key.key)
        if row is None:
            return None
        if row["body_hash"] != key.body_hash:
            raise KeyReused(key=key.key)
        return Receipt(row["case_id"], row["version"], self.log_id, row["notification_id"])


def _environment(database_url: str) -> dict[str, str]:
    parts = conninfo_to_dict(database_url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "APPLICATION_RECORDER_TOPIC": "infrastructure.event_log:LogRecorder",
        "CREATE_TABLE": "n",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts.get("host", "")),
        "POSTGRES_PORT": str(parts.get("port", "5432")),
        "POSTGRES_USER": str(parts.get("user", "")),
        "POSTGRES_PASSWORD": str(parts.get("password", "")),
        "POSTGRES_POOL_SIZE": "2",
        "POSTGRES_MAX_OVERFLOW": "14",
        # A pool that is empty for long is overload: answer soon instead of after the library's 30 s a try.
        "POSTGRES_CONNECT_TIMEOUT": "5",
    }
