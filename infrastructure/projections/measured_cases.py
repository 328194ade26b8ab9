"""Open cases that a calendar measures, on PostgreSQL: `application.recalculating.MeasuredCases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.recalculating import RUNNING, WAITED_FOR
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("measured_cases.sql")
WAITING = [f"{stage} {waited}" for waited, stages in WAITED_FOR.items() for stage in sorted(stages)]
"""The stage an issue is in and what is waited for in it."""
STAGES = sorted(RUNNING.union(*WAITED_FOR.values()))


class PostgresMeasuredCases:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def behind(
        self, log_id: str, calendar: str, version: str, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        wanted = {"log_id": log_id, "calendar": calendar, "version": version, "after": after, "limit": limit}
        async with borrowed(self._pool) as connection, connection.cursor() as cursor:
            await cursor.execute(QUERY["behind"], {**wanted, "stages": STAGES, "waited_for": WAITING})
            return [row[0] for row in await cursor.fetchall()]
