"""A projector on a database of its own, and what its read models show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool

from application.ports import Log
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from infrastructure.projections.read_model import Connection, Happened, Place, ReadModel
from infrastructure.telemetry import configure
from tests import town

SERVED = {
    "issues": "SELECT to_jsonb(b) - 'generation' FROM served_issue b ORDER BY id",
    "requests": "SELECT to_jsonb(b) - 'generation' FROM served_request b ORDER BY id",
    "whistles": "SELECT to_jsonb(w) - 'generation' FROM served_whistle w ORDER BY id",
    "timeline": "SELECT to_jsonb(t) - 'generation' FROM served_timeline t ORDER BY log_id, position",
    "holding": "SELECT to_jsonb(h) - 'generation' FROM served_holding h ORDER BY log_id, case_id, nth",
    "outcomes": "SELECT to_jsonb(o) - 'generation' FROM served_outcome o ORDER BY log_id, case_id, kind, nth",
}


@dataclass
class Named:
    """As much of a log as a projector needs."""

    log_id: str


@asynccontextmanager
async def projector(
    url: str, models: Sequence[ReadModel] = PROJECTIONS, logs: Sequence[str] = (town.DISTRICT,), **how: Any
) -> AsyncIterator[Projector]:
    async with AsyncConnectionPool(url, min_size=1, max_size=8, open=False) as pool:
        yield Projector(pool, cast(list[Log], [Named(log_id) for log_id in logs]), models, **how)


def with_projector(url: str, story: Callable[[Projector], Coroutine[Any, Any, None]], **how: Any) -> None:
    async def run() -> None:
        async with projector(url, **how) as one:
            await story(one)

    asyncio.run(run())


def shown(url: str) -> dict[str, list[Any]]:
    """Every row that readers see."""
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query.encode()).fetchall() for name, query in SERVED.items()}


async def until(told: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Wait for what another task or process brings about; the test's own limit is the longest."""
    while not await told():  # noqa: ASYNC110 - a process of its own gives no event to wait for
        await asyncio.sleep(0.01)


async def reached(one: Projector, projection: str, position: int) -> None:
    """Wait until the served generation has come to `position`."""

    async def there() -> bool:
        return await one.position(town.DISTRICT, projection) >= position

    await until(there)


def ask(url: str, query: str, *facts: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode(), facts)
        return cursor.fetchall() if cursor.description else []


class Tally:
    """A read model that keeps a row an event, so none can be told twice; `failing` positions it cannot take."""

    name, edition, parks, in_order = "tally", 1, True, False

    def __init__(self, failing: set[int] | None = None, pause_seconds: float = 0.0) -> None:
        self.failing = failing if failing is not None else set()
        self.pause_seconds = pause_seconds
        self.batches: list[int] = []

    @staticmethod
    def create(url: str) -> None:
        ask(url, "CREATE TABLE tally (log_id text, generation int, position bigint, stream_id uuid, version bigint,"
                 " teller int, PRIMARY KEY (log_id, generation, position))")  # fmt: skip

    def wants(self, topic: str) -> bool:
        return True

    def ties(self, topic: str) -> bool:
        return False

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        self.batches.append(len(events))
        for event in events:
            await connection.execute(
                "INSERT INTO tally SELECT %s, %s, %s, %s, %s, pg_backend_pid()",
                (place.log_id, place.generation, event.position, event.stream_id, event.version),
            )
            if event.position in self.failing:
                raise ValueError("what a resident wrote")
        if self.pause_seconds:
            await connection.execute("SELECT pg_sleep(%s)", (self.pause_seconds,))

    async def analyze(self, connection: Connection) -> None:
        await connection.execute("ANALYZE tally")

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        await connection.execute(
            "DELETE FROM tally WHERE generation = %s AND position > %s AND position <= %s",
            (place.generation, after, upto),
        )


def stream_at(url: str, position: int) -> UUID:
    ((stream_id,),) = ask(url, "SELECT stream_id FROM event WHERE position = %s", position)
    return cast(UUID, stream_id)


def follow(url: str, pause_seconds: float, lease_seconds: float) -> None:
    """A process that follows the district's log into the tally until it is killed."""

    configure("CRITICAL")

    async def run() -> None:
        async with projector(url, [Tally(pause_seconds=pause_seconds)], lease_seconds=lease_seconds, batch=10) as one:
            await one.run(poll_seconds=0.01)

    asyncio.run(run())
