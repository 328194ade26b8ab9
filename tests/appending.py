"""Appending to a log of the event store as tests do: requests of their own, a committer, what was recorded."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from infrastructure.eventstore.connecting import SETTINGS
from infrastructure.eventstore.in_loop import LoopCommitter
from infrastructure.eventstore.line import Line
from infrastructure.eventstore.request import Request, request

LOG = "150785"


def event(stream: UUID | None = None, version: int = 1, topic: str = "issue.reported") -> StoredEvent:
    return StoredEvent(stream or uuid4(), version, topic, b"{}")


def save(stream: UUID | None = None, version: int = 1, **beside: Any) -> Request:
    """A request of one event of our own kind: its version is the head's plus one."""
    return request([event(stream, version)], exact=True, **beside)


@asynccontextmanager
async def committing(
    url: str, line: Line | None = None, *, waiting_seconds: float = 10, statement_seconds: float = 5
) -> AsyncIterator[LoopCommitter]:
    """A committer of the running loop, on a log that is open."""
    options = re.sub(
        r"statement_timeout=\w+", f"statement_timeout={int(statement_seconds * 1000)}", SETTINGS["options"]
    )
    words: dict[str, Any] = {**SETTINGS, "options": options, "autocommit": True}

    async def connect() -> psycopg.AsyncConnection[tuple[Any, ...]]:
        return await psycopg.AsyncConnection.connect(url, **words)

    async with await connect() as connection:
        await connection.execute("INSERT INTO log (log_id) VALUES (%s) ON CONFLICT DO NOTHING", (LOG,))
    committer = LoopCommitter(LOG, connect, line or Line(), waiting_seconds=waiting_seconds)
    try:
        yield committer
    finally:
        await committer.close()


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def recorded(url: str) -> list[tuple[int, UUID, int]]:
    """Position, stream and version of all events, by position."""
    return ask(url, "SELECT position, stream_id, version FROM event ORDER BY position")


@contextmanager
def held(url: str) -> Iterator[None]:
    """The log's lock, held by somebody else meanwhile."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT FROM log FOR UPDATE")
        yield


def append_many(url: str, callers: int, each: int) -> None:
    """What another process does: `callers` at once, `each` that many saves."""

    async def call(committer: LoopCommitter) -> None:
        for _ in range(each):
            await committer.append(save())

    async def whole() -> None:
        async with committing(url) as committer:
            await asyncio.gather(*(call(committer) for _ in range(callers)))

    asyncio.run(whole())


class Proxy:
    """Stands between a client and PostgreSQL and cuts the connection where the test says.

    `cut_before`: the next question never arrives. `cut_after`: it arrives, its answer does not.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = str(Path(parse_qs(parts.query)["host"][0]) / ".s.PGSQL.5432")
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://{parts.username}@127.0.0.1:{self._door.getsockname()[1]}{parts.path}?sslmode=disable"
        self.cut_before = self.cut_after = False
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._socket)
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()
                threading.Thread(target=self._copy, args=(server, client), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut_before:
                    self.cut_before, self.cuts = False, self.cuts + 1
                    break
                server.sendall(data)
                if self.cut_after:
                    self.cut_after, self.cuts = False, self.cuts + 1
                    client.shutdown(socket.SHUT_RDWR)
                    return  # the server goes on and finds nobody there when it answers
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _copy(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        for end in (server, client):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
