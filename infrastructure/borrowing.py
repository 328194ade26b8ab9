"""Borrowing a connection of a pool to answer somebody, who is asked to come again when the database is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from domain.refusals import Busy
from infrastructure.eventstore.connecting import was_lost


@asynccontextmanager
async def borrowed(pool: AsyncConnectionPool[AsyncConnection[TupleRow]]) -> AsyncIterator[AsyncConnection[TupleRow]]:
    """A connection, given back at the end, when its transaction is committed.

    Refuses `Busy` when none is free in time, when the database goes away meanwhile and when its disk is full.
    """
    try:
        async with pool.connection() as connection:
            yield connection
    except psycopg.OperationalError as error:  # a pool's time running out is one too
        if not was_lost(error) and not isinstance(error, errors.DiskFull):
            raise
        raise Busy(seconds=2) from error
