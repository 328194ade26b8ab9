"""Events as their rows have them on PostgreSQL: `application.audit.filming.StoredEvents`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from application.audit.filming import Ends
from application.proof.attesting import Stored
from domain.proof.leaf import EventLeaf, state_hash
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("stored_events.sql")


class PostgresStoredEvents:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def at(self, log_id: str, position: int) -> Stored | None:
        rows = await self._rows("at", log_id=log_id, position=position)
        return _stored(log_id, rows[0]) if rows else None

    async def ends(self, log_id: str, stream: UUID) -> Ends | None:
        ((first, last, versions),) = await self._rows("ends", log_id=log_id, stream=stream)
        return None if first is None else Ends(first, last, versions)

    async def last(self, log_id: str, stream: UUID, upto: int) -> Stored | None:
        rows = await self._rows("last", log_id=log_id, stream=stream, upto=upto)
        return _stored(log_id, rows[0]) if rows else None

    async def versions(self, log_id: str, stream: UUID, first: int, last: int) -> Sequence[Stored]:
        rows = await self._rows("versions", log_id=log_id, stream=stream, first=first, last=last)
        return [_stored(log_id, row) for row in rows]

    async def _rows(self, query: str, **asked: object) -> list[tuple[Any, ...]]:
        async with borrowed(self._pool) as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(QUERY[query], asked)
            return await cursor.fetchall()


def _stored(log_id: str, row: tuple[Any, ...]) -> Stored:
    """The leaf over the very bytes that are shown."""
    columns, (state, leaf_hash) = row[:-2], row[-2:]
    return Stored(EventLeaf(log_id, *(*columns, state_hash(state))), state, leaf_hash)
