"""The baseline for projections: the event library's own store, runner and one small view, an event a transaction."""

from __future__ import annotations

import os
from time import perf_counter, sleep
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict

EVENTS = 1_500
TABLE = "CREATE TABLE IF NOT EXISTS stock_board (id uuid PRIMARY KEY, stage text NOT NULL)"
UPSERT = "INSERT INTO stock_board VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET stage = excluded.stage"


class Case(Aggregate):
    """A case with one word to it."""

    @event("Reported")
    def __init__(self, stage: str) -> None:
        self.stage = stage


class Board(PostgresTrackingRecorder):
    """The stage of each case, written with the position."""

    def put(self, case: Any, stage: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(UPSERT, (case, stage))


class Boarding(Projection[Board]):
    """Each event to the board."""

    name = "boarding"
    topics = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.put(domain_event.originator_id, domain_event.stage, tracking)


def events_per_second(url: str) -> float:
    """Events a second of the library's `ProjectionRunner` over `EVENTS` events recorded beforehand."""
    parts = conninfo_to_dict(url)
    os.environ |= {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_PASSWORD": "", "POSTGRES_PORT": "5432"} | {
        f"POSTGRES_{name.upper()}": str(parts[name]) for name in ("dbname", "host", "user")
    }
    cases: Application[Any] = Application()
    with cases.recorder.datastore.transaction(commit=True) as cursor:  # type: ignore[attr-defined]  # the library types it loosely
        cursor.execute(TABLE)
    for _ in range(EVENTS // 100):
        cases.save(*(Case(stage="reported") for _ in range(100)))
    last = cases.recorder.max_notification_id() or 0
    started = perf_counter()
    with ProjectionRunner(application_class=Application, projection_class=Boarding, view_class=Board) as runner:
        while (runner.view.max_tracking_id("Application") or 0) < last:
            sleep(0.01)
        seconds = perf_counter() - started
    cases.close()
    return last / seconds
