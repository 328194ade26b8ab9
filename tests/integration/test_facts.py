"""Facts in PostgreSQL: as of any position they are what the events up to there say, however they were projected."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from infrastructure.projections.facts import Facts
from infrastructure.projections.projector import Projector
from infrastructure.projections.telling import VERSIONS, telling
from tests import case_log, fact_sheets, town
from tests.case_walks import Walking
from tests.projecting import ask, shown, with_projector
from tests.tampering import tamper

Row = dict[str, Any]
Rows = dict[str, list[Row]]
FACTS = Facts(telling(VERSIONS))
SPANS = "SELECT h.* FROM served_holding h ORDER BY case_id, nth"
OUTCOMES = "SELECT o.* FROM served_outcome o ORDER BY case_id, kind, nth"
LEFT = """SELECT generation FROM holding
           UNION SELECT generation FROM outcome
           UNION SELECT generation FROM fact_case"""
STEPS = 260


def stood(url: str) -> Rows:
    """All rows that readers see."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        asked = {"spans": connection.execute(SPANS), "outcomes": connection.execute(OUTCOMES)}
        return {name: [_unplaced(row) for row in cursor.fetchall()] for name, cursor in asked.items()}


def known_at(rows: Rows, position: int) -> Rows:
    """What `rows` say was known at `position`: the bound every number puts on them."""
    return {
        name: [_seen(row, position) for row in some if row["known_from"] <= position] for name, some in rows.items()
    }


def _unplaced(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "generation"}


def _seen(row: Row, position: int) -> Row:
    seen = dict(row)
    for mark, told in (("known_to", ("ended_at",)), ("done_in", ("done_at", "seconds")), ("exempt_in", ())):
        # A row that never waits to be done states its seconds as it is written.
        if row.get(mark) is not None and row[mark] > position:
            seen.update(dict.fromkeys((mark, *told)))
    return {name: value for name, value in seen.items() if name in row}


async def _catches_up(one: Projector) -> None:
    await one.catch_up()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_of_a_position_equals_telling_only_the_events_up_to_it(database_url: str, seed: int) -> None:
    newest = case_log.write(database_url, Walking(seed).events(STEPS))
    known: dict[int, Rows] = {}

    async def one_by_one(one: Projector) -> None:
        await one.catch_up(lambda log, projection, position: known.update({position: stood(database_url)}))

    with_projector(database_url, one_by_one, models=[FACTS], batch=1)
    ask(database_url, "TRUNCATE holding, outcome, fact_case, projection_generation, projection_progress")
    with_projector(database_url, _catches_up, models=[FACTS])
    after_all = stood(database_url)
    assert set(known) == set(range(1, newest + 1))
    for position, rows in known.items():
        assert known_at(after_all, position) == rows
    assert any(row["known_to"] for row in after_all["outcomes"])
    assert any(row["exempt_in"] for row in after_all["outcomes"])


@pytest.mark.parametrize("size", [1, 7, 50])
def test_a_batch_cut_anywhere_and_a_rebuild_give_the_same_rows(database_url: str, size: int) -> None:
    case_log.write(database_url, Walking(size).events(STEPS))
    with_projector(database_url, _catches_up, models=[FACTS])
    before = stood(database_url)
    assert all(before.values())

    async def rebuilt(one: Projector) -> None:
        (done,) = await one.rebuild()
        assert done.generation == 2

    with_projector(database_url, rebuilt, models=[FACTS], rebuild_batch=size, shards=3)
    assert stood(database_url) == before


