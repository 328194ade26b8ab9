"""Public cases on PostgreSQL: `application.open311.public_cases.PublicCases` over the boards that are served."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString, TypeVar

from psycopg.rows import AsyncRowFactory, class_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from application.open311.public_cases import OVER, SECOND, PublicCase, PublicQuestion, PublicUpdate
from application.open311.told import TOLD
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.opened_rows import opened
from infrastructure.privacy.vault import Vault

QUERY = sql.load("public_cases.sql")
POSITIONS_AT = sql.load("statistics.sql")["positions_at"]
_INSTANT = timedelta(microseconds=1)
Row = TypeVar("Row")


class PostgresPublicCases:
    """Questions of the public. Each refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str], vault: Vault) -> None:
        self._pool, self._log_ids = pool, list(log_ids)
        self._row = opened(vault, PublicCase, ("text",))

    async def find(self, question: PublicQuestion) -> Sequence[PublicCase]:
        return await self._rows(self._row, QUERY["cases"], self._asked(question))

    async def updates(
        self, since: datetime, until: datetime, *, area: str, limit: int, offset: int
    ) -> Sequence[PublicUpdate]:
        after = await self._positions_at(since - _INSTANT)
        upto = await self._positions_at(until + SECOND - _INSTANT)
        facts = {
            "logs": self._log_ids, "after": [after.get(log_id, 0) for log_id in self._log_ids],
            "upto": [upto.get(log_id, 0) for log_id in self._log_ids], "topics": list(TOLD),
            "area": f"{area}%" if area else None, "limit": limit, "offset": offset,
        }  # fmt: skip
        return await self._rows(class_row(PublicUpdate), QUERY["updates"], facts)

    async def _positions_at(self, moment: datetime) -> dict[str, int]:
        return dict(await self._rows(tuple_row, POSITIONS_AT, {"logs": self._log_ids, "moment": moment}))

    def _asked(self, question: PublicQuestion) -> dict[str, object]:
        west, south, east, north = question.box or (None, None, None, None)
        around = question.around
        return {
            "logs": self._log_ids,
            "ids": None if question.ids is None else list(question.ids),
            "area": f"{question.area}%" if question.area else None,
            "services": [f"^{code}(-|$)" for code in question.services] or None,
            "closed": question.closed,
            "over": list(OVER),
            "since": question.since,
            "until": question.until and question.until + SECOND,
            "updated_since": question.updated_since,
            "updated_until": question.updated_until and question.updated_until + SECOND,
            "west": west, "south": south, "east": east, "north": north,
            "longitude": around and around.longitude,
            "latitude": around and around.latitude,
            "metres": around and around.metres,
            "limit": question.limit,
            "offset": question.offset,
            "upto": question.limit + question.offset,
        }  # fmt: skip

    async def _rows(self, rows: AsyncRowFactory[Row], query: LiteralString, facts: dict[str, object]) -> list[Row]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=rows) as cursor:
            await cursor.execute(query, facts)
            found: list[Row] = await cursor.fetchall()
            return found
