"""Dead letters: one poison event is set aside, its stream waits, the rest goes on; retry in order, skip one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from infrastructure.projections import advancing
from infrastructure.projections.advancing import TooMuchPoison
from infrastructure.projections.projector import Projector
from tests import case_log, town
from tests.projecting import Tally, ask, stream_at, with_projector
from tests.tampering import tamper

POISON = 14


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(advancing, "FIRST_PAUSE_SECONDS", 0.001)
    with capture_logs():  # written out, each traceback takes longer than the test
        yield


def told(url: str) -> list[int]:
    return [row[0] for row in ask(url, "SELECT position FROM tally ORDER BY position")]


def of_stream(url: str, position: int) -> list[int]:
    """The stream's positions from `position` on."""
    stream = stream_at(url, position)
    asked = "SELECT position FROM event WHERE stream_id = %s AND position >= %s ORDER BY position"
    return [row[0] for row in ask(url, asked, stream, position)]


@pytest.mark.parametrize("batch", [1, 5, 1_000])
def test_a_poison_event_is_found_its_stream_waits_and_the_rest_goes_on(database_url: str, batch: int) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(4))
    Tally.create(database_url)
    waiting = of_stream(database_url, POISON)

    async def story(one: Projector) -> None:
        await one.catch_up()
        assert await one.position(town.DISTRICT, "tally") == newest
        letters = await one.letters.shown()
        assert [letter.position for letter in letters] == waiting
        assert [letter.state for letter in letters] == ["poison"] + ["waiting"] * (len(waiting) - 1)
        assert letters[0].error is not None
        assert letters[0].error.startswith("ValueError at projecting.py:")
        assert letters[0].attempts > 1

    with_projector(database_url, story, models=[Tally({POISON})], batch=batch)
    assert told(database_url) == [one for one in range(1, newest + 1) if one not in waiting]


def test_a_retry_takes_the_stream_in_order_up_to_what_still_fails(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(4))
    Tally.create(database_url)
    waiting = of_stream(database_url, POISON)
    tally = Tally({POISON})

    async def story(one: Projector) -> None:
        await one.catch_up()
        (still,) = await one.letters.retry()
        assert (still.taken, still.still_parked) == (0, True)
        tally.failing = {waiting[2]}
        (some,) = await one.letters.retry("tally", stream_at(database_url, POISON))
        assert (some.taken, some.still_parked) == (2, True)
        first, *_ = await one.letters.shown()
        assert (first.position, first.state) == (waiting[2], "poison")
        tally.failing = set()
        (rest,) = await one.letters.retry()
        assert (rest.taken, rest.still_parked) == (len(waiting) - 2, False)
        assert await one.letters.shown() == []
        assert await one.letters.retry() == []

    with_projector(database_url, story, models=[tally])
    assert told(database_url) == [*range(1, newest + 1)]


def test_a_skipped_event_is_left_out_and_the_rest_of_its_stream_told(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(4))
    Tally.create(database_url)

    async def story(one: Projector) -> None:
        await one.catch_up()
        assert not await one.letters.skip(town.DISTRICT, "tally", POISON + 1)
        assert await one.letters.skip(town.DISTRICT, "tally", POISON)
        assert [letter.state for letter in await one.letters.shown()] == ["skipped"]
        assert not await one.letters.skip(town.DISTRICT, "tally", POISON)

    with_projector(database_url, story, models=[Tally({POISON})])
    assert told(database_url) == [one for one in range(1, newest + 1) if one != POISON]


def test_when_too_many_fail_the_program_is_wrong_and_the_shard_stops(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advancing, "MOST_POISON", 3)
    newest = case_log.write(database_url, case_log.Telling().events(20))
    Tally.create(database_url)

    async def story(one: Projector) -> None:
        with pytest.raises(TooMuchPoison):
            await one.catch_up()
        assert await one.position(town.DISTRICT, "tally") < newest
        poison = [letter for letter in await one.letters.shown() if letter.state == "poison"]
        assert len(poison) == advancing.MOST_POISON

    with_projector(database_url, story, models=[Tally({*range(1, newest + 1)})])


def test_broken_facts_stop_their_case_on_the_boards_and_no_other(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(4))
    waiting = of_stream(database_url, POISON)
    ((state,),) = ask(database_url, "SELECT state FROM event WHERE position = %s", POISON)
    tamper(database_url, "UPDATE event SET state = '{}' WHERE position = %s", POISON)

    async def story(one: Projector) -> None:
        await one.catch_up()
        for projection in ("board", "timeline"):
            assert await one.position(town.DISTRICT, projection) == newest
        letters: list[Any] = await one.letters.shown("board")
        assert [letter.position for letter in letters] == waiting
        tamper(database_url, "UPDATE event SET state = %s WHERE position = %s", state, POISON)
        assert all(not one.still_parked for one in await one.letters.retry())

    with_projector(database_url, story)
    versions = ask(database_url, "SELECT count(*) FROM served_timeline")
    assert versions == [(newest,)]
