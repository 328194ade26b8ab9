"""Repeating: work done again and again beside what serves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

logger = structlog.get_logger(__name__)


async def every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` again and again until cancelled. A fault is logged, and the next turn tries again."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("worker_failed", worker=work.__qualname__)
        await asyncio.sleep(seconds)
