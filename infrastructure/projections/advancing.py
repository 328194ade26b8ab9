"""Advancing: a shard goes on by windows; what cannot be projected is found and set aside, and the rest goes on.

A fault of the database or of the program stops the shard, for it says nothing about an event. Any other is
tried again, then the batch is halved until the event is alone: it becomes a dead letter, and later events of
its stream wait behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import extract_tb

import psycopg
import structlog

from infrastructure.projections.batch import Batches
from infrastructure.projections.beside import stop
from infrastructure.projections.feed import Feed
from infrastructure.projections.read_model import Happened, UnknownEvent
from infrastructure.projections.shard import Lost, Shard

ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.05
MOST_POISON = 20
"""In one window. More than that is no matter of single events."""
NO_FAULT_OF_AN_EVENT = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.ProgrammingError, OSError, Lost)
logger = structlog.get_logger(__name__)


class TooMuchPoison(Exception):
    """So many events fail that the program is wrong, not the events."""


class Advancing:
    """Moves shards of one read model."""

    def __init__(self, feed: Feed, batches: Batches) -> None:
        self.feed, self.batches = feed, batches

    async def follow(self, shard: Shard, newest: int, size: int, moved_to: Callable[[int], None] | None = None) -> None:
        """Go on to `newest`, about `size` events at a time.

        Raises what stops the shard, `Lost`, `UnknownEvent` and `TooMuchPoison` among it.
        """
        ahead: asyncio.Task[list[Happened]] | None = None
        analyzing: asyncio.Task[None] | None = None
        analyze_at = max(2 * shard.position, size)
        try:
            while shard.position < newest:
                after, upto = shard.position, min(shard.position + size * shard.of, newest)
                events = await (ahead or self.feed.between(shard, after, upto))
                # The next window is read while this one is written.
                next_window = self.feed.between(shard, upto, min(upto + size * shard.of, newest))
                ahead = asyncio.create_task(next_window)
                await self._insist(shard, events, upto)
                if shard.position >= analyze_at and (analyzing is None or analyzing.done()):
                    analyzing = asyncio.create_task(self.batches.analyze())
                    analyze_at = 2 * shard.position
                if moved_to:
                    moved_to(shard.position)
        finally:
            await stop(ahead)
            await stop(analyzing)

    async def _insist(self, shard: Shard, events: Sequence[Happened], upto: int) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self.batches.project(shard, events, upto)
            except (*NO_FAULT_OF_AN_EVENT, UnknownEvent) as error:
                if isinstance(error, UnknownEvent) and len(events) > 1:
                    break
                raise
            except Exception as error:
                logger.warning(
                    "projection_batch_failed", log=shard.log_id, projection=shard.projection, after=shard.position,
                    upto=upto, attempt=attempt, error=told(error),
                )  # fmt: skip
                await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
            else:
                return
        await self._halve(shard, events, upto, [])

    async def _halve(self, shard: Shard, events: Sequence[Happened], upto: int, poison: list[Happened]) -> None:
        """Project what failed as a whole; `poison` gathers what is set aside. Raises as `follow` does."""
        middle = len(events) // 2
        if middle:
            # The first half ends at its last event; what lies between is of other shards.
            await self._part(shard, events[:middle], events[middle - 1].position, poison)
            await self._part(shard, events[middle:], upto, poison)
        else:
            await self._part(shard, events, upto, poison)

    async def _part(self, shard: Shard, events: Sequence[Happened], upto: int, poison: list[Happened]) -> None:
        try:
            await self.batches.project(shard, events, upto)
        except NO_FAULT_OF_AN_EVENT:
            raise
        except Exception as error:
            if len(events) > 1:
                await self._halve(shard, events, upto, poison)
                return
            if isinstance(error, UnknownEvent) or not self.batches.model.parks:
                raise
            if len(poison) == MOST_POISON:
                raise TooMuchPoison(shard.key) from error
            (event,) = events
            poison.append(event)
            await self.batches.set_aside(shard, event, upto, told(error), ATTEMPTS + 1)
            logger.exception(
                "event_set_aside", log=shard.log_id, projection=shard.projection, position=event.position,
                topic=event.topic,
            )  # fmt: skip


def told(error: BaseException) -> str:
    """Type and place of an error. Its text may quote what somebody wrote."""
    code = getattr(error, "sqlstate", None)
    frames = extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__qualname__ + (f" {code}" if code else "") + place
