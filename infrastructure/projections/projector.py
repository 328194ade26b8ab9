"""Projector: moves the served read models along the logs, once or for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import psycopg
import structlog

from application.ports import Log
from infrastructure import sql
from infrastructure.projections import lag
from infrastructure.projections.advancing import Advancing
from infrastructure.projections.batch import Batches
from infrastructure.projections.feed import Feed, Pool
from infrastructure.projections.following import Following
from infrastructure.projections.generations import Generations
from infrastructure.projections.leases import Leases
from infrastructure.projections.letters import Letters
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.read_model import ReadModel
from infrastructure.projections.rebuilding import Rebuilding, Rebuilt
from infrastructure.projections.shard import Lost, Shard
from infrastructure.projections.waking import Waking

QUERY = sql.load("progress.sql")
BATCH = 5_000
REBUILD_BATCH = 60_000
"""Positions a transaction. Nobody waits for a rebuild, and a larger window writes a row once that changes often."""
LEASE_SECONDS = 5.0
REPORT_SECONDS = 1.0
AT_ONCE = 3
"""Batches of one process: the rest of the connections are for questions."""
MovedTo = Callable[[str, str, int], None]
logger = structlog.get_logger(__name__)


class Projector:
    """Brings the read models of `logs` up to the newest event; of several processes each shard has one."""

    def __init__(
        self, pool: Pool, logs: Iterable[Log], projections: Sequence[ReadModel] = PROJECTIONS, *, shards: int = 1,
        batch: int = BATCH, rebuild_batch: int = REBUILD_BATCH, lease_seconds: float = LEASE_SECONDS,
    ) -> None:  # fmt: skip
        self.pool, self.projections = pool, projections
        self.log_ids = [log.log_id for log in logs]
        self.feed, self.leases, self.waking = Feed(pool), Leases(pool, lease_seconds), Waking(pool, self.log_ids)
        self.generations = Generations(pool, self.log_ids, shards)
        self.letters = Letters(pool, self.log_ids, projections)
        self.rebuilding = Rebuilding(self)
        self.batch, self.rebuild_batch = batch, rebuild_batch
        self._advancing = {model.name: Advancing(self.feed, Batches(pool, self.leases, model)) for model in projections}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._running = False

    async def run(self, *, poll_seconds: float = 0.05, longest_pause_seconds: float = 10.0) -> None:
        """Follow the logs until cancelled. A shard that fails is tried again, ever more slowly; the rest goes on."""
        following = Following(
            claim=self._claim, newest=lambda: self.feed.newest(self.log_ids), advance=self.advance,
            give_back=self.leases.give_back, claim_every_seconds=self.leases.seconds / 3,
            first_rest_seconds=poll_seconds * 2, longest_rest_seconds=longest_pause_seconds,
        )  # fmt: skip
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.waking.listen())
                group.create_task(self._report())
                group.create_task(self._follow(following, poll_seconds, longest_pause_seconds))
        finally:
            self._running = False
            try:
                await self.release()
            except psycopg.OperationalError as error:  # the database is gone; leases end by themselves
                logger.warning("leases_not_given_back", error=type(error).__name__)

    async def catch_up(self, moved_to: MovedTo | None = None) -> int:
        """Project what is new, where no other process does; how many events were.

        `moved_to(log_id, projection, position)` follows each batch. Raises what stops a shard.
        """
        done = 0
        try:
            while True:
                shards, newest = await self._claim(), await self.feed.newest(self.log_ids)
                moves = (self.advance(shard, newest[shard.log_id], moved_to) for shard in shards)
                outcomes = await asyncio.gather(*moves, return_exceptions=True)
                for outcome in outcomes:
                    if isinstance(outcome, BaseException) and not isinstance(outcome, Lost):
                        raise outcome
                done += sum(outcome for outcome in outcomes if isinstance(outcome, int))
                if not any(outcomes):
                    return done
        finally:
            await self.release()

    async def rebuild(self, moved_to: MovedTo | None = None) -> list[Rebuilt]:
        """Fill every read model anew beside the one that is served, then switch. See `Rebuilding.rebuild`."""
        return await self.rebuilding.rebuild(moved_to)

    async def position(self, log_id: str, projection: str) -> int:
        """The position up to which the served generation of a read model has gone."""
        async with self.pool.connection() as connection:
            asked = {"log_id": log_id, "projection": projection}
            row = await (await connection.execute(QUERY["position"], asked)).fetchone()
        return int(row[0]) if row else 0

    async def advance(
        self, shard: Shard, newest: int, moved_to: MovedTo | None = None, *, size: int | None = None
    ) -> int:
        """Move one shard on to `newest`; how many positions that was. Raises what stops it."""
        began = shard.position

        def tell(position: int) -> None:
            if moved_to:
                moved_to(shard.log_id, shard.projection, position)

        async with self._room:
            await self._advancing[shard.projection].follow(shard, newest, size or self.batch, tell)
        return shard.position - began

    async def release(self) -> None:
        """Give all leases back, unless this process goes on following."""
        if not self._running:
            await self.leases.release()

    async def _claim(self) -> list[Shard]:
        await self.generations.begin_first(self.projections)
        return await self.leases.claim("active", self.log_ids, [model.name for model in self.projections])

    async def _follow(self, following: Following, poll_seconds: float, longest_pause_seconds: float) -> None:
        pause = poll_seconds
        while True:
            try:
                moved = await following.round()
                pause = 0.0 if moved else poll_seconds
            except Exception:
                pause = min(max(pause, poll_seconds) * 2, longest_pause_seconds)
                logger.exception("projections_not_followed", retry_in_seconds=pause)
            await self.waking.pause(pause)

    async def _report(self) -> None:
        while True:
            try:
                lag.report(await self.generations.standing())
            except Exception:
                logger.exception("projection_lag_unknown")
            await asyncio.sleep(REPORT_SECONDS)
