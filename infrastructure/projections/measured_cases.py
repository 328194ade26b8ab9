"""Open cases that a calendar measures, on PostgreSQL: `application.recalculating.MeasuredCases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.recalculating import RUNNING
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("measured_cases.sql")


class PostgresMeasuredCases:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def behind(
        self, log_id: str, calendar: str, version: str, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        wanted = {"log_id": log_id, "calendar": calendar, "version": version, "after": after, "limit": limit}
        async with borrowed(self._pool) as connection, connection.cursor() as cursor:
            await cursor.execute(QUERY["behind"], {**wanted, "stages": sorted(RUNNING)})
            return [row[0] for row in await cursor.fetchall()]
