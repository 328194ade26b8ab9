"""Rows of ledgers from PostgreSQL: `application.statistics.ledger.LedgerRows`, by a cursor that the server keeps.

All rows of a ledger are of one instant, and so are the positions told with them. The server counts them before the
first is sent; here there are never more than a batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import BaseRowFactory, class_row

from application.statistics.ledger import ReturnRow, Rows
from application.views import Question
from domain.actor import Actor
from domain.refusals import Busy
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.projections.boards import QUERY as BOARD
from infrastructure.projections.boards import PostgresBoards

QUERY = sql.load("ledger_rows.sql")
BATCH = 1_000
AT_ONCE = 2
"""Ledgers read at one time: each keeps a connection, and an instant that the database must remember."""


class PostgresLedgerRows:
    """Refuses `Busy` while `AT_ONCE` others are read."""

    def __init__(self, boards: PostgresBoards) -> None:
        self._boards, self._free = boards, asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def issues(self, actor: Actor, question: Question, now: datetime, *, words: bool) -> AsyncIterator[Rows]:
        async with self._opened(
            "board", self._boards.issue_row, BOARD["issues"], self._asked(actor, question, now, words=words)
        ) as rows:
            yield rows

    @asynccontextmanager
    async def requests(self, actor: Actor, question: Question, now: datetime, *, words: bool) -> AsyncIterator[Rows]:
        async with self._opened(
            "board", self._boards.request_row, BOARD["requests"], self._asked(actor, question, now, words=words)
        ) as rows:
            yield rows

    @asynccontextmanager
    async def returns(self, actor: Actor, question: Question, now: datetime) -> AsyncIterator[Rows]:
        facts = self._boards.asked(actor, question, now)
        async with self._opened("facts", class_row(ReturnRow), QUERY["returns"], facts) as rows:
            yield rows

    def _asked(self, actor: Actor, question: Question, now: datetime, *, words: bool) -> dict[str, object]:
        """What the boards ask; words that nobody wants are not opened."""
        asked = self._boards.asked(actor, question, now)
        return asked | {"words": asked["words"] and words}

    @asynccontextmanager
    async def _opened(
        self, projection: str, row: BaseRowFactory[Any], query: LiteralString, facts: dict[str, object]
    ) -> AsyncIterator[Rows]:
        if self._free.locked():
            raise Busy(seconds=10)
        async with self._free, borrowed(self._boards.pool) as connection, connection.transaction():
            await connection.execute(QUERY["at_one_instant"])
            known = await connection.execute(
                QUERY["positions"], {"logs": self._boards.log_ids, "projection": projection}
            )  # fmt: skip
            positions = dict(await known.fetchall())
            async with connection.cursor("ledger", row_factory=row, scrollable=True) as cursor:
                await cursor.execute(query, facts)
                total = (await connection.execute(QUERY["all"])).rowcount
                await connection.execute(QUERY["back"])

                async def batches() -> AsyncIterator[Sequence[Any]]:
                    while found := await cursor.fetchmany(BATCH):
                        yield found

                yield Rows(total, positions, batches())
