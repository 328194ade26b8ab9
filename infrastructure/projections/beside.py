"""Beside: work begun while something else goes on, and ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let `work` go on beside the body. Ends when both have; raises what the body does, else what `work` does."""
    task = asyncio.create_task(work)
    try:
        yield
    except BaseException:
        await stop(task)
        raise
    await task


async def stop(task: asyncio.Task[Any] | None) -> None:
    """End what was begun; what became of it no longer matters."""
    if task:
        task.cancel()
        with suppress(asyncio.CancelledError, psycopg.Error):
            await task
