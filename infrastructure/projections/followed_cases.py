"""What a requester follows, on PostgreSQL: `application.following.ports.FollowedCases`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.following.ports import FollowedRow, Measure
from domain.case_number import CaseNumber
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("followed_cases.sql")


class PostgresFollowedCases:
    """Reads the board, and the timeline for what was done."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def find(self, number: CaseNumber) -> FollowedRow | None:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(FollowedRow)) as cursor:
            await cursor.execute(QUERY["find"], {"log_id": number.log_id, "number": number.number})
            return await cursor.fetchone()

    async def measures(self, log_id: str, issue: UUID) -> list[Measure]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(Measure)) as cursor:
            await cursor.execute(QUERY["measures"], {"log_id": log_id, "issue": issue})
            return await cursor.fetchall()
