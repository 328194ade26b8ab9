"""清单外派遣 on PostgreSQL: `application.duty_report.AttemptReport`, read off the timelines that are served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, LiteralString, TypeVar

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.disclosure import sees_whole_area
from application.duty_report import AttemptGroup, AttemptQuestion, AttemptView, Dimension, Mark
from domain.actor import Actor
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("duty_attempts.sql")
Row = TypeVar("Row")


class PostgresAttempts:
    """Questions to the timelines of the given logs. Each refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids = pool, list(log_ids)

    async def attempts(
        self, actor: Actor, question: AttemptQuestion, *, after: Mark | None, limit: int
    ) -> list[AttemptView]:
        at, log_id, position = after or (None, None, None)
        marked = {"after_at": at, "after_log": log_id, "after_position": position, "limit": limit}
        return await self._rows(AttemptView, QUERY["attempts"], self._asked(actor, question) | marked)

    async def groups(
        self, actor: Actor, question: AttemptQuestion, *, by: Sequence[Dimension],
        after: tuple[str, str, str, str] | None, limit: int,
    ) -> list[AttemptGroup]:  # fmt: skip
        marked = {"by": [one.value for one in by], "after": after and list(after), "limit": limit}
        return await self._rows(AttemptGroup, QUERY["groups"], self._asked(actor, question) | marked)

    def _asked(self, actor: Actor, question: AttemptQuestion) -> dict[str, object]:
        return {
            **asdict(question),
            "logs": self._log_ids,
            "areas": [f"{area}%" for area in actor.areas],
            "own_units": None if sees_whole_area(actor) else sorted(actor.units),
        }

    async def _rows(self, view: type[Row], query: LiteralString, facts: dict[str, object]) -> list[Row]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(view)) as cursor:
            await cursor.execute(query, facts)
            found: list[Row] = await cursor.fetchall()
            return found
