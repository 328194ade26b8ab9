"""Batch 批次: events and the position behind them in one transaction, or neither."""

from __future__ import annotations

from collections.abc import Sequence

from infrastructure import sql
from infrastructure.projections.feed import Pool
from infrastructure.projections.leases import Leases
from infrastructure.projections.read_model import Connection, Happened, ReadModel
from infrastructure.projections.shard import Shard

QUERY = sql.load("dead_letters.sql")


class Batches:
    """Writes batches of one read model."""

    def __init__(self, pool: Pool, leases: Leases, model: ReadModel) -> None:
        self.pool, self.leases, self.model = pool, leases, model

    async def project(self, shard: Shard, events: Sequence[Happened], upto: int) -> None:
        """Project `events` and move the shard to `upto`; those of parked streams are parked too. Raises `Lost`."""
        wanted = [event for event in events if self.model.wants(event.topic)]
        alone = shard.of > 1 and any(self.model.ties(event.topic) for event in wanted)
        async with self.pool.connection() as connection, connection.transaction():
            await self.leases.move(connection, shard, upto, alone=alone)
            if wanted:
                parked = await self._parked(connection, shard)
                for event in wanted:
                    if event.stream_id in parked:
                        await self._park(connection, shard, event, state="waiting", error=None, attempts=0)
                free = [event for event in wanted if event.stream_id not in parked] if parked else wanted
                if free:
                    await self.model.project(connection, shard.place, free)
        shard.position = upto

    async def set_aside(self, shard: Shard, event: Happened, upto: int, error: str, attempts: int) -> None:
        """Move the shard to `upto` past `event`, which becomes a dead letter. Raises `Lost`."""
        async with self.pool.connection() as connection, connection.transaction():
            await self.leases.move(connection, shard, upto, alone=False)
            await self._park(connection, shard, event, state="poison", error=error, attempts=attempts)
        shard.position = upto

    async def analyze(self) -> None:
        """Tell the planner how much there is now."""
        async with self.pool.connection() as connection:
            await self.model.analyze(connection)

    async def _parked(self, connection: Connection, shard: Shard) -> set[str]:
        cursor = await connection.execute(QUERY["parked"], shard.key)
        return {stream_id for (stream_id,) in await cursor.fetchall()}

    async def _park(
        self, connection: Connection, shard: Shard, event: Happened, *, state: str, error: str | None, attempts: int
    ) -> None:
        letter = {
            **shard.key, "position": event.position, "stream_id": event.stream_id, "version": event.version,
            "topic": event.topic, "state": state, "error": error, "attempts": attempts,
        }  # fmt: skip
        await connection.execute(QUERY["park"], letter)
