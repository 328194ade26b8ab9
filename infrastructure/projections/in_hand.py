"""在手案件: what one member of staff has in hand, asked of the boards. Implements `application.registry.open_work`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from application.registry.open_work import CaseInHand
from domain.handing_over import IN_HAND, TO_ANSWER
from domain.stages import JUDGED
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("in_hand.sql")


class PostgresInHand:
    """Cases in hand in the given logs. Refuses `Busy`."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids = pool, list(log_ids)

    async def of(self, staff: str, unit: str, limit: int) -> tuple[int, list[CaseInHand]]:
        facts = {
            "logs": self._log_ids, "staff": staff, "unit": unit, "limit": limit,
            "in_hand": [stage.value for stage in IN_HAND],
            "to_answer": [stage.value for stage in TO_ANSWER],
            "resolved": [stage.value for stage in JUDGED],
        }  # fmt: skip
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(QUERY["in_hand"], facts)
            rows = await cursor.fetchall()
        return (rows[0][0] if rows else 0), [CaseInHand(*case) for _, *case in rows]
