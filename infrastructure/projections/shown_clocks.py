"""Clocks of issues on PostgreSQL: implements `application.clock_views.CaseClocks` on the board that is served."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from domain.case_clocks import Clocked
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.projections.timing import clocked

QUERY = sql.load("timers.sql")


class PostgresCaseClocks:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def of(self, log_ids: Collection[str], issues: Collection[UUID]) -> dict[UUID, Clocked]:
        if not issues:
            return {}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(QUERY["clocks"], {"logs": list(log_ids), "ids": list(issues)})
            return {row["id"]: clocked(row) for row in await cursor.fetchall()}
