"""The baseline for projections: the event library's own store and runner, an event a transaction.

Two views: the board itself (its rules and its statements, so the same rows come out), and for scale the least a
view can do, one small upsert.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import islice
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed, Identifier, Placeholder
from psycopg.types.json import Jsonb

from infrastructure.projections.board import ISSUES, REQUESTS
from tests import case_log, town

CASES = 200
SMALL = "CREATE TABLE IF NOT EXISTS small_board (id uuid PRIMARY KEY, topic text NOT NULL)"
UPSERT = "INSERT INTO small_board VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET topic = excluded.topic"
PLACE = {"log_id": town.DISTRICT, "generation": 1}


class StockCases(Application[UUID]):
    """The library's application over its own recorder, reading and writing our events."""

    def construct_mapper(self) -> Any:
        return case_log.MAPPER


class StockBoard(PostgresTrackingRecorder):
    """The board, written with the position: one statement an event, for just the columns that change.

    It remembers its rows, so nothing is read back: as good as a view for that runner gets.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows: dict[UUID, dict[str, Any]] = {}

    def put(self, event: Any, tracking: Tracking) -> None:
        name, table = ("issue_board", ISSUES) if event.TOPIC in ISSUES.rules else ("request_board", REQUESTS)
        key = PLACE | {"id": event.originator_id}
        known = self._rows.get(event.originator_id, {})
        row = known | ({} if known else key | {"number": tracking.notification_id, **table.fresh})
        table.rules[event.TOPIC](row, vars(event))
        row |= {"version": event.originator_version, "changed_at": event.timestamp}
        self._rows[event.originator_id] = row
        changed = {column: value for column, value in row.items() if known.get(column, row) != value}
        statement = _update(name, tuple(changed)) if known else _insert(name, tuple(changed))
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            written = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in changed.items()}
            cursor.execute(statement, written | key, prepare=True)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> Composed:
    named = SQL(", ").join(map(Identifier, columns))
    values = SQL(", ").join(map(Placeholder, columns))
    return SQL("INSERT INTO {} ({}) VALUES ({})").format(Identifier(table), named, values)


@cache
def _update(table: str, columns: tuple[str, ...]) -> Composed:
    sets = SQL(", ").join(SQL("{} = {}").format(Identifier(column), Placeholder(column)) for column in columns)
    where = SQL("log_id = %(log_id)s AND generation = %(generation)s AND id = %(id)s")
    return SQL("UPDATE {} SET {} WHERE {}").format(Identifier(table), sets, where)


class SmallView(PostgresTrackingRecorder):
    """The last topic of each case, written with the position."""

    def put(self, event: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(UPSERT, (event.originator_id, event.TOPIC))


class Filling(Projection[Any]):
    """Each event to the view."""

    topics = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.put(domain_event, tracking)


def events_per_second(url: str, view: str) -> float:
    """Events a second of the library's `ProjectionRunner`, filling `view` ("board" or "small") from its own log."""
    parts = conninfo_to_dict(url)
    os.environ |= {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_PASSWORD": "", "POSTGRES_PORT": "5432"} | {
        f"POSTGRES_{name.upper()}": str(parts[name]) for name in ("dbname", "host", "user")
    }
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SMALL)
    last = _recorded()
    started = perf_counter()
    filling = type(view, (Filling,), {"name": view})
    with ProjectionRunner(
        application_class=StockCases, projection_class=filling, view_class=StockBoard if view == "board" else SmallView
    ) as runner:
        runner.wait(last, timeout=300)
    return last / (perf_counter() - started)


def _recorded() -> int:
    """The last position of the library's log, which holds `CASES` lives."""
    cases = StockCases()
    try:
        if cases.recorder.max_notification_id() is None:
            for some in _hundreds(case_log.Telling().events(CASES, open_at_once=CASES // 4)):
                cases.recorder.insert_events([case_log.MAPPER.to_stored_event(event) for event in some])
        return cases.recorder.max_notification_id() or 0
    finally:
        cases.close()


def _hundreds(events: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    while some := tuple(islice(events, 100)):
        yield some
