"""Due cases on PostgreSQL: implements `application.timers.DueCases` on the board that is served."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.timers import DueCase, Mark
from domain.firing import ENDING
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("timers.sql")


class PostgresDueCases:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def due(self, log_id: str, now: datetime, *, after: Mark | None, limit: int) -> Sequence[DueCase]:
        at, number = after or (None, None)
        async with borrowed(self._pool) as connection:
            served = await (await connection.execute(QUERY["generation"], {"log_id": log_id})).fetchone()
            if served is None:
                return []
            facts = {
                "log_id": log_id, "generation": served[0], "now": now, "after_at": at, "after_number": number,
                "limit": limit, "ending": sorted(stage.value for stage in ENDING),
            }  # fmt: skip
            async with connection.cursor(row_factory=class_row(DueCase)) as cursor:
                await cursor.execute(QUERY["due"], facts)
                return await cursor.fetchall()

    async def overdue(self, log_id: str, now: datetime) -> tuple[int, datetime | None]:
        """How many issues have something that is to have fired by `now`, and since when the oldest has."""
        async with borrowed(self._pool) as connection:
            cursor = await connection.execute(QUERY["overdue"], {"log_id": log_id, "now": now})
            row = await cursor.fetchone()
            return (int(row[0]), row[1]) if row else (0, None)
