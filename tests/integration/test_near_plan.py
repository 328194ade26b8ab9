"""附近相似案件 among many: candidates are read off the index of points, however many issues there are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import psycopg
from psycopg_pool import AsyncConnectionPool

from application.near.views import NearQuestion
from domain.actor import Actor, Role
from domain.distance import metres_between
from infrastructure.privacy.file_keys import FileKeys
from infrastructure.privacy.vault import Vault
from infrastructure.projections.boards import PostgresBoards
from infrastructure.projections.near import PostgresNear
from tests.town import DISTRICT

MANY = 20_000
HERE = (121.5, 50.775)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FILL = """
INSERT INTO issue_board (log_id, generation, id, number, version, stage, grid, grid_edition, category, channel, urgency,
                         longitude, latitude, subject, reported_by, reported_at, changed_at, coordinator, contact,
                         level, escalations)
SELECT %(log)s, 1, gen_random_uuid(), n, 1, CASE WHEN n %% 10 = 0 THEN 'closed' ELSE 'filed' END, '150785001001001', 1,
       'asset-01037', 'patrol', 'normal', 121.4 + 0.2 * (n %% 200) / 200, 50.7 + 0.15 * (n / 200) / 100,
       gen_random_uuid(), 'worker', %(now)s - n * interval '1 second', %(now)s, '', '', '', 0
  FROM generate_series(1, %(many)s) n
"""


def test_the_index_of_points_finds_what_is_near_and_nothing_settled(database_url: str, kek_file: object) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO projection_generation (log_id, projection, generation, state, edition, shards)"
            " VALUES (%s, 'board', 1, 'active', 1, 1)",
            (DISTRICT,),
        )
        connection.execute(FILL, {"log": DISTRICT, "now": NOW, "many": MANY})
        connection.execute("ANALYZE issue_board")
        before = _scans(connection)
        rows = connection.execute(
            "SELECT id, longitude, latitude FROM issue_board WHERE stage <> 'closed'"
        ).fetchall()  # fmt: skip
        connection.commit()
        found = asyncio.run(_around(database_url))
        # A session tells the statistics what it did when it is gone, which may be a moment after it was closed.
        deadline = monotonic() + 10
        while _scans(connection) <= before and monotonic() < deadline:
            sleep(0.05)
        after = _scans(connection)
    near = {id_ for id_, x, y in rows if metres_between(HERE, (x, y)) <= 200}
    assert len(near) > 1
    assert near <= found
    assert after > before
    assert all(metres_between(HERE, (x, y)) < 300 for id_, x, y in rows if id_ in found)


def _scans(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    row = connection.execute(
        "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'issue_board_by_point'"
    ).fetchone()
    connection.commit()
    assert row
    return int(str(row[0]))


async def _around(url: str) -> set[object]:
    async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
        boards = PostgresBoards(pool, [DISTRICT], Vault(pool, FileKeys.__new__(FileKeys)))
        question = NearQuestion(*HERE, "150785", "asset-01037", "", 200, NOW - timedelta(days=1), NOW)
        dispatcher = Actor("dispatcher", frozenset({Role.DISPATCHER}), "U-CENTRE", (DISTRICT,))
        return {one.id for one in await PostgresNear(boards).around(dispatcher, question, most=50)}
