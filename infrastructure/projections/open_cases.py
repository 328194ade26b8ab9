"""Open cases of a grid on PostgreSQL, as the board knows them: `application.moving_cases.OpenCases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from application.moving_plan import OpenCase
from application.ports import Logs
from domain.stages import MOVABLE_ISSUE, OPEN_REQUEST
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("open_cases.sql")


class PostgresOpenCases:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], logs: Logs) -> None:
        self._pool, self._logs = pool, logs

    async def issues(self, grid: str, *, but_edition: int | None, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        wanted = {"stages": sorted(MOVABLE_ISSUE), "but_edition": but_edition, "after": after, "limit": limit}
        return await self._rows(QUERY["issues"], grid, wanted)

    async def requests(self, grid: str, *, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        wanted = {"stages": sorted(OPEN_REQUEST), "after": after, "limit": limit}
        return await self._rows(QUERY["requests"], grid, wanted)

    async def _rows(self, query: LiteralString, grid: str, wanted: dict[str, Any]) -> list[OpenCase]:
        async with borrowed(self._pool) as connection, connection.cursor() as cursor:
            await cursor.execute(query, {"log_id": self._logs.at(grid).log_id, "grid": grid, **wanted})
            return [OpenCase(*row) for row in await cursor.fetchall()]
