"""The event library's recorders on a log of the event store. Positions are the library's notification ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing import persistence
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InterfaceError,
    Notification,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.utils import retry
from psycopg import Cursor
from psycopg.rows import DictRow

from infrastructure import sql
from infrastructure.eventstore.on_threads import ThreadCommitter
from infrastructure.eventstore.request import request
from infrastructure.eventstore.subscription import LogSubscription

QUERY = sql.load("recorders.sql")
_FIRST, _LAST = -(2**63), 2**63 - 1
_reading = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)


@contextmanager
def library_errors() -> Iterator[None]:
    """What psycopg raises as the event library's error of the same name."""
    try:
        yield
    except psycopg.Error as error:
        names = [kind.__name__ for kind in type(error).__mro__ if hasattr(persistence, kind.__name__)]
        raise getattr(persistence, names[0] if names else "PersistenceError")(str(error)) from error


class LogAggregateRecorder(AggregateRecorder):
    """Streams of one log."""

    def __init__(self, datastore: PostgresDatastore, log_id: str, committer: ThreadCommitter) -> None:
        self.datastore, self.log_id, self.committer = datastore, log_id, committer

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self._append(stored_events, **kwargs)
        return None

    def _append(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        # What `request` takes beside the events, a `tracking` of None among it, comes through the library's save.
        if not stored_events and not kwargs.get("tracking"):
            return None
        asked = request(stored_events, **kwargs)
        with library_errors():
            return list(self.committer.append(asked).positions)

    @_reading
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = QUERY["events_newest_first" if desc else "events"]
        values = {"log_id": self.log_id, "stream_id": originator_id, **_versions(gt, lte), "limit": limit}
        with self.datastore.cursor() as cursor:
            return [_stored(row) for row in cursor.execute(query, values, prepare=True)]


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """One log: its streams, and all its events in the order of their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return self._append(stored_events, **kwargs)

    @_reading
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 1 if start is None else start if inclusive_of_start else start + 1
        values = {
            "log_id": self.log_id, "start": first, "stop": _LAST if stop is None else stop,
            "topics": list(topics), "limit": limit,
        }  # fmt: skip
        query = QUERY["notifications_of_topics" if topics else "notifications"]
        with self.datastore.cursor() as cursor:
            return [
                Notification(row["stream_id"], row["version"], row["topic"], bytes(row["state"]), row["position"])
                for row in cursor.execute(query, values, prepare=True)
            ]

    @_reading
    def max_notification_id(self) -> int | None:
        with self.datastore.cursor() as cursor:
            row = cursor.execute(QUERY["last_position"], {"log_id": self.log_id}, prepare=True).fetchone()
        return row["max"] if row else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return LogSubscription(self, gt=gt, topics=topics)


class LogTrackingRecorder(TrackingRecorder):
    """How far a follower has come, kept with what it makes. Views of the library's projections extend it."""

    def __init__(self, datastore: PostgresDatastore, log_id: str) -> None:
        self.datastore, self.log_id = datastore, log_id

    def create_table(self) -> None:
        """For views: make their own tables, when the environment says CREATE_TABLE."""

    def insert_tracking(self, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)

    def _insert_tracking(self, cursor: Cursor[DictRow], tracking: Tracking) -> None:
        values = {"log_id": self.log_id, "name": tracking.application_name, "position": tracking.notification_id}
        if cursor.execute(QUERY["track"], values, prepare=True).rowcount == 0:
            raise persistence.IntegrityError(f"{tracking} was passed already")

    @_reading
    def max_tracking_id(self, application_name: str) -> int | None:
        values = {"log_id": self.log_id, "name": application_name}
        with self.datastore.cursor() as cursor:
            row = cursor.execute(QUERY["tracked"], values, prepare=True).fetchone()
        return row["position"] if row else None


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """A log whose events follow from another's: both positions move in one transaction."""

    def __init__(self, datastore: PostgresDatastore, log_id: str, committer: ThreadCommitter) -> None:
        LogApplicationRecorder.__init__(self, datastore, log_id, committer)


class SnapshotRecorder(AggregateRecorder):
    """Snapshots of a log's streams: no positions, no lock, a conflict when there is one of that version."""

    def __init__(self, datastore: PostgresDatastore, log_id: str) -> None:
        self.datastore, self.log_id = datastore, log_id

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        values = {
            "log_id": self.log_id,
            "stream_id": [event.originator_id for event in stored_events],
            "version": [event.originator_version for event in stored_events],
            "topic": [event.topic for event in stored_events],
            "state": [event.state for event in stored_events],
        }
        with self.datastore.cursor() as cursor:
            cursor.execute(QUERY["keep_snapshots"], values, prepare=True)
        return None

    @_reading
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = QUERY["snapshots_newest_first" if desc else "snapshots"]
        values = {"log_id": self.log_id, "stream_id": originator_id, **_versions(gt, lte), "limit": limit}
        with self.datastore.cursor() as cursor:
            return [_stored(row) for row in cursor.execute(query, values, prepare=True)]


def _versions(gt: int | None, lte: int | None) -> dict[str, int]:
    return {"gt": _FIRST if gt is None else gt, "lte": _LAST if lte is None else lte}


def _stored(row: DictRow) -> StoredEvent:
    return StoredEvent(row["stream_id"], row["version"], row["topic"], bytes(row["state"]))
