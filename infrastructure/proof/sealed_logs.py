"""`application.proof.proving.SealedLogs` in PostgreSQL: each answer is a few rows by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from application.proof.proving import LogStanding, SealedHead
from domain.proof.breach import BreachKind
from domain.proof.leaf import EventLeaf
from domain.proof.tiles import Tile
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("proof.sql")


class PostgresSealedLogs:
    """The trees named by `log_ids`."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids = pool, list(log_ids)

    async def head(self, log_id: str, size: int | None) -> SealedHead | None:
        rows = await self._ask("head", log_id=log_id, size=size)
        if not rows:
            return None
        found, root, note, sealed_at = rows[0]
        cosigned = await self._ask("cosigned", log_id=log_id, size=found)
        return SealedHead(found, root, note + "".join(lines for (lines,) in cosigned), sealed_at)

    async def tiles(self, log_id: str, wanted: Iterable[Tile]) -> Mapping[Tile, bytes]:
        asked = list(wanted)
        rows = await self._ask(
            "tiles", log_id=log_id, levels=[one.level for one in asked], indexes=[one.number for one in asked]
        )
        return {Tile(level, number): hashes for level, number, hashes in rows}

    async def leaf(self, log_id: str, position: int) -> tuple[EventLeaf, bytes] | None:
        rows = await self._ask("one_event", log_id=log_id, position=position)
        return (EventLeaf(log_id, *rows[0][:-1]), rows[0][-1]) if rows else None

    async def standing(self) -> Sequence[LogStanding]:
        rows = await self._ask("standing", log_ids=self._log_ids)
        return [
            LogStanding(log_id, newest, sealed, sealed_at, breach and BreachKind(breach), position, since)
            for log_id, newest, sealed, sealed_at, breach, position, since in rows
        ]

    async def _ask(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        async with borrowed(self._pool) as connection:
            cursor = await connection.execute(QUERY[query], values)
            return await cursor.fetchall()
