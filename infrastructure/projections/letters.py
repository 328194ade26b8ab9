"""Dead letters 死信: events a projection could not take, told again or given up by somebody who looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from infrastructure import sql
from infrastructure.projections.advancing import NO_FAULT_OF_AN_EVENT, told
from infrastructure.projections.feed import Feed, Pool
from infrastructure.projections.leases import QUERY as PROGRESS
from infrastructure.projections.read_model import Place, ReadModel

QUERY = sql.load("dead_letters.sql")
MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Letter:
    """死信: one event set aside (poison), waiting behind one that is, or given up (skipped)."""

    log_id: str
    projection: str
    generation: int
    position: int
    stream_id: UUID
    version: int
    topic: str
    state: str
    error: str | None
    attempts: int
    parked_at: datetime


@dataclass(frozen=True)
class Retried:
    """What became of a parked stream: how many events were taken, and whether one still is not."""

    log_id: str
    projection: str
    generation: int
    stream_id: UUID
    taken: int
    still_parked: bool


class Letters:
    """The dead letters of the given logs."""

    def __init__(self, pool: Pool, log_ids: Sequence[str], models: Iterable[ReadModel]) -> None:
        self.pool, self.log_ids, self.feed = pool, list(log_ids), Feed(pool)
        self.models = {model.name: model for model in models}

    async def shown(self, projection: str | None = None, stream_id: UUID | None = None) -> list[Letter]:
        """The first `MOST_SHOWN` letters, by log, projection, generation and position."""
        asked = self._asked(projection, stream_id) | {"most": MOST_SHOWN}
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Letter)) as cursor:
            await cursor.execute(QUERY["letters"], asked)
            return await cursor.fetchall()

    async def retry(self, projection: str | None = None, stream_id: UUID | None = None) -> list[Retried]:
        """Tell parked streams again, each in order up to the first event that fails still."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(QUERY["streams"], self._asked(projection, stream_id))
            parked = await cursor.fetchall()
        return [
            await self._retry(self.models[name], Place(log_id, generation), stream)
            for log_id, name, generation, stream in parked
            if name in self.models
        ]

    async def skip(self, log_id: str, projection: str, position: int) -> bool:
        """Give up one poison event, in every generation, and tell the rest of its stream; whether there was one."""
        given_up = {"log_id": log_id, "projection": projection, "position": position}
        async with self.pool.connection() as connection:
            cursor = await connection.execute(QUERY["skip"], given_up)
            streams = {stream_id for (stream_id,) in await cursor.fetchall()}
        for stream_id in streams:
            await self.retry(projection, stream_id)
        return bool(streams)

    async def _retry(self, model: ReadModel, place: Place, stream_id: UUID) -> Retried:
        key = {**place._asdict(), "projection": model.name, "stream_id": stream_id}
        taken = 0
        while True:
            position: int | None = None
            try:
                async with self.pool.connection() as connection, connection.transaction():
                    # No batch may add to the stream between the last one that waits and its being free again.
                    await connection.execute(PROGRESS["hold_alone"], key)
                    row = await (await connection.execute(QUERY["next_of"], key)).fetchone()
                    if row is None:
                        return Retried(place.log_id, model.name, place.generation, stream_id, taken, False)
                    position = int(row[0])
                    await model.project(connection, place, [await self.feed.at(place.log_id, position)])
                    await connection.execute(QUERY["delivered"], key | {"position": position})
            except NO_FAULT_OF_AN_EVENT:
                raise
            except Exception as error:
                async with self.pool.connection() as connection:
                    failed = key | {"position": position, "error": told(error)}
                    await connection.execute(QUERY["failed_again"], failed)
                return Retried(place.log_id, model.name, place.generation, stream_id, taken, True)
            taken += 1

    def _asked(self, projection: str | None, stream_id: UUID | None) -> dict[str, object]:
        return {"logs": self.log_ids, "projection": projection, "stream_id": stream_id}
