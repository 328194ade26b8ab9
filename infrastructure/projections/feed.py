"""Feed: rows of the logs as projections read them, by position, a shard at a time."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from infrastructure import sql
from infrastructure.projections.read_model import Happened
from infrastructure.projections.shard import Shard

QUERY = sql.load("feed.sql")
Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


class Feed:
    """Positions are dense and in the order of commits, so what is up to the newest one seen is all there is."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def newest(self, log_ids: Sequence[str]) -> dict[str, int]:
        """The last position of each log, 0 for an empty one."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(QUERY["newest"], {"logs": list(log_ids)})
            return dict(await cursor.fetchall())

    async def between(self, shard: Shard, after: int, upto: int) -> list[Happened]:
        """The shard's events of its log above `after` and up to `upto`, ascending."""
        asked: dict[str, object] = {"log_id": shard.log_id, "after": after, "upto": upto}
        if shard.of == 1:
            return await self._events("between", asked)
        return await self._events("between_of_shard", asked | {"shard": shard.number, "shards": shard.of})

    async def at(self, log_id: str, position: int) -> Happened:
        """The event at `position`. Raises `LookupError` when there is none."""
        events = await self._events("at", {"log_id": log_id, "position": position})
        if not events:
            raise LookupError(f"log {log_id} has no position {position}")
        return events[0]

    async def _events(self, query: str, asked: dict[str, object]) -> list[Happened]:
        async with self.pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(QUERY[query], asked)
            return [*map(Happened._make, await cursor.fetchall())]
