"""Leases: one process moves a shard, another takes over when it is killed, and no event is told twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from contextlib import suppress
from time import monotonic
from typing import Any

import pytest
from prometheus_client import REGISTRY

from infrastructure.eventstore.commit import channel
from infrastructure.projections.projector import Projector
from infrastructure.projections.shard import Lost
from tests import case_log, town
from tests.projecting import Tally, ask, follow, projector, reached, until, with_projector

IN_A_BATCH = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
TOLD = "SELECT position FROM tally ORDER BY position"


def test_when_one_is_killed_in_a_batch_the_other_takes_over_and_nothing_is_told_twice(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(3))
    Tally.create(database_url)
    start_afresh = multiprocessing.get_context("spawn")
    killed = start_afresh.Process(target=follow, args=(database_url, 300.0, 1.0), daemon=True)
    killed.start()
    while not ask(database_url, IN_A_BATCH):
        assert killed.is_alive()

    async def story(one: Projector) -> None:
        assert await one.catch_up() == 0  # the other has it
        assert killed.pid
        os.kill(killed.pid, signal.SIGKILL)
        killed.join()
        ask(database_url, IN_A_BATCH.replace("pid", "pg_terminate_backend(pid)", 1))
        began = monotonic()
        while await one.position(town.DISTRICT, "tally") < newest:
            await one.catch_up()
            assert monotonic() < began + 20

    with_projector(database_url, story, models=[Tally()], batch=10)
    assert ask(database_url, TOLD) == [(position,) for position in range(1, newest + 1)]


def test_of_two_that_follow_at_once_each_shard_has_one(database_url: str) -> None:
    telling = case_log.Telling()
    case_log.write(database_url, telling.events(3))
    Tally.create(database_url)

    async def story() -> None:
        how: dict[str, Any] = {"shards": 4, "batch": 10, "lease_seconds": 0.3}
        async with projector(database_url, [Tally()], **how) as one, projector(database_url, [Tally()], **how) as other:
            following = [asyncio.create_task(each.run(poll_seconds=0.01)) for each in (one, other)]
            for _ in range(10):
                newest = await asyncio.to_thread(case_log.write, database_url, telling.events(3))
                await asyncio.sleep(0.05)
            following[0].cancel()  # one stops in good order: the other has all at once
            newest = await asyncio.to_thread(case_log.write, database_url, telling.events(3))
            await reached(other, "tally", newest)
            following[1].cancel()
            for each in following:
                with suppress(asyncio.CancelledError):
                    await each
        assert ask(database_url, TOLD) == [(position,) for position in range(1, newest + 1)]
        assert ask(database_url, "SELECT DISTINCT lease_owner FROM projection_progress") == [(None,)]

    asyncio.run(story())


def test_who_lost_the_shard_moves_nothing(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(3))
    Tally.create(database_url)

    async def story(one: Projector) -> None:
        await one.generations.begin_first(one.projections)
        (shard,) = await one.leases.claim("active", [town.DISTRICT], ["tally"])
        ask(database_url, "UPDATE projection_progress SET lease_owner = gen_random_uuid()")
        with pytest.raises(Lost):
            await one.advance(shard, newest)
        assert await one.leases.claim("active", [town.DISTRICT], ["tally"]) == []
        ask(database_url, "UPDATE projection_progress SET lease_until = clock_timestamp() - interval '1 second'")
        assert len(await one.leases.claim("active", [town.DISTRICT], ["tally"])) == 1
        assert await one.position(town.DISTRICT, "tally") == 0

    with_projector(database_url, story, models=[Tally()])


def test_a_hint_ends_the_pause_and_a_lost_one_only_delays(database_url: str) -> None:
    telling = case_log.Telling()
    Tally.create(database_url)

    async def story(one: Projector) -> None:
        following = asyncio.create_task(one.run(poll_seconds=1.0))
        await asyncio.sleep(0.3)
        for hint in (
            one.waking.ring,
            lambda: ask(database_url, "SELECT pg_notify(%s, '')", channel(town.DISTRICT)),
            None,
        ):
            newest = await asyncio.to_thread(case_log.write, database_url, telling.events(1))
            began = monotonic()
            if hint:
                hint()
            await reached(one, "tally", newest)
            assert monotonic() - began < (0.7 if hint else 5.0)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    with_projector(database_url, story, models=[Tally()])


def test_one_projection_that_fails_does_not_stop_another_and_lag_is_shown(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(3))
    Tally.create(database_url)
    ask(database_url, "ALTER TABLE issue_board RENAME COLUMN lead TO head")

    async def behind() -> bool:
        return _lag("board", "events") == newest and bool(_lag("board", "seconds"))

    async def level() -> bool:
        return not _lag("board", "events")

    async def story(one: Projector) -> None:
        following = asyncio.create_task(one.run(poll_seconds=0.01))
        await reached(one, "timeline", newest)
        await until(behind)
        ask(database_url, "ALTER TABLE issue_board RENAME COLUMN head TO lead")
        await reached(one, "board", newest)
        await until(level)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    with_projector(database_url, story)


def _lag(projection: str, unit: str) -> float | None:
    labels = {"log": town.DISTRICT, "projection": projection}
    return REGISTRY.get_sample_value(f"wangge_projection_lag_{unit}", labels)
