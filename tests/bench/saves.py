"""Durable single-event saves: our log against the event library's own recorder, in turn, in one run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from uuid import uuid4

import psycopg
import uvloop
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from infrastructure.eventstore.log import EventLog, open_logs
from infrastructure.eventstore.request import request
from tests.bench.figures import Figure, against

LOG, CALLERS, ROUNDS = "150785", 64, 5
STATE = b'{"timestamp":"2026-11-02T09:00:00Z","by":"worker-1","role":"worker"}' * 4


def saves(url: str, stock_url: str, seconds: float) -> Iterator[Figure]:
    """64 callers and one caller, `ROUNDS` rounds each of ours and stock in turn; medians. Then: are positions dense?"""
    recorder = _stock(stock_url)
    try:
        for callers, bar in ((CALLERS, 10.0), (1, 1.0)):
            pairs = [
                (uvloop.run(_ours(url, callers, seconds / ROUNDS)), _stock_saves(recorder, callers, seconds / ROUNDS))
                for _ in range(ROUNDS)
            ]
            who = f"{callers} callers" if callers > 1 else "one caller alone"
            ours, stock = (median(side) for side in zip(*pairs, strict=True))
            yield against(f"durable single-event saves, {who}", ours, "saves/s", stock, at_least=bar)
    finally:
        recorder.datastore.close()
    yield _dense(url)


async def _ours(url: str, callers: int, seconds: float) -> float:
    async with open_logs(url, LOG[:4], [LOG], ()) as logs:
        log, saved, started = logs.named(LOG), 0, perf_counter()

        async def caller() -> None:
            nonlocal saved
            while perf_counter() - started < seconds:
                await _append(log)
                saved += 1

        await asyncio.gather(*(caller() for _ in range(callers)))
        return saved / (perf_counter() - started)


async def _append(log: EventLog) -> None:
    await log.committer.append(request([_event()], exact=True))


def _stock_saves(recorder: PostgresApplicationRecorder, callers: int, seconds: float) -> float:
    started = perf_counter()

    def caller(_: int) -> int:
        saved = 0
        while perf_counter() - started < seconds:
            recorder.insert_events([_event()])
            saved += 1
        return saved

    with ThreadPoolExecutor(callers) as threads:
        saved = sum(threads.map(caller, range(callers)))
    return saved / (perf_counter() - started)


def _event() -> StoredEvent:
    return StoredEvent(originator_id=uuid4(), originator_version=1, topic="issue.reported", state=STATE)


def _stock(url: str) -> PostgresApplicationRecorder:
    parts = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(parts["dbname"]), host=str(parts["host"]), port=str(parts["port"]), user=str(parts["user"]),
        password="", pool_size=5, max_overflow=10, connect_timeout=60,
    )  # fmt: skip
    recorder = PostgresApplicationRecorder(datastore, events_table_name="stock_events")
    recorder.create_table()
    return recorder


def _dense(url: str) -> Figure:
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) - max(position) FROM event WHERE log_id = %s"
        row = connection.execute(query, (LOG,)).fetchone()
    gaps = abs(int(row[0])) if row else -1
    return Figure("  positions missing or double", gaps, "positions", bar="0", holds=gaps == 0)
