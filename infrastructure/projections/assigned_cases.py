"""Assigned cases on PostgreSQL: implements `application.dispatch.trial.AssignedCases` on the board that is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.dispatch.trial import AssignedCase, During
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("assigned_cases.sql")


class PostgresAssignedCases:
    """Both refuse `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def assigned(
        self, log_id: str, areas: Sequence[str], during: During, *, after: int, limit: int
    ) -> list[AssignedCase]:
        facts = {
            "log_id": log_id, "areas": [f"{area}%" for area in areas], "since": during.since, "until": during.until,
            "after": after, "limit": limit,
        }  # fmt: skip
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(AssignedCase)) as cursor:
            await cursor.execute(QUERY["last_assigned"], facts)
            found: list[AssignedCase] = await cursor.fetchall()
            return found

    async def newest(self, log_id: str) -> int:
        async with borrowed(self._pool) as connection:
            cursor = await connection.execute(QUERY["newest_number"], {"log_id": log_id})
            row = await cursor.fetchone()
            return int(row[0]) if row else 0
