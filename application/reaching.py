"""Waiting until the boards show what was written."""

from __future__ import annotations

import asyncio
from time import monotonic

from application.views import Boards
from domain.refusals import NotYetVisible


async def reach(boards: Boards, log_id: str, position: int, *, within_seconds: float = 5.0) -> None:
    """Wait until the boards of a log show `position`. Refuses `NotYetVisible` when they do not in time."""
    give_up = monotonic() + within_seconds
    while (reached := await boards.position(log_id)) < position:
        if monotonic() > give_up:
            raise NotYetVisible(log=log_id, reached=reached, wanted=position)
        await asyncio.sleep(0.02)
