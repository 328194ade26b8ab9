"""Comparing 比对: what is served, row by row against the same read model filled anew from the first event on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from infrastructure import sql
from infrastructure.projections.projector import Projector
from infrastructure.projections.read_model import ReadModel
from infrastructure.projections.rebuilding import Rebuilding

QUERY = sql.load("comparing.sql")
TOLD = 100
ATTEMPTS = 20
PAUSE_SECONDS = 0.2
MovedTo = Callable[[str, str, int], None]


@dataclass(frozen=True)
class Odd:
    """A row that only one side has. `served` tells whether it is what readers see."""

    table: str
    row: dict[str, Any]
    served: bool


@dataclass(frozen=True)
class Compared:
    """比对结果 of one read model of one log up to a position. `odd` are the first of `differing` rows."""

    log_id: str
    projection: str
    position: int
    differing: int
    odd: tuple[Odd, ...]


class NeverAlike(Exception):
    """The two sides never stood at one position: too much is being written."""


class Comparing:
    """Fills a generation beside each that is served, compares, and throws it away: nothing that is served changes.

    What was kept for a rollback goes.
    """

    def __init__(self, projector: Projector) -> None:
        self._projector, self._rebuilding = projector, Rebuilding(projector)

    async def run(self, log_id: str, moved_to: MovedTo | None = None) -> list[Compared]:
        """All read models of a log. Raises `NeverAlike`."""
        await self._projector.catch_up(moved_to)
        return [await self._one(log_id, model, moved_to) for model in self._projector.projections]

    async def _one(self, log_id: str, model: ReadModel, moved_to: MovedTo | None) -> Compared:
        generations = self._projector.generations
        beside = await generations.begin_next(log_id, model)
        try:
            for _ in range(ATTEMPTS):
                await self._rebuilding.catch_up(beside, model, moved_to)
                if (found := await self._compared(log_id, model)) is not None:
                    return found
                await asyncio.sleep(PAUSE_SECONDS)
                await self._projector.catch_up()
            raise NeverAlike(f"{log_id} {model.name}")
        finally:
            await self._projector.release()
            await generations.drop(beside, model)

    async def _compared(self, log_id: str, model: ReadModel) -> Compared | None:
        key = {"log_id": log_id, "projection": model.name}
        async with self._projector.pool.connection() as connection, connection.transaction():
            await connection.execute(QUERY["one_moment"])
            rows = await (await connection.execute(QUERY["positions"], key)).fetchall()
            at = {state: (generation, position) for state, generation, position in rows}
            (served, theirs), (rebuilt, ours) = at["active"], at["building"]
            if theirs != ours:
                return None
            sides = {**key, "served": served, "rebuilt": rebuilt, "limit": TOLD}
            found = await (await connection.execute(QUERY["odd"], sides)).fetchall()
        odd = tuple(Odd(table, orjson.loads(row), served=on_served) for table, row, on_served, _ in found)
        return Compared(log_id, model.name, ours, found[0][3] if found else 0, odd)
