"""Generations 世代: a read model is filled beside the one that is served, takes its place, and may give it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import class_row

from infrastructure import sql
from infrastructure.projections.feed import Pool
from infrastructure.projections.read_model import Connection, Place, ReadModel

QUERY = sql.load("generations.sql")
DROPPED_AT_ONCE = 20_000
"""Positions whose rows go in one transaction."""


@dataclass(frozen=True)
class Generation:
    """One generation of a read model. `served_at` is null until it was."""

    log_id: str
    projection: str
    generation: int
    state: str
    edition: int
    shards: int
    begun_at: datetime
    served_at: datetime | None


@dataclass(frozen=True)
class Standing(Generation):
    """How far a generation is, how far behind its log, what it could not take, and how many processes move it."""

    position: int
    lag_events: int
    lag_seconds: float
    poison: int
    waiting: int
    skipped: int
    owners: int


class DeadLettersLeft(Exception):
    """The new generation could take less than the one that is served: somebody must look."""


class Generations:
    """The generations of all read models of the given logs."""

    def __init__(self, pool: Pool, log_ids: Sequence[str], shards: int) -> None:
        self.pool, self.log_ids, self.shards = pool, list(log_ids), shards

    async def begin_first(self, models: Iterable[ReadModel]) -> None:
        """See that every read model has a generation that is served."""
        given = list(models)
        facts = {
            "logs": self.log_ids, "projections": [model.name for model in given],
            "editions": [model.edition for model in given], "shards": [*map(self._shards, given)],
        }  # fmt: skip
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(QUERY["begin_first"], facts)
            await connection.execute(QUERY["begin_progress"], {"logs": self.log_ids})

    async def standing(self) -> list[Standing]:
        """All generations, by log and projection, the oldest first."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Standing)) as cursor:
            await cursor.execute(QUERY["standing"], {"logs": self.log_ids})
            return await cursor.fetchall()

    async def of(self, log_id: str, projection: str) -> dict[str, Generation]:
        """The newest generation in each state."""
        async with self.pool.connection() as connection, connection.cursor(row_factory=class_row(Generation)) as cursor:
            await cursor.execute(QUERY["all"], {"logs": [log_id]})
            return {one.state: one for one in await cursor.fetchall() if one.projection == projection}

    async def begin_next(self, log_id: str, model: ReadModel) -> Generation:
        """The generation being filled: the one an interrupted rebuild left, if our rules filled it, or a new one.

        What was kept for a rollback goes.
        """
        await self.sweep([model])
        left = (await self.of(log_id, model.name)).get("building")
        if left and left.edition == model.edition:
            return left
        for state in ("building", "retired"):
            while unwanted := (await self.of(log_id, model.name)).get(state):
                await self.drop(unwanted, model)
        next_one = {"log_id": log_id, "projection": model.name, "edition": model.edition}
        next_one["shards"] = self._shards(model)
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(QUERY["begin_next"], next_one)
            await connection.execute(QUERY["begin_progress"], {"logs": [log_id]})
        return (await self.of(log_id, model.name))["building"]

    async def bring_back(self, log_id: str, model: ReadModel) -> Generation | None:
        """The generation served before, made one that is being filled, or None when none is kept."""
        found = await self.of(log_id, model.name)
        if (kept := found.get("retired")) is None:
            return None
        if unwanted := found.get("building"):
            await self.drop(unwanted, model)
        await self._set_state(kept, "building")
        return (await self.of(log_id, model.name))["building"]

    async def switch(self, one: Generation) -> bool:
        """Serve `one` instead of what is served, if it has come as far; whether it did.

        Batches of both wait meanwhile, so a reader finds every event in either. Raises `DeadLettersLeft`.
        """
        key = {"log_id": one.log_id, "projection": one.projection, "generation": one.generation}
        async with self.pool.connection() as connection, connection.transaction():
            held = {state: number for number, state in await _rows(connection, QUERY["hold"], key)}
            if held.get("building") != one.generation:
                return True  # another process did
            served = key | {"generation": held["active"]}
            ((mine, theirs),) = await _rows(connection, QUERY["positions"], key | {"active": held["active"]})
            if mine < theirs:
                return False
            ((more,),) = await _rows(connection, QUERY["lost_more"], key | {"active": held["active"]})
            if more:
                raise DeadLettersLeft(
                    f"日志 {key['log_id']} 的投影 {key['projection']}：新世代的死信多于服务中的世代，未切换；"
                    "请用 wangge projections list 查看"
                )
            await connection.execute(QUERY["set_state"], served | {"state": "retired"})
            await connection.execute(QUERY["set_state"], key | {"state": "active"})
            await connection.execute(QUERY["hand_over"], key | {"active": held["active"]})
        return True

    async def drop(self, one: Generation, model: ReadModel) -> None:
        """Throw away a generation nobody reads, some rows at a time. Interrupted, it goes on next time."""
        await self._set_state(one, "dropping")
        await self.sweep([model])

    async def sweep(self, models: Iterable[ReadModel]) -> None:
        """Finish the dropping of what is being dropped."""
        by_name = {model.name: model for model in models}
        async with self.pool.connection() as connection:
            rows = await _rows(connection, QUERY["dropping"], {"logs": self.log_ids})
        for log_id, projection, generation in rows:
            if model := by_name.get(projection):
                await self._empty(Place(log_id, generation), model)

    async def _empty(self, place: Place, model: ReadModel) -> None:
        key = {**place._asdict(), "projection": model.name}
        async with self.pool.connection() as connection:
            ((last,),) = await _rows(connection, QUERY["furthest"], key)
        for after in range(0, last, DROPPED_AT_ONCE):
            async with self.pool.connection() as connection, connection.transaction():
                await model.drop(connection, place, after, after + DROPPED_AT_ONCE)
        async with self.pool.connection() as connection, connection.transaction():
            for query in ("forget_letters", "forget_progress", "forget"):
                await connection.execute(QUERY[query], key)

    def _shards(self, model: ReadModel) -> int:
        return 1 if model.in_order else self.shards

    async def _set_state(self, one: Generation, state: str) -> None:
        key = {"log_id": one.log_id, "projection": one.projection, "generation": one.generation}
        async with self.pool.connection() as connection:
            await connection.execute(QUERY["set_state"], key | {"state": state})


async def _rows(connection: Connection, query: LiteralString, facts: dict[str, object]) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query, facts)).fetchall()
