"""Lag of the served read models at half of capacity: the time from an event's acknowledgement to its being shown.

The projector is a process of its own, as the log's writers are. Capacity is what goes through both in this run.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from time import perf_counter, sleep

import psycopg
import uvloop
from eventsourcing.persistence import StoredEvent

from infrastructure.eventstore.in_loop import LoopCommitter
from infrastructure.eventstore.log import open_logs
from infrastructure.eventstore.request import Request, request
from infrastructure.projections.projector import Projector
from tests import case_log, town
from tests.bench.figures import Figure
from tests.projecting import ask, projector, until

BAR_MS = 200.0
TICK_SECONDS = 0.005
CALLERS = 64
MOST_UNDER_WAY = 2_000
"""Saves at once: below what the log refuses. Where this slows the writer, the rate told is the one there was."""
BEGUN = "SELECT count(*) FROM projection_progress"
FURTHEST = "SELECT min(position) FROM projection_progress"


def lag(url: str, seconds: float) -> Iterator[Figure]:
    """Capacity for `seconds`, then half of it for twice as long."""
    with _projector(url):
        capacity, waits, rate = uvloop.run(_measure(url, seconds))
    name = f"projection lag at half of capacity, {rate:,.0f} events/s"
    yield Figure("capacity of the log and all projections together", capacity, "events/s")
    p99 = _percentile(waits, 0.99)
    yield Figure(name + ", p99", p99, "ms", bar=f"<= {BAR_MS:g} ms", holds=p99 <= BAR_MS)
    yield Figure("  p50", _percentile(waits, 0.5), "ms")


async def _measure(url: str, seconds: float) -> tuple[float, list[float], float]:
    requests = map(_request, case_log.Telling().events(10**7, open_at_once=500))
    async with open_logs(url, town.CITY, [town.DISTRICT], ()) as logs:
        committer = logs.named(town.DISTRICT).committer
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            capacity = await _capacity(committer, connection, requests, seconds)
            rate = capacity / 2
            ready = list(islice(requests, int(rate * seconds * 2)))
            began = perf_counter()
            waits = await _paced(committer, connection, ready, rate)
            return capacity, waits, len(ready) / (perf_counter() - began)


async def _capacity(
    committer: LoopCommitter, connection: psycopg.AsyncConnection, requests: Iterator[Request], seconds: float
) -> float:
    """Events a second when as much is written as goes, until all of it is shown."""
    began, written = perf_counter(), 0

    async def caller() -> None:
        nonlocal written
        while perf_counter() - began < seconds:
            written = max(written, (await committer.append(next(requests))).first_position)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))

    async def all_shown() -> bool:
        return await _furthest(connection) >= written

    await until(all_shown)
    return written / (perf_counter() - began)


async def _paced(
    committer: LoopCommitter, connection: psycopg.AsyncConnection, ready: Sequence[Request], rate: float
) -> list[float]:
    """Milliseconds from acknowledgement to sight of every event, written at `rate`."""
    known: list[tuple[int, float]] = []
    waits: list[float] = []
    began, sent, under_way = perf_counter(), 0, 0

    async def append(one: Request) -> None:
        nonlocal under_way
        position = (await committer.append(one)).first_position
        known.append((position, perf_counter()))
        under_way -= 1

    async def watch() -> None:
        while len(waits) < len(ready):
            reached, at = await _furthest(connection), perf_counter()
            shown = [each for each in known if each[0] <= reached]
            known[:] = [each for each in known if each[0] > reached]
            waits.extend((at - acknowledged) * 1000 for _, acknowledged in shown)
            await asyncio.sleep(0.002)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        while sent < len(ready):
            due = min(len(ready), int((perf_counter() - began) * rate) + 1, sent + MOST_UNDER_WAY - under_way)
            for one in ready[sent:due]:
                group.create_task(append(one))
            under_way += due - sent
            sent = due
            await asyncio.sleep(TICK_SECONDS)
    return waits


async def _furthest(connection: psycopg.AsyncConnection) -> int:
    row = await (await connection.execute(FURTHEST)).fetchone()
    return int(row[0] or 0) if row else 0


def _request(event: object) -> Request:
    stored: StoredEvent = case_log.MAPPER.to_stored_event(event)  # type: ignore[arg-type]  # the library types it loosely
    return request([stored], exact=True)


def _percentile(waits: list[float], share: float) -> float:
    return sorted(waits)[int(share * (len(waits) - 1))]


@contextmanager
def _projector(url: str) -> Iterator[None]:
    """A process that follows the log until the block ends; it has begun when the block does."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.lag", url])
    try:
        while ask(url, BEGUN) == [(0,)]:
            sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


async def _follow(url: str) -> None:
    one: Projector
    async with projector(url) as one:
        await one.run()


if __name__ == "__main__":
    uvloop.run(_follow(sys.argv[1]))
