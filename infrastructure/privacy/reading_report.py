"""阅览查询 on PostgreSQL: `application.privacy.readings.ReadingReport`, read off the timelines that are served."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.privacy.readings import ReadingView
from domain.case_id import log_of
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("readings.sql")


class PostgresReadings:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def of_case(self, case_id: UUID, *, after: int, limit: int) -> list[ReadingView]:
        return await self._rows("of_case", log_id=log_of(case_id), case=str(case_id), after=after, limit=limit)

    async def of_log(self, log_id: str, *, before: int, by: str, limit: int) -> list[ReadingView]:
        return await self._rows("of_log", log_id=log_id, before=before, by=by, limit=limit)

    async def _rows(self, query: str, **asked: object) -> list[ReadingView]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(ReadingView)) as cursor:
            await cursor.execute(QUERY[query], asked)
            found: list[ReadingView] = await cursor.fetchall()
            return found
