"""Play 演示: the stories done through the use cases, hour after hour, each step once whatever happens between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from application.command import Command, deed
from application.demonstration.story import Scene, Step
from application.ports import Log, Receipt, RequestKey
from application.services import Services

AT_ONCE = 8
"""Stories going on at a time."""
EVER = datetime.max.replace(tzinfo=UTC)
STRETCH = timedelta(hours=6)
"""The log keeps the order of time from stretch to stretch."""


def step_key(tale: str, nth: int) -> RequestKey:
    """The key a tale's step is done under, the same in every load."""
    return RequestKey(f"demonstration {tale} {nth}", "demonstration")


@dataclass
class Tale:
    """A story being played: what of it is done, and the ids its cases got."""

    name: str
    steps: Sequence[Step]
    ids: dict[str, UUID] = field(default_factory=dict)
    done: int = 0

    @property
    def key(self) -> RequestKey:
        """The key of the next step."""
        return step_key(self.name, self.done)

    def goes_on_before(self, end: datetime) -> bool:
        return self.done < len(self.steps) and self.steps[self.done].at < end

    def passed(self, receipt: Receipt) -> None:
        """A step is done; the first about a case made it."""
        self.ids.setdefault(self.steps[self.done].case, receipt.id)
        self.done += 1


class Stage:
    """Plays tales with the staff, use cases and log of a district."""

    def __init__(self, services: Services, log: Log, now: datetime, passed: Callable[[], None]) -> None:
        self.services, self.log, self.now, self.passed = services, log, now, passed
        self._few = asyncio.Semaphore(AT_ONCE)

    async def recall(self, tales: Sequence[Tale]) -> None:
        """Find out what an earlier load has done."""
        async with asyncio.TaskGroup() as group:
            for tale in tales:
                group.create_task(self._recall(tale))

    async def play(self, tales: Sequence[Tale], before: datetime = EVER) -> None:
        """Do what is left of them, as far as it happens `before` an instant."""
        while open_tales := [tale for tale in tales if tale.goes_on_before(before)]:
            end = min(min(tale.steps[tale.done].at for tale in open_tales) + STRETCH, before)
            async with asyncio.TaskGroup() as group:
                for tale in open_tales:
                    group.create_task(self._play(tale, end))

    async def let_pass(self, tales: Sequence[Tale], until: datetime) -> None:
        """Let fire what is due by `until` on the cases of `tales`."""
        for tale in tales:
            for case, case_id in tale.ids.items():
                if case != "whistle":  # its time to arrive by is told by who comes
                    await self.services.timers.settle(case_id, until, of_request=not case.startswith("issue"))

    async def _recall(self, tale: Tale) -> None:
        async with self._few:
            while tale.done < len(tale.steps) and (receipt := await self.log.first_answer(tale.key)):
                tale.passed(receipt)
                self.passed()

    async def _play(self, tale: Tale, end: datetime) -> None:
        while tale.goes_on_before(end):
            async with self._few:
                step = tale.steps[tale.done]
                await self.let_pass([tale], step.at)
                act = deed(self.services.registry.actor(step.by), now=self.now, happened_at=step.at, reason=step.reason)
                scene = Scene(self.services, tale.ids, step.case)
                tale.passed(await step.deed.do(scene, Command(act, key=tale.key)))
            self.passed()