def test_killed_between_batches_it_goes_on_and_ends_equal(database_url: str) -> None:
    newest = case_log.write(database_url, Walking(5).events(STEPS))
    stops = iter((10, 40, 70))

    async def killed(one: Projector) -> None:
        stop = next(stops)

        def kill(log: str, projection: str, position: int) -> None:
            if position > stop:
                raise KeyboardInterrupt

        await one.catch_up(kill)

    for _ in range(3):
        with suppress(KeyboardInterrupt):
            with_projector(database_url, killed, models=[FACTS], batch=9)
    ((reached,),) = ask(database_url, "SELECT position FROM projection_progress")
    assert 0 < reached < newest
    with_projector(database_url, _catches_up, models=[FACTS])
    interrupted = stood(database_url)
    ask(database_url, "TRUNCATE holding, outcome, fact_case, projection_generation, projection_progress")
    with_projector(database_url, _catches_up, models=[FACTS])
    assert stood(database_url) == interrupted


def test_what_is_written_is_what_is_told_in_memory(database_url: str) -> None:
    case_log.write(database_url, Walking(6).events(STEPS))
    with_projector(database_url, _catches_up, models=[FACTS], batch=11)
    sheet = fact_sheets.told(Walking(6).events(STEPS))
    rows = stood(database_url)
    for name, told in (("spans", fact_sheets.spans(sheet)), ("outcomes", fact_sheets.outcomes(sheet))):
        written = [{**row, "case_id": str(row["case_id"])} for row in rows[name]]
        key = ("case_id", "kind", "nth") if name == "outcomes" else ("case_id", "nth")
        assert [
            {"log_id": town.DISTRICT, **row} for row in sorted(told, key=lambda row: [row[k] for k in key])
        ] == written


def test_shards_asked_for_are_not_given_to_facts(database_url: str) -> None:
    """What a request's facts say hangs on its issue, told before: one shard tells all in order."""
    case_log.write(database_url, case_log.Telling().events(10))
    with_projector(database_url, _catches_up, shards=3)
    shards = ask(database_url, "SELECT projection, shards FROM projection_generation ORDER BY projection")
    assert shards == [("board", 3), ("facts", 1), ("timeline", 3)]
    rows = shown(database_url)
    assert {row[0]["unit"] for row in rows["outcomes"] if row[0]["kind"] == "called_back"} <= set(case_log.UNITS)


def test_dropping_leaves_nothing_of_a_generation_and_all_of_the_other(database_url: str) -> None:
    case_log.write(database_url, Walking(8).events(STEPS))

    async def story(one: Projector) -> None:
        await one.catch_up()
        await one.rebuild()
        before = stood(database_url)
        assert ask(database_url, "SELECT DISTINCT generation FROM holding ORDER BY 1") == [(1,), (2,)]
        await one.rebuilding.drop_retired()
        assert ask(database_url, LEFT) == [(2,)]
        assert stood(database_url) == before

    with_projector(database_url, story, models=[FACTS])


def test_an_event_that_cannot_be_told_waits_with_its_case_and_no_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.projections.advancing.FIRST_PAUSE_SECONDS", 0.001)
    case_log.write(database_url, case_log.Telling().events(10))
    ((position, stream, state),) = ask(
        database_url, "SELECT position, stream_id, state FROM event WHERE topic = 'issue.accepted' LIMIT 1"
    )
    tamper(database_url, "UPDATE event SET state = '{}' WHERE position = %s", position)

    async def story(one: Projector) -> None:
        await one.catch_up()
        letters = await one.letters.shown()
        assert {letter.stream_id for letter in letters} == {stream}
        assert (letters[0].position, letters[0].state) == (position, "poison")
        ((count,),) = ask(database_url, "SELECT count(DISTINCT case_id) FROM served_holding")
        assert count == 20
        tamper(database_url, "UPDATE event SET state = %s WHERE position = %s", state, position)
        (retried,) = await one.letters.retry()
        assert not retried.still_parked

    with_projector(database_url, story, models=[FACTS])
    late = stood(database_url)
    ask(database_url, "TRUNCATE holding, outcome, fact_case, projection_generation, projection_progress")
    with_projector(database_url, _catches_up, models=[FACTS])
    own = [row for row in stood(database_url)["spans"] if row["case_id"] == stream]
    assert own == [row for row in late["spans"] if row["case_id"] == stream]
