"""Search 检索: how long an answer takes, in the process and over HTTP."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep
from typing import cast
from urllib.parse import quote

import httpx
import uvloop
from eventsourcing.domain import DomainEvent

from application.registry.registry import Entry
from application.search import Wanted
from domain.actor import Actor, Role
from infrastructure.search.index import SearchIndex
from infrastructure.search.recent_use import RecentUse
from interfaces.wiring import Settings, open_house
from tests.bench.figures import Figure
from tests.bench.load import Load, get_for
from tests.bench.servers import wangge_serving
from tests.search_material import FOUNDER, SINCE, entries, typed

BAR_MS = 20.0
CONNECTIONS = 4
SOMEBODY = Actor("somebody", frozenset({Role.DISPATCHER}), "centre", ("",))


def search(url: str, folder: Path, *, smoke: bool) -> Iterator[Figure]:
    """Median and 95th percentile over 10 000 entries, which have a bar, and over 50 000."""
    count = 500 if smoke else 10_000
    for scale in (1, 5):
        yield from _in_memory(entries(count * scale), 50 if smoke else 2_000)
    with wangge_serving(url, folder) as (port, _):
        found = entries(count)
        token = asyncio.run(_fill(url, folder, found))
        _await_entry(port, token, found[-1].name)
        load = _asked(port, token, [entry.name for entry in found], 0.5 if smoke else 5.0)
    yield Figure(f"search over HTTP, {count:,} entries, median", load.percentile(0.5) * 1000, "ms")
    yield _judged(f"search over HTTP, {count:,} entries, p95", load.percentile(0.95) * 1000)
    bad = sum(times for status, times in load.statuses.items() if status >= 400)
    yield Figure("  searches refused or failed", bad, "answers", bar="0", holds=bad == 0)


def _in_memory(found: Sequence[Entry], queries: int) -> Iterator[Figure]:
    index, began = SearchIndex(RecentUse([])), perf_counter()
    for entry in found:
        index.learn(entry, cast(DomainEvent, entry.pending_events[0]))
    index.find(SOMEBODY, Wanted("", SINCE, FOUNDER.at))
    yield Figure(f"search, {len(found):,} entries, taken in", perf_counter() - began, "s")
    seconds = []
    for text in islice(typed([entry.name for entry in found], random.Random(7)), queries):  # noqa: S311 - a benchmark
        asked = perf_counter()
        index.find(SOMEBODY, Wanted(text, SINCE, FOUNDER.at))
        seconds.append(perf_counter() - asked)
    seconds.sort()
    yield Figure(f"search, {len(found):,} entries, median", seconds[len(seconds) // 2] * 1000, "ms")
    yield _judged(f"search, {len(found):,} entries, p95", seconds[int(len(seconds) * 0.95)] * 1000)


def _judged(name: str, milliseconds: float) -> Figure:
    return Figure(name, milliseconds, "ms", bar=f"<= {BAR_MS:g} ms", holds=milliseconds <= BAR_MS)


def _asked(port: int, token: str, names: Sequence[str], seconds: float) -> Load:
    paths = typed(names, random.Random(8))  # noqa: S311 - a benchmark
    ask = get_for(
        port, lambda _: f"/api/v1/search?q={quote(next(paths))}", connections=CONNECTIONS, seconds=seconds, token=token
    )
    return uvloop.run(ask)


async def _fill(url: str, folder: Path, found: Sequence[Entry]) -> str:
    """Register all beside the town that is there; the token of somebody who may look everywhere."""
    async with open_house(Settings(database_url=url, data_dir=folder)) as house:
        for first in range(0, len(found), 1_000):
            await house.services.desk.register_many(found[first : first + 1_000])
        return (await house.services.sign_in.issue("dispatcher")).token


def _await_entry(port: int, token: str, name: str) -> None:
    """Until the service has taken in what was registered last."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        while not client.get("/api/v1/search", params={"q": name[:50]}).raise_for_status().json()["items"]:
            sleep(0.1)
