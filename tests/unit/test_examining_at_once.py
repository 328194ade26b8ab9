"""Pictures are examined a few at a time, and who comes when too many wait is asked to come again."""

from __future__ import annotations

import asyncio
import threading

import pytest
from anyio import CapacityLimiter

from application.attachments import Examined
from domain.refusals import Busy
from infrastructure.attachments import pictures
from infrastructure.attachments.examining import MOST_WAITING, PillowExaminer
from tests.pictures import jpeg

CONTENT = jpeg()
FOUND = pictures.examine(CONTENT)


def test_who_comes_when_too_many_wait_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    free, under_way = threading.Event(), []

    def slow(content: bytes) -> Examined:
        under_way.append(content)
        assert free.wait(30)
        return FOUND

    async def story() -> None:
        examiner = PillowExaminer(CapacityLimiter(2))
        waiting = [asyncio.create_task(examiner.examine(CONTENT)) for _ in range(MOST_WAITING + 2)]
        while examiner.cores.statistics().tasks_waiting < MOST_WAITING or len(under_way) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        with pytest.raises(Busy):
            await examiner.examine(CONTENT)
        assert len(under_way) == 2
        free.set()
        assert await asyncio.gather(*waiting) == [FOUND] * len(waiting)
        assert await examiner.examine(CONTENT) == FOUND

    monkeypatch.setattr(pictures, "examine", slow)
    asyncio.run(story())
