"""Tail 日志末端: the one look-out of a process over the ends of all logs, which wakes whoever waits there.

Readers at the end share what it has just read, so a hundred of them cost one query. A hint from the database shortens
the wait; what a lost hint told of is found at the next look.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice

import structlog

from application.feed.envelope import CaseEvent
from application.feed.feed import Topics, Window, wanted
from infrastructure.feed.case_events import PostgresCaseEvents
from infrastructure.projections.feed import Feed
from infrastructure.projections.waking import Waking

LOOK_SECONDS = 0.5
REST_SECONDS = 0.02
"""Between two looks, however much is recorded: what comes meanwhile comes together."""
KEPT = 1_000
"""Newest positions of a log whose events are at hand."""
IDLE_SECONDS = 60.0
"""Without a reader for so long, nothing is read ahead any more."""
logger = structlog.get_logger(__name__)


class Tail:
    """`application.feed.feed.CaseEvents` and `application.feed.streams.Movements` at the ends of the logs."""

    def __init__(self, events: PostgresCaseEvents, feed: Feed, waking: Waking, log_ids: Sequence[str]) -> None:
        self.events, self.log_ids, self._feed, self._waking = events, tuple(log_ids), feed, waking
        self._kept = {log_id: Kept() for log_id in log_ids}
        self._moved = asyncio.Event()
        self.closed = False

    async def run(self) -> None:
        """Look out until cancelled. A database that is away is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._waking.listen())
            group.create_task(self._look_out())

    def close(self) -> None:
        """Let every reader go: the process is about to end."""
        self.closed = True
        self._wake()

    # --- for readers ----------------------------------------------------------------------------

    def positions(self) -> Mapping[str, int]:
        return {log_id: kept.upto for log_id, kept in self._kept.items()}

    async def beyond(self, seen: Mapping[str, int], within_seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                while not self.closed and all(self._kept[log_id].upto <= end for log_id, end in seen.items()):
                    await self._moved.wait()

    async def newest(self, log_id: str) -> int:
        return self._kept[log_id].upto

    async def between(self, log_id: str, after: int, upto: int, limit: int, topics: Topics) -> Window:
        kept = self._kept[log_id]
        kept.asked_at = asyncio.get_running_loop().time()
        return kept.between(after, upto, limit, topics) or await self.events.between(log_id, after, upto, limit, topics)

    async def places(self, log_id: str, events: Sequence[CaseEvent]) -> Sequence[str]:
        return await self.events.places(log_id, events)

    # --- the look-out ---------------------------------------------------------------------------

    async def _look_out(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:
                logger.exception("feed_not_followed")
            await asyncio.sleep(REST_SECONDS)
            await self._waking.pause(LOOK_SECONDS)

    async def _look(self) -> None:
        newest = await self._feed.newest(self.log_ids)
        moved = [log_id for log_id in self.log_ids if newest[log_id] > self._kept[log_id].upto]
        for log_id in moved:
            await self._keep(log_id, newest[log_id])
        if moved:
            self._wake()

    async def _keep(self, log_id: str, upto: int) -> None:
        kept = self._kept[log_id]
        read_lately = asyncio.get_running_loop().time() - kept.asked_at < IDLE_SECONDS
        if read_lately and upto - kept.upto <= KEPT:
            window = await self.events.between(log_id, kept.upto, upto, KEPT, frozenset())
            if window.upto == upto:
                kept.add(window.events, upto)
                return
        kept.begin(upto)

    def _wake(self) -> None:
        woken, self._moved = self._moved, asyncio.Event()
        woken.set()


class Kept:
    """The newest events of a log: all of its cases' above `begun` and up to `upto`."""

    def __init__(self) -> None:
        self.begun = self.upto = 0
        self.asked_at = float("-inf")
        self._events: list[CaseEvent] = []

    def begin(self, upto: int) -> None:
        """Keep nothing of what was, up to a position."""
        self.begun = self.upto = upto
        self._events.clear()

    def add(self, events: Sequence[CaseEvent], upto: int) -> None:
        """Go on to a position, and let go of what is too old."""
        self._events.extend(events)
        self.upto = upto
        if upto - self.begun >= 2 * KEPT:  # seldom, since it moves all that stays
            self.begun = upto - KEPT
            del self._events[: self._nth(self.begun)]

    def between(self, after: int, upto: int, limit: int, topics: Topics) -> Window | None:
        """As `CaseEvents.between`; None when some of it is not kept."""
        if after < self.begun or upto > self.upto:
            return None
        of_these = (one for one in self._events[self._nth(after) : self._nth(upto)] if wanted(one.topic, topics))
        found = [*islice(of_these, limit)]
        return Window(found, found[-1].position if len(found) == limit else upto)

    def _nth(self, position: int) -> int:
        """How many of the events kept are not above a position."""
        return bisect_right(self._events, position, key=lambda one: one.position)
