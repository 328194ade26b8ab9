"""Following: the endless round of one process: claim shards, look how far the logs are, move what is behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import structlog

from infrastructure.projections.read_model import UnknownEvent
from infrastructure.projections.shard import Lost, Shard

Key = tuple[object, ...]
logger = structlog.get_logger(__name__)


@dataclass
class Rest:
    """A shard that failed pauses until a moment of the monotonic clock."""

    seconds: float
    until: float


@dataclass
class Following:
    """What a round needs of the projector: claims, the logs' newest positions, and moving one shard."""

    claim: Callable[[], Awaitable[list[Shard]]]
    newest: Callable[[], Awaitable[Mapping[str, int]]]
    advance: Callable[[Shard, int], Awaitable[int]]
    give_back: Callable[[Shard], Awaitable[None]]
    claim_every_seconds: float
    first_rest_seconds: float
    longest_rest_seconds: float

    def __post_init__(self) -> None:
        self._held: list[Shard] = []
        self._claim_at = 0.0
        self._rests: dict[Key, Rest] = {}

    async def round(self) -> bool:
        """Move every shard of ours that is behind; whether one moved or another round should follow at once."""
        if monotonic() >= self._claim_at:
            self._held = await self.claim()
            self._claim_at = monotonic() + self.claim_every_seconds
        newest = await self.newest()
        behind = [shard for shard in self._held if shard.position < newest[shard.log_id] and self._rested(shard)]
        moves = (self.advance(shard, newest[shard.log_id]) for shard in behind)
        outcomes = await asyncio.gather(*moves, return_exceptions=True)
        for shard, outcome in zip(behind, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                await self._failed(shard, outcome)
            else:
                self._rests.pop(_key(shard), None)
        return any(isinstance(outcome, int | Lost) for outcome in outcomes)

    def _rested(self, shard: Shard) -> bool:
        rest = self._rests.get(_key(shard))
        return rest is None or monotonic() >= rest.until

    async def _failed(self, shard: Shard, error: BaseException) -> None:
        if isinstance(error, Lost):
            self._claim_at = 0.0
            return
        if not isinstance(error, Exception):
            raise error
        before = self._rests.get(_key(shard))
        seconds = min(before.seconds * 2 if before else self.first_rest_seconds, self.longest_rest_seconds)
        self._rests[_key(shard)] = Rest(seconds, monotonic() + seconds)
        logger.error(
            "projection_failed", log=shard.log_id, projection=shard.projection, after=shard.position,
            retry_in_seconds=seconds, exc_info=error,
        )  # fmt: skip
        if isinstance(error, UnknownEvent):
            # Whoever wrote it runs newer rules and may go on at once.
            await self.give_back(shard)


def _key(shard: Shard) -> Key:
    return (shard.log_id, shard.projection, shard.generation, shard.number)
