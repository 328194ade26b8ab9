"""Waking: what shortens the projector's pauses. Each is a hint; the next poll finds what a lost one told of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import psycopg
import structlog
from psycopg.sql import SQL, Identifier

from infrastructure.eventstore.commit import channel
from infrastructure.projections.feed import Pool

RECONNECT_SECONDS = 1.0
logger = structlog.get_logger(__name__)


class Waking:
    """An alarm that this process rings itself, and the database rings when another process recorded something."""

    def __init__(self, pool: Pool, log_ids: Sequence[str]) -> None:
        self.pool, self.log_ids = pool, log_ids
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something was recorded. Safe in the loop's own thread only."""
        self._rung.set()

    async def pause(self, seconds: float) -> None:
        """Wait until rung or `seconds` have passed."""
        # Not `asyncio.wait_for`, which in Python 3.11 loses a cancellation that comes just as the alarm rings.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()

    async def listen(self) -> None:
        """Ring for what the database tells, until cancelled, connecting again when it went away."""
        while True:
            try:
                # A connection of our own: one that listens is of no use to those who come after.
                address = cast(str, self.pool.conninfo)
                connection = await psycopg.AsyncConnection.connect(address, autocommit=True)
                async with connection:
                    for log_id in self.log_ids:
                        await connection.execute(SQL("LISTEN {}").format(Identifier(channel(log_id))))
                    self.ring()  # what was told while nobody listened
                    async for _ in connection.notifies():
                        self.ring()
            except psycopg.Error:
                logger.warning("listening_failed", retry_in_seconds=RECONNECT_SECONDS, exc_info=True)
            await asyncio.sleep(RECONNECT_SECONDS)
