"""Rebuilding: fill a generation beside the one that is served, from the first event on, then switch."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infrastructure.projections.generations import Generation
from infrastructure.projections.read_model import ReadModel
from infrastructure.projections.shard import Lost

if TYPE_CHECKING:
    from infrastructure.projections.projector import Projector

LOOK_AGAIN_SECONDS = 0.2
MovedTo = Callable[[str, str, int], None]


@dataclass(frozen=True)
class Rebuilt:
    """A generation that is served now, and the positions this process filled of it."""

    log_id: str
    projection: str
    generation: int
    events: int


class Rebuilding:
    """Rebuilds through a projector's feed, leases and batches. Interrupted, the next call goes on."""

    def __init__(self, projector: Projector) -> None:
        self.projector = projector

    async def rebuild(self, moved_to: MovedTo | None = None) -> list[Rebuilt]:
        """Rebuild every read model of every log. Raises `DeadLettersLeft`: the old one is served on."""
        generations = self.projector.generations
        await generations.begin_first(self.projector.projections)
        done = []
        for log_id in self.projector.log_ids:
            for model in self.projector.projections:
                one = await generations.begin_next(log_id, model)
                done.append(await self._fill_and_switch(one, model, moved_to))
        return done

    async def rollback(self, log_id: str, projection: str, moved_to: MovedTo | None = None) -> Rebuilt | None:
        """Serve the generation served before again, once it has caught up; None when none is kept."""
        model = {model.name: model for model in self.projector.projections}[projection]
        one = await self.projector.generations.bring_back(log_id, model)
        return await self._fill_and_switch(one, model, moved_to) if one else None

    async def drop_retired(self) -> list[Generation]:
        """Throw away what is kept for rollbacks."""
        dropped = []
        for log_id in self.projector.log_ids:
            for model in self.projector.projections:
                while kept := (await self.projector.generations.of(log_id, model.name)).get("retired"):
                    await self.projector.generations.drop(kept, model)
                    dropped.append(kept)
        return dropped

    async def _fill_and_switch(self, one: Generation, model: ReadModel, moved_to: MovedTo | None) -> Rebuilt:
        events = 0
        try:
            with _collector_at_rest():
                while True:
                    events += await self.catch_up(one, model, moved_to)
                    if await self.projector.generations.switch(one):
                        return Rebuilt(one.log_id, one.projection, one.generation, events)
        finally:
            await self.projector.release()

    async def catch_up(self, one: Generation, model: ReadModel, moved_to: MovedTo | None) -> int:
        """Fill what is being filled up to the newest event; how many positions this process did."""
        newest = (await self.projector.feed.newest([one.log_id]))[one.log_id]
        shards = await self.projector.leases.claim("building", [one.log_id], [model.name])
        if len(shards) < one.shards:
            # Another process fills the rest, or did and switched; it may also stop, and its leases end.
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        size = self.projector.rebuild_batch
        moves = (self.projector.advance(shard, newest, moved_to, size=size) for shard in shards)
        outcomes = await asyncio.gather(*moves, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, Lost):
                raise outcome
        return sum(outcome for outcome in outcomes if isinstance(outcome, int))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for cycles: a rebuild makes millions of small dictionaries and none, and the search took a third."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
