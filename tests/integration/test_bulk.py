"""Filling a log in bulk: what is written is what the append function would have recorded then, and the log goes on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from application.synthetic.arrivals import BEGIN, END
from application.synthetic.town import CITY, DISTRICTS
from application.synthetic.year import year
from domain.actor import Act, Actor, Role
from domain.exempting import ask_exemption
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from infrastructure.event_mapper import EventMapper
from infrastructure.eventstore import bulk
from infrastructure.eventstore.log import open_logs
from infrastructure.migrate import migrate
from infrastructure.own_server import own_server
from tests.synthetic_office import office

DISTRICT, SEED, CASES = DISTRICTS[2], 3, 150
LEAVES = """
SELECT count(*) FROM event
 WHERE leaf_hash <> leaf_hash(log_id, position, stream_id, version, event_id, topic, schema_version,
                              (extract(epoch FROM recorded_at) * 1000000)::bigint, request_id, actor_ref,
                              correlation_id, causation_id, state)
"""


@pytest.fixture
def filled(database_url: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES (%s)", [DISTRICT])
    for _ in bulk.fill(database_url, DISTRICT, year(office(), DISTRICT, CASES, SEED), SEED):
        pass
    return database_url


def test_every_event_is_there_once_in_its_order_as_of_its_own_time(filled: str) -> None:
    mapper = EventMapper((GridIssue, ResidentRequest))
    made = list(year(office(), DISTRICT, CASES, SEED))
    with psycopg.connect(filled) as connection:
        rows = connection.execute(
            "SELECT position, stream_id, version, topic, schema_version, state, recorded_at, actor_ref, request_id"
            "  FROM event ORDER BY position"
        ).fetchall()
        assert connection.execute(LEAVES).fetchone() == (0,)
        heads = connection.execute("SELECT stream_id, version, last_position, type FROM stream_head").fetchall()
    assert [row[0] for row in rows] == list(range(1, len(made) + 1))
    assert [(*row[3:6], row[6], row[7], row[8]) for row in rows] == [
        (*mapper.encode(one.event), one.recorded_at, one.by, one.save) for one in made
    ]
    last = {row[1]: (row[2], row[0], row[3].partition(".")[0]) for row in rows}
    assert {stream: tuple(rest) for stream, *rest in heads} == last
    assert all(BEGIN <= row[6] < END for row in rows)


def test_the_log_goes_on_where_it_was_filled_to(filled: str) -> None:
    async def go_on() -> tuple[int, int]:
        async with open_logs(filled, CITY, [DISTRICT], (GridIssue, ResidentRequest)) as logs:
            log = logs.named(DISTRICT)
            before = await log.last_position()
            told = [one.event for one in await log.read(0, 1_000)]
            received = next(event for event in told if isinstance(event, ResidentRequest.Received))
            case = await log.load(ResidentRequest, received.originator_id)
            somebody = Actor("dispatcher", frozenset({Role.DISPATCHER}), "", (DISTRICT,))
            ask_exemption(Act(somebody, END + timedelta(days=1), "不可抗力"), case=case)
            return before, (await log.save(case)).position

    before, after = asyncio.run(go_on())
    assert after == before + 1


def test_a_log_that_is_not_there_is_not_filled(database_url: str) -> None:
    with pytest.raises(LookupError, match="990103"):
        next(bulk.fill(database_url, DISTRICT, year(office(), DISTRICT, 10, SEED), SEED))


def test_logs_of_another_city_are_seen_before_anything_is_mixed_with_them(empty_database_url: str) -> None:
    assert bulk.foreign_logs(empty_database_url, CITY) == []
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES ('990101'), ('150785')")
    assert bulk.foreign_logs(empty_database_url, CITY) == ["150785"]


def test_a_filling_that_was_interrupted_is_told_from_a_whole_one(filled: str) -> None:
    assert bulk.unfinished_logs(filled) == []
    assert bulk.count_cases(filled) == CASES
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES (%s)", [DISTRICTS[3]])
    next(bulk.fill(filled, DISTRICTS[3], year(office(), DISTRICTS[3], 1_500, SEED), SEED))
    assert bulk.unfinished_logs(filled) == [DISTRICTS[3]]


def test_the_sizes_name_the_tables_that_hold_something(filled: str) -> None:
    bulk.settle(filled)
    assert next(iter(bulk.sizes(filled))) == "event"
    assert bulk.sizes(filled)["event"] > 100_000


def test_a_server_of_ones_own_goes_with_its_folder() -> None:
    with own_server() as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        folder = Path(row[0])
        assert folder.is_dir()
    assert not folder.exists()
