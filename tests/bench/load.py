"""A small load generator over plain keep-alive sockets, so that the client costs little beside the server."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

Asked = tuple[str, str, bytes]
"""Method, path and body of a request."""


@dataclass
class Load:
    """What came back: answers by status, and the seconds each took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return sum(count for status, count in self.statuses.items() if status < 400) / self.elapsed

    def percentile(self, share: float) -> float:
        """Seconds within which `share` of the answers came."""
        return sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


async def post_for(
    port: int, path: str, body: Callable[[int], dict[str, object]], *, connections: int, seconds: float, token: str = ""
) -> Load:
    """POST JSON over `connections` for so long; `body` makes the n-th body."""

    def asked(number: int) -> Asked:
        return "POST", path, json.dumps(body(number)).encode()

    return await _for(port, asked, connections, seconds, token)


async def get_for(port: int, path: Callable[[int], str], *, connections: int, seconds: float, token: str = "") -> Load:
    """GET over `connections` for so long; `path` makes the n-th path."""
    return await _for(port, lambda number: ("GET", path(number), b""), connections, seconds, token)


async def _for(port: int, asked: Callable[[int], Asked], connections: int, seconds: float, token: str) -> Load:
    load, numbers = Load(), iter(range(10**9))
    started = perf_counter()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while perf_counter() - started < seconds:
                sent = perf_counter()
                status = await _ask(reader, writer, *asked(next(numbers)), token)
                load.seconds.append(perf_counter() - sent)
                load.statuses[status] += 1
        finally:
            writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    load.elapsed = perf_counter() - started
    return load


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: bytes, token: str
) -> int:
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/json\r\n" if body else ""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    writer.write((head + authorization + "\r\n").encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(answer.split("content-length:")[1].split("\r\n")[0])
    await reader.readexactly(length)
    return int(answer.split(" ", 2)[1])
