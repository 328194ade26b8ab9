"""Filling: bring all read models of one log forward in a rebuild's strides, while nobody else follows it."""

from __future__ import annotations

from collections.abc import Callable

from application.ports import Log
from infrastructure.projections.projector import Projector


async def fill_models(
    projector: Projector, log: Log, upto: int | None = None, told: Callable[[float], None] = lambda _: None
) -> int:
    """Move the served generations of one log on to position `upto`, or to its end; how many events that was.

    `told` hears the share of the work that is done. Raises what stops a shard.
    """
    one = Projector(projector.pool, [log], projector.projections)
    await one.generations.begin_first(one.projections)
    newest = (await one.feed.newest([log.log_id]))[log.log_id]
    done, last = 0, newest if upto is None else min(upto, newest)
    try:
        for nth, model in enumerate(one.projections):
            for shard in await one.leases.claim("active", [log.log_id], [model.name]):
                done = max(done, await one.advance(shard, last, size=one.rebuild_batch))
            told((nth + 1) / len(one.projections))
    finally:
        await one.release()
    return done
