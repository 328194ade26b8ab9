"""Logs that had a table each, moved into the event store: nothing lost, nothing reordered, no gap left."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.domain import Aggregate

from application.ports import RequestKey
from domain.grid_issue import GridIssue
from domain.refusals import KeyReused
from infrastructure.event_mapper import EventMapper
from infrastructure.eventstore.factory import TABLES
from infrastructure.eventstore.log import open_logs
from infrastructure.migrate import FOLDER, migrate
from tests.appending import ask
from tests.integration.test_event_store_log import ACT, issue
from tests.town import CITY, DISTRICT

OLD_ROW = "INSERT INTO log150785_events (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
OLD_KEY = "INSERT INTO request_key VALUES (%s, 'k', 'hash', %s, 2, %s, 2)"


def old_database(url: str, folder: Path, *issues: Aggregate) -> None:
    """A database from before, whose log has a gap before each event."""
    for path in FOLDER.glob("000[1-4]*.sql"):
        shutil.copy(path, folder)
    migrate(url, folder)
    with psycopg.connect(url) as connection:
        for log_id in (CITY, DISTRICT):
            connection.execute("SELECT open_log(%s)", (log_id,))
        mapper = EventMapper([GridIssue])
        for one in issues:
            for event in one.collect_events():
                connection.execute("SELECT nextval('log150785_events_notification_id_seq')")
                row = mapper.to_stored_event(event)
                connection.execute(OLD_ROW, (row.originator_id, row.originator_version, row.topic, row.state))
            connection.execute(OLD_KEY.replace("'k'", f"'{one.id}'"), (DISTRICT, one.id, one.id))
        connection.execute("INSERT INTO projection_progress VALUES (%s, 'board', 4)", (DISTRICT,))
        connection.execute("INSERT INTO personal_detail VALUES (%s, %s, 'text', '路灯不亮')", (DISTRICT, uuid4()))


def test_a_moved_log_reads_as_before_and_goes_on(empty_database_url: str, tmp_path: Path) -> None:
    first, second = issue(), issue()
    for one in (first, second):
        one.file(ACT, category="asset-01037", edition="2026.1")
    old_database(empty_database_url, tmp_path, first, second)
    migrate(empty_database_url)

    async def story() -> None:
        async with open_logs(empty_database_url, CITY, [DISTRICT], [GridIssue]) as logs:
            log = logs.named(DISTRICT)
            read = await log.read(0, 10)
            assert [(one.position, one.event.originator_id) for one in read] == [
                (1, first.id), (2, first.id), (3, second.id), (4, second.id)
            ]  # fmt: skip
            assert await log.load(GridIssue, second.id) == second
            receipt = await log.first_answer(RequestKey(str(first.id), "hash"))
            assert receipt
            assert (receipt.id, receipt.version, receipt.position) == (first.id, 2, 2)
            with pytest.raises(KeyReused):
                await log.first_answer(RequestKey(str(first.id), "another hash"))
            assert (await log.save(issue())).position == 5
            assert await logs.city.last_position() == 0

    asyncio.run(story())
    heads = ask(empty_database_url, "SELECT stream_id, type, version, last_position FROM stream_head")
    assert {(first.id, "issue", 2, 2), (second.id, "issue", 2, 4)} < set(heads)
    assert ask(empty_database_url, "SELECT DISTINCT actor_ref FROM event") == [("somebody",)]
    assert ask(empty_database_url, "SELECT value FROM personal_detail") == [("路灯不亮",)]
    assert ask(empty_database_url, "SELECT count(*) FROM projection_progress") == [(0,)]
    left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'log150785%' OR relname LIKE 'request_key%'"
    assert ask(empty_database_url, left) == [(0,)]


def test_a_marked_version_becomes_a_column(empty_database_url: str, tmp_path: Path) -> None:
    old_database(empty_database_url, tmp_path)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(OLD_ROW, (uuid4(), 1, "issue.reported", b'{"$version":12,"by":"x","a":[1,2]}'))
    migrate(empty_database_url)
    rows = ask(empty_database_url, "SELECT schema_version, state, actor_ref FROM event")
    assert rows == [(12, b'{"by":"x","a":[1,2]}', "x")]


def test_tables_made_without_migrations_are_those_that_migrations_made(
    empty_database_url: str, database_url: str
) -> None:
    with psycopg.connect(empty_database_url) as connection:
        for _ in range(2):  # it bears being run again
            for statements in TABLES:
                connection.execute(statements.read_bytes())
    columns = (
        "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_name = ANY(ARRAY['log', 'event', 'stream_head',"
        " 'request_answer', 'personal_detail', 'tracking', 'snapshot']) ORDER BY table_name, ordinal_position"
    )
    indexes = (
        "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(ARRAY['log', 'event', 'stream_head',"
        " 'request_answer', 'personal_detail', 'tracking', 'snapshot']) ORDER BY indexdef"
    )
    for question in (columns, indexes):
        assert ask(empty_database_url, question) == ask(database_url, question)
