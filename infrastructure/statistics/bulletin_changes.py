"""What changed behind figures, on PostgreSQL: `application.statistics.bulletin_changes.FactChanges`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.rows import args_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from application.statistics.bulletin_changes import CountedFact
from application.statistics.reading import Asked
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.statistics.asked import of_outcomes

STATISTICS = sql.load("statistics.sql")
# The text that says which facts count is that of the figures themselves.
TOUCHED = STATISTICS["outcomes"] + "\n" + sql.load("bulletin_changes.sql")["touched"]


class PostgresFactChanges:
    """Over the facts that are served. Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def touched(self, asked: Asked, since: Mapping[str, int], limit: int) -> list[CountedFact]:
        facts: dict[str, Any] = {
            **of_outcomes(asked), "since_logs": list(since), "since": list(since.values()), "limit": limit,
        }  # fmt: skip
        async with borrowed(self._pool) as connection:
            async with connection.cursor(row_factory=tuple_row) as serving:
                await serving.execute(STATISTICS["serving"], facts)
                generations: dict[str, int] = dict(await serving.fetchall())
            facts["generations"] = [generations.get(log_id, 0) for log_id in facts["logs"]]
            async with connection.cursor(row_factory=args_row(CountedFact)) as cursor:
                await cursor.execute(TOUCHED, facts, prepare=False)
                return await cursor.fetchall()
