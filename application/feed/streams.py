"""Streams 事件流的跟随: pages of the feed one after another for as long as a reader stays.

An idle reader holds neither thread nor connection: it waits for this process's one look-out (`Movements`). The next
page is read when the one before has been taken, so a slow reader costs one page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from application.feed.feed import Feed, FeedPage, Topics
from domain.actor import Actor
from domain.feed_refusals import Closing
from domain.refusals import Busy, Refused

HEARTBEAT_SECONDS = 15.0
"""The longest silence, and the longest a reader stays whose token has ended."""
PAGE = 100
MOST_READERS = 500
NOTICE_SECONDS = 1.0
"""Between two notices to one reader."""
Who = Callable[[], Awaitable[Actor]]
"""Who reads, as of now. Refuses `NotSignedIn` once they may not any more."""


class Movements(Protocol):
    """How far the logs of the city go, as this process last saw."""

    @property
    def closed(self) -> bool:
        """Whether the process is about to end, and readers are to go."""
        ...

    def positions(self) -> Mapping[str, int]: ...

    async def beyond(self, seen: Mapping[str, int], within_seconds: float) -> None:
        """Wait until one of these logs goes beyond what was seen of it, the time is over, or the process ends."""
        ...


class FeedStreams:
    """The readers of one process."""

    def __init__(self, feed: Feed, movements: Movements) -> None:
        self._feed, self._movements = feed, movements
        self.readers = 0

    def require_room(self) -> None:
        """Refuses `Busy` when there are as many readers as one process takes."""
        if self.readers >= MOST_READERS:
            raise Busy(seconds=5)

    async def events(self, who: Who, log_id: str, after: int, topics: Topics) -> AsyncGenerator[FeedPage | Refused]:
        """Pages as they come, an empty one as a sign of life, and last of all why it is over."""
        now = asyncio.get_running_loop().time
        with self._seat():
            told = now()
            try:
                while True:
                    page = await self._feed.go_on(await self._still(who), log_id, after, PAGE, topics)
                    if page.items or now() - told >= HEARTBEAT_SECONDS:
                        yield page
                        told = now()
                    stuck, after = page.next == after, page.next
                    if page.at_head or stuck:
                        seen = {log_id: page.newest}
                        await self._movements.beyond(seen, max(0.0, told + HEARTBEAT_SECONDS - now()))
            except Refused as refused:
                yield refused

    async def notices(self, who: Who) -> AsyncGenerator[Mapping[str, int] | Refused]:
        """How far the logs of the reader's area go: all at first, then those that moved, none as a sign of life."""
        seen: dict[str, int] = {}
        with self._seat():
            try:
                while True:
                    actor = await self._still(who)
                    ends = {one: end for one, end in self._movements.positions().items() if actor.overlaps(one)}
                    yield {log_id: end for log_id, end in ends.items() if seen.get(log_id) != end}
                    seen = ends
                    await self._movements.beyond({}, NOTICE_SECONDS)
                    await self._movements.beyond(seen, HEARTBEAT_SECONDS - NOTICE_SECONDS)
            except Refused as refused:
                yield refused

    async def _still(self, who: Who) -> Actor:
        if self._movements.closed:
            raise Closing()
        return await who()

    @contextmanager
    def _seat(self) -> Iterator[None]:
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1
