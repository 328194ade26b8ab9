"""A service that will be killed: 32 writers and a projector in a process of its own, and a ledger of its answers."""

from __future__ import annotations

import asyncio
import os
import random
import traceback
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent, Tracking
from psycopg_pool import AsyncConnectionPool

from application.ports import RequestKey
from application.privacy.sealed import SealedDetails
from domain.refusals import Busy
from infrastructure.eventstore.in_loop import LoopCommitter
from infrastructure.eventstore.log import open_logs
from infrastructure.eventstore.request import Request, request
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from infrastructure.projections.read_model import Connection, Happened, Place
from infrastructure.telemetry import configure
from tests import town
from tests.projecting import ask, projector

LOG = town.DISTRICT
WRITERS = 32
BATCH = 25  # events a batch of the boards, so that a log of some hundred takes several
LEASE_SECONDS = 0.5
SPACE = UUID(int=0)


# --- what is asked -------------------------------------------------------------------------------


def name_of(writer: int, nth: int) -> str:
    return f"writer {writer}/{nth}"


def stream_of(writer: int) -> UUID:
    return uuid5(SPACE, f"writer {writer}")


def events_of(writer: int, nth: int) -> list[StoredEvent]:
    """The next version of the writer's own stream and up to two streams more; each event names its request."""
    name = name_of(writer, nth)
    streams = [(stream_of(writer), nth), *((uuid5(SPACE, f"{name}/{more}"), 1) for more in range(nth % 3))]
    return [StoredEvent(stream, version, "issue.reported", name.encode()) for stream, version in streams]


def asked(writer: int, nth: int, body_hash: str = "what was asked") -> Request:
    """What a client sends, and sends again when it was not answered: the same for the same number."""
    name = name_of(writer, nth)
    return request(
        events_of(writer, nth), exact=True, key=RequestKey(name, body_hash),
        details=[SealedDetails(uuid5(SPACE, name), {"text": name.encode()})],
        tracking=Tracking(f"writer {writer}", nth),
    )  # fmt: skip


# --- what was answered ---------------------------------------------------------------------------


class Answered(NamedTuple):
    writer: int
    nth: int
    first_position: int
    n: int


class Ledger:
    """Every answer a writer got, in lines of which no page of the file holds a part: a kill leaves none torn."""

    WIDTH = 64

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, answered: Answered) -> None:
        os.write(self._file, " ".join(map(str, answered)).ljust(self.WIDTH - 1).encode() + b"\n")


def read(ledger: Path, after: int = 0) -> list[Answered]:
    """What the ledger says from line `after` on."""
    text = ledger.read_bytes()[after * Ledger.WIDTH :] if ledger.exists() else b""
    return [Answered(*map(int, line.split())) for line in text.splitlines()]


# --- the service ---------------------------------------------------------------------------------


class Writer:
    """A client of the service: asks one thing after the other, each again and again until it is answered."""

    def __init__(self, number: int, committer: LoopCommitter, ledger: Ledger, answered: int) -> None:
        self.number, self._committer, self._ledger, self._answered = number, committer, ledger, answered
        self._dice = random.Random(number)  # noqa: S311 - nothing secret hangs on it

    async def run(self) -> None:
        """Ask for what was answered last before the service was killed, go on with what was not, look back at times."""
        await asyncio.sleep(self.number % 4 / 200)  # so that some are in the commit and others in the line
        if self._answered:
            await self._ask(self._answered)
        while True:
            await self._ask(self._answered + 1)
            self._answered += 1
            if self._dice.random() < 0.05:
                await self._ask(self._dice.randint(1, self._answered))
            await asyncio.sleep(0.01)

    async def _ask(self, nth: int) -> None:
        while True:
            try:
                answer = await self._committer.append(asked(self.number, nth))
            except Busy:
                await asyncio.sleep(0.05)
            else:
                self._ledger.add(Answered(self.number, nth, answer.first_position, answer.n))
                return


async def _serve(url: str, ledger: Path) -> None:
    last = {answered.writer: answered.nth for answered in sorted(read(ledger))}
    book = Ledger(ledger)
    async with (
        open_logs(url, town.CITY, [LOG], ()) as logs,
        AsyncConnectionPool(url, min_size=1, max_size=8, timeout=5, open=False) as pool,
        asyncio.TaskGroup() as group,
    ):
        log = logs.named(LOG)
        group.create_task(Projector(pool, [log], [Counted()], lease_seconds=LEASE_SECONDS).run())
        for number in range(WRITERS):
            group.create_task(Writer(number, log.committer, book, last.get(number, 0)).run())


async def _project(url: str) -> None:
    models = [Counted(), *PROJECTIONS]
    async with projector(url, models, batch=BATCH, lease_seconds=LEASE_SECONDS) as one:
        await one.run(poll_seconds=0.01)


def serve(url: str, ledger: Path) -> None:
    """The service, until it is killed."""
    _run(_serve(url, ledger), ledger.with_suffix(".failed"))


def project(url: str, ledger: Path) -> None:
    """A process that only projects, in small batches, into the boards too."""
    _run(_project(url), ledger.with_suffix(".failed"))


def _run(service: Coroutine[Any, Any, None], failed: Path) -> None:
    configure("CRITICAL")
    try:
        asyncio.run(service)
    except BaseException:
        failed.write_text(traceback.format_exc())
        raise


# --- its read model ------------------------------------------------------------------------------


class Counted:
    """A read model that adds up, so that an event told twice shows, and so does one left out."""

    name, edition, parks, in_order = "counted", 1, False, False

    @staticmethod
    def create(url: str) -> None:
        ask(url, "CREATE TABLE counted (generation int, stream_id uuid, n bigint, positions numeric,"
                 " PRIMARY KEY (generation, stream_id))")  # fmt: skip

    def wants(self, topic: str) -> bool:
        return True

    def ties(self, topic: str) -> bool:
        return False

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        rows = [(place.generation, event.stream_id, event.position) for event in events]
        await connection.cursor().executemany(
            "INSERT INTO counted AS c VALUES (%s, %s, 1, %s) ON CONFLICT (generation, stream_id)"
            " DO UPDATE SET n = c.n + excluded.n, positions = c.positions + excluded.positions",
            rows,
        )

    async def analyze(self, connection: Connection) -> None:
        await connection.execute("ANALYZE counted")

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        raise NotImplementedError
