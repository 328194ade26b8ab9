"""Generations: filled beside what is served, switched without a gap, brought back, resumed after an interruption."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from infrastructure.projections import advancing
from infrastructure.projections.generations import DeadLettersLeft
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from tests import case_log, town
from tests.projecting import Tally, ask, projector, reached, shown, with_projector

STATES = "SELECT generation, state FROM projection_generation WHERE projection = 'board' ORDER BY generation"


def test_a_rebuild_ends_equal_row_by_row(database_url: str) -> None:
    telling = case_log.Telling()
    case_log.write(database_url, telling.events(60))
    case_log.write(database_url, telling.whistle(case_log.BEGAN))

    async def story(one: Projector) -> None:
        await one.catch_up()
        before = shown(database_url)
        assert all(before.values())
        ask(database_url, "UPDATE issue_board SET stage = 'voided'")
        told: list[tuple[str, int]] = []
        rebuilt = await one.rebuild(lambda log, projection, position: told.append((projection, position)))
        assert [(each.projection, each.generation) for each in rebuilt] == [(model.name, 2) for model in PROJECTIONS]
        assert dict(told) == {each.projection: each.events for each in rebuilt}
        assert shown(database_url) == before

    with_projector(database_url, story)


def test_what_was_served_is_kept_for_a_rollback_and_goes_with_the_next_rebuild(database_url: str) -> None:
    telling = case_log.Telling()
    case_log.write(database_url, telling.events(10))

    async def story(one: Projector) -> None:
        await one.catch_up()
        assert await one.rebuilding.rollback(town.DISTRICT, "board") is None
        await one.rebuild()
        assert ask(database_url, STATES) == [(1, "retired"), (2, "active")]
        case_log.write(database_url, telling.events(10))
        await one.catch_up()
        before = shown(database_url)
        done = await one.rebuilding.rollback(town.DISTRICT, "board")
        assert done is not None
        assert done.generation == 1
        assert ask(database_url, STATES) == [(1, "active"), (2, "retired")]
        assert shown(database_url) == before
        await one.rebuild()
        assert ask(database_url, STATES) == [(1, "retired"), (2, "active")]
        assert len(await one.rebuilding.drop_retired()) == len(one.projections)
        assert ask(database_url, STATES) == [(2, "active")]
        assert ask(database_url, "SELECT DISTINCT generation FROM issue_board") == [(2,)]
        assert shown(database_url) == before

    with_projector(database_url, story)


def test_an_interrupted_rebuild_goes_on_where_it_stopped(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(40))

    async def story(one: Projector) -> None:
        await one.catch_up()

        def interrupt(log: str, projection: str, position: int) -> None:
            if position > newest / 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await one.rebuild(interrupt)

    with suppress(KeyboardInterrupt):
        with_projector(database_url, story, rebuild_batch=50)
    assert ask(database_url, STATES) == [(1, "active"), (2, "building")]
    before = shown(database_url)

    async def again(one: Projector) -> None:
        board, *_ = await one.rebuild()
        assert (board.generation, 0 < board.events < newest) == (2, True)

    with_projector(database_url, again)
    assert shown(database_url) == before


def test_rows_of_other_rules_are_not_gone_on_with(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(5))
    Tally.create(database_url)
    tally = Tally()

    async def story(one: Projector) -> None:
        await one.generations.begin_first([tally])
        await one.generations.begin_next(town.DISTRICT, tally)
        ask(database_url, "INSERT INTO tally (log_id, generation, position) VALUES (%s, 2, 3)", town.DISTRICT)
        ask(database_url, "UPDATE projection_progress SET position = 9 WHERE generation = 2")
        tally.edition = 2
        (rebuilt,) = await one.rebuild()
        assert rebuilt.events == newest
        assert {each.edition for each in await one.generations.standing() if each.state == "active"} == {2}

    with_projector(database_url, story, models=[tally])


def test_switching_under_load_leaves_no_gap(database_url: str) -> None:
    telling = case_log.Telling()
    case_log.write(database_url, telling.events(100))
    newest, seen, done = 0, list[tuple[int, int]](), asyncio.Event()

    async def write() -> None:
        nonlocal newest
        while not done.is_set():
            newest = await asyncio.to_thread(case_log.write, database_url, telling.events(2))

    async def read(one: Projector) -> None:
        # The timeline has a row an event: as many as the position says, whichever generation is served.
        asked = (
            "SELECT (SELECT min(p.position) FROM projection_progress p JOIN projection_generation g"
            " USING (log_id, projection, generation) WHERE g.state = 'active' AND projection = 'timeline'),"
            " (SELECT count(*) FROM served_timeline)"
        )
        while not done.is_set():
            seen.append((await asyncio.to_thread(ask, database_url, asked))[0])

    async def story() -> None:
        # The log grows for as long as it takes: two of the read models are enough to see a gap.
        two = PROJECTIONS[:2]
        async with projector(database_url, two) as one, projector(database_url, two, rebuild_batch=200) as other:
            await one.catch_up()
            following = asyncio.create_task(one.run(poll_seconds=0.01))
            busy = [asyncio.create_task(write()), asyncio.create_task(read(one))]
            for _ in range(3):
                await other.rebuild()
            done.set()
            await asyncio.gather(*busy)
            await reached(one, "timeline", newest)
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await one.catch_up()

    asyncio.run(story())
    assert len(seen) > 5
    assert all(position == rows for position, rows in seen)
    assert seen == sorted(seen)
    assert len(shown(database_url)["timeline"]) == newest
    assert [state for _, state in ask(database_url, STATES)] == ["retired", "active"]


def test_a_generation_that_takes_less_is_not_served_until_somebody_looked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advancing, "FIRST_PAUSE_SECONDS", 0.001)
    case_log.write(database_url, case_log.Telling().events(5))
    Tally.create(database_url)
    tally = Tally()

    async def story(one: Projector) -> None:
        await one.catch_up()
        tally.failing = {30}
        with pytest.raises(DeadLettersLeft):
            await one.rebuild()
        states: list[Any] = [(each.generation, each.state) for each in await one.generations.standing()]
        assert states == [(1, "active"), (2, "building")]
        assert await one.letters.skip(town.DISTRICT, "tally", 30)
        (rebuilt,) = await one.rebuild()
        assert rebuilt.generation == 2

    with_projector(database_url, story, models=[tally])
