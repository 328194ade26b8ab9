"""The committer as an event loop uses it: a task serves the line while somebody waits, the callers await."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import Context
from threading import get_ident
from time import monotonic

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from domain.refusals import Busy
from infrastructure.eventstore.commit import Commits, Query, Rows
from infrastructure.eventstore.connecting import PAUSE_SECONDS, Attempts
from infrastructure.eventstore.line import Line, Pending
from infrastructure.eventstore.request import Answer, Request

Connect = Callable[[], Awaitable[AsyncConnection[TupleRow]]]
"""Makes a connection that commits each statement."""
logger = structlog.get_logger(__name__)


class LoopCommitter:
    """Appends requests to one log from one event loop. `close` it when nobody appends any more."""

    def __init__(self, log_id: str, connect: Connect, line: Line, *, waiting_seconds: float) -> None:
        self.log_id, self._connect, self._line, self._waiting_seconds = log_id, connect, line, waiting_seconds
        self._connection: AsyncConnection[TupleRow] | None = None
        self._commits = Commits(log_id)
        self._serving: asyncio.Task[None] | None = None

    async def append(self, request: Request) -> Answer:
        """Record the request, with others if others wait. Refuses and raises as `ThreadCommitter.append`.

        A caller that is cancelled withdraws its request, unless it is being committed already.
        """
        loop = asyncio.get_running_loop()
        told = loop.create_future()
        here = get_ident()

        def tell() -> None:
            if not told.done():
                told.set_result(None)

        def wake() -> None:
            if get_ident() == here:
                tell()
            else:
                loop.call_soon_threadsafe(tell)

        pending = Pending(request, monotonic() + self._waiting_seconds, wake)
        if self._line.put(pending):
            # In a context of its own: it serves others than the caller that happened to come first.
            self._serving = asyncio.create_task(self._serve(), context=Context())
        expiry = loop.call_later(self._waiting_seconds, self._expire, pending)
        try:
            await told
        except asyncio.CancelledError:
            self._line.withdraw(pending)
            raise
        finally:
            expiry.cancel()
        return pending.result()

    async def close(self) -> None:
        """Finish what is under way and give back the connection."""
        if self._serving:
            await self._serving
        await self._disconnect()

    def _expire(self, pending: Pending) -> None:
        if self._line.withdraw(pending):
            pending.settle(Busy(seconds=1))

    async def _serve(self) -> None:
        served = False
        while not served:
            batch = self._line.take()
            try:
                await self._drive(batch)
            except asyncio.CancelledError as error:  # the loop ends
                for pending in batch:
                    pending.settle(error)
                raise
            except Exception as error:
                logger.exception("commit_failed", log=self.log_id)
                for pending in batch:
                    pending.settle(error)
            # Who was just answered comes back before the next batch is taken.
            await asyncio.sleep(0)
            served = self._line.leave()

    async def _drive(self, batch: Sequence[Pending]) -> None:
        if not batch:
            return
        steps = self._commits.of(batch)
        query = next(steps)
        with suppress(StopIteration):
            while True:
                try:
                    rows = await self._ask(query)
                except psycopg.Error as error:
                    query = steps.throw(error)
                else:
                    query = steps.send(rows)

    async def _ask(self, query: Query) -> Rows:
        attempts = Attempts()
        while True:
            connected = self._connection is not None and not self._connection.closed
            try:
                if self._connection is None or not connected:
                    self._connection = await self._connect()
                    connected = True
                cursor = await self._connection.execute(query.text, query.values, prepare=True)
                return await cursor.fetchall()
            except psycopg.Error as error:
                attempts.failed(error, sent=connected)
            await self._disconnect()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
