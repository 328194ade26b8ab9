"""Snapshots, written beside the saves: a save never waits for one, and losing one costs a longer load."""

from __future__ import annotations

from infrastructure.eventstore import aggregate_state
from infrastructure.eventstore.log import EventLog

BEHIND = 200  # versions a stream may be past its snapshot
WINDOW = 50_000  # positions looked at in one go
FOLLOWER = "snapshots"


async def snapshot_long_streams(log: EventLog, behind: int = BEHIND) -> int:
    """Write a snapshot for each stream that has grown more than `behind` versions past its own since the last call.

    Returns how many were written. Run it every now and then, in one process; a second one does the same again.
    """
    written = 0
    rows = await log.ask("followed", follower=FOLLOWER)
    after, last = (rows[0][0] if rows else 0), await log.last_position()
    topics = log.snapshot_topics
    while after < last:
        upto = min(after + WINDOW, last)
        for (stream_id,) in await log.ask("grown", after=after, upto=upto, behind=behind, topics=topics):
            aggregate = await log.newest(stream_id)
            await log.ask(
                "replace_snapshot", stream_id=stream_id, version=aggregate.version,
                topic=aggregate_state.topic(type(aggregate)), state=aggregate_state.dump(aggregate),
            )  # fmt: skip
            written += 1
        after = upto
        await log.ask("follow", follower=FOLLOWER, position=after)
    return written
