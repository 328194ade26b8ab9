"""Waking: a pause ends with the alarm, with its time, and with a cancellation, whichever comes together."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from infrastructure.projections.waking import Waking

NOBODY: Any = None


async def _follows(waking: Waking) -> None:
    while True:
        await waking.pause(60)


@pytest.mark.parametrize("turns", range(6))
def test_who_is_cancelled_just_as_the_alarm_rings_stops(turns: int) -> None:
    async def story() -> None:
        waking = Waking(NOBODY, [])
        following = asyncio.create_task(_follows(waking))
        await asyncio.sleep(0)
        waking.ring()
        for _ in range(turns):
            await asyncio.sleep(0)
        following.cancel()
        done, _ = await asyncio.wait([following], timeout=1)
        following.cancel()
        assert done

    asyncio.run(story())


def test_a_pause_is_over_when_the_alarm_rings_or_its_time_has_come() -> None:
    async def story() -> None:
        waking = Waking(NOBODY, [])
        waking.ring()
        async with asyncio.timeout(1):
            await waking.pause(60)
            await waking.pause(0.01)

    asyncio.run(story())
