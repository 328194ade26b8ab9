"""Projector: moves read models along the logs, a batch and its position in one transaction, or neither."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from application.ports import Log, Recorded
from infrastructure import sql
from infrastructure.projections.projection import PROJECTIONS, Projection
from infrastructure.telemetry import LOG_POSITION, PROJECTION_LAG

QUERY = sql.load("projector.sql")
BATCH = 1_000
logger = structlog.get_logger(__name__)
Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


class Projector:
    """Brings the read models of `logs` up to the newest event, once or for ever."""

    def __init__(self, pool: Pool, logs: Iterable[Log], projections: Sequence[Projection] = PROJECTIONS) -> None:
        self.pool, self.logs, self.projections = pool, list(logs), projections

    async def run(self, *, poll_seconds: float = 0.05, longest_pause_seconds: float = 10.0) -> None:
        """Follow the logs until cancelled. A fault is logged and tried again, ever more slowly."""
        pause = poll_seconds
        while True:
            try:
                moved = await self.catch_up()
                pause = 0.0 if moved else poll_seconds
            except Exception:
                pause = min(max(pause, poll_seconds) * 2, longest_pause_seconds)
                logger.exception("projection_failed", retry_in_seconds=pause)
            await asyncio.sleep(pause)

    async def catch_up(self, moved_to: Callable[[str, str, int], None] | None = None) -> int:
        """Project what is new; how many events were. `moved_to(log_id, projection, position)` follows each batch."""
        return sum(
            [await self._project_all(log, projection, moved_to) for log in self.logs for projection in self.projections]
        )

    async def rebuild(self, moved_to: Callable[[str, str, int], None] | None = None) -> int:
        """Throw every read model of the logs away and project it anew; how many events were."""
        async with self.pool.connection() as connection, connection.transaction():
            for log in self.logs:
                for projection in self.projections:
                    key = {"log_id": log.log_id, "projection": projection.name}
                    for query in (*projection.empty, QUERY["start_over"]):
                        await connection.execute(query, key)
        return await self.catch_up(moved_to)

    async def position(self, log_id: str, projection: str) -> int:
        """The position up to which a read model has gone, 0 before the first batch."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(QUERY["position"], {"log_id": log_id, "projection": projection})
            row = await cursor.fetchone()
        return int(row[0]) if row else 0

    async def _project_all(
        self, log: Log, projection: Projection, moved_to: Callable[[str, str, int], None] | None
    ) -> int:
        done = 0
        before = await self.position(log.log_id, projection.name)
        while batch := await log.read(before, BATCH):
            if not await self._project(log.log_id, projection, before, batch):
                break  # Another process moved it; the next round reads where it is now.
            before = batch[-1].position
            done += len(batch)
            if moved_to:
                moved_to(log.log_id, projection.name, before)
        newest = await log.last_position()
        LOG_POSITION.labels(log=log.log_id).set(newest)
        PROJECTION_LAG.labels(log=log.log_id, projection=projection.name).set(max(newest - before, 0))
        return done

    async def _project(self, log_id: str, projection: Projection, before: int, batch: Sequence[Recorded]) -> bool:
        move = {"log_id": log_id, "projection": projection.name, "before": before, "last": batch[-1].position}
        async with self.pool.connection() as connection, connection.transaction():
            moved = await connection.execute(QUERY["move_position"], move)
            if moved.rowcount == 0:
                return False
            async with connection.pipeline():
                for recorded in batch:
                    for query, facts in projection.statements(log_id, recorded):
                        await connection.execute(query, facts)
        return True
