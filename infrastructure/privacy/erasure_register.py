"""Erasures of a log on PostgreSQL: `application.audit.erasures.ErasureRegister`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.audit.erasures import ErasureMark
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("erasure_register.sql")


class PostgresErasureRegister:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def of_log(self, log_id: str, *, before: int, limit: int) -> Sequence[ErasureMark]:
        asked = {"log_id": log_id, "before": before, "limit": limit}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(ErasureMark)) as cursor:
            await cursor.execute(QUERY["of_log"], asked)
            return await cursor.fetchall()
