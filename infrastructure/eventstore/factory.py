"""The event store as a persistence module of the event library: `PERSISTENCE_MODULE=infrastructure.eventstore`.

`LOG_ID` names the log, the library's own POSTGRES_* variables the database. Tables come from the migrations, or are
made here while CREATE_TABLE is on, as it is by default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import psycopg
from eventsourcing import postgres
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic
from psycopg.rows import TupleRow, tuple_row

from infrastructure.eventstore.commit import QUERY
from infrastructure.eventstore.connecting import SETTINGS
from infrastructure.eventstore.line import Line
from infrastructure.eventstore.on_threads import ThreadCommitter
from infrastructure.eventstore.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    SnapshotRecorder,
)

MIGRATIONS = Path(__file__).parents[1] / "migrations"
TABLES = tuple(
    MIGRATIONS / name for name in ("0005_event_store.sql", "0021_sealed_details.sql", "0032_heads_of_erasures.sql")
)
WAITING_SECONDS = 10.0  # in line before a save is refused as busy


class EventStoreFactory(postgres.BasePostgresFactory[LogTrackingRecorder], InfrastructureFactory[LogTrackingRecorder]):
    """Recorders of one log. All that it makes share one committer."""

    LOG_ID = "LOG_ID"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        log_id = self.env.get(self.LOG_ID)
        if not log_id:
            raise OSError(f"which log is not said: set '{self.LOG_ID}'")
        if self.datastore.originator_id_type != "uuid":
            raise OSError(f"streams are named by UUIDs: '{self.ORIGINATOR_ID_TYPE}' must be uuid")
        if self.datastore.schema != "public":
            raise OSError(f"logs are told apart by their id: '{self.POSTGRES_SCHEMA}' must not be set")
        self.log_id = log_id
        self._committer = ThreadCommitter(log_id, self._connect, Line(), waiting_seconds=WAITING_SECONDS)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        self._open()
        if purpose == "snapshots":
            return SnapshotRecorder(self.datastore, self.log_id)
        return LogAggregateRecorder(self.datastore, self.log_id, self._committer)

    def application_recorder(self) -> ApplicationRecorder:
        self._open()
        return LogApplicationRecorder(self.datastore, self.log_id, self._committer)

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        self._open()
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        kind = tracking_recorder_class or (resolve_topic(topic) if topic else LogTrackingRecorder)
        recorder: LogTrackingRecorder = kind(self.datastore, self.log_id)
        if self.env_create_table():
            recorder.create_table()
        return recorder

    def process_recorder(self) -> ProcessRecorder:
        self._open()
        return LogProcessRecorder(self.datastore, self.log_id, self._committer)

    def close(self) -> None:
        self._committer.close()
        super().close()

    def _connect(self) -> psycopg.Connection[TupleRow]:
        pool = self.datastore.pool
        words = cast(dict[str, Any], pool.kwargs) | SETTINGS
        if pool.get_password_func:
            words["password"] = pool.get_password_func()
        return psycopg.connect(**words | {"row_factory": tuple_row}, autocommit=True)

    def _open(self) -> None:
        if self.env_create_table():
            with self.datastore.transaction(commit=True) as cursor:
                cursor.execute(QUERY["alone"])
                if cursor.execute(QUERY["missing"]).fetchone():
                    for statements in TABLES:
                        cursor.execute(statements.read_bytes())
        with self.datastore.cursor() as cursor:
            cursor.execute(QUERY["open"], {"log_id": self.log_id})
