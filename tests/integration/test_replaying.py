"""Replaying 重放: what is folded anew for a position is what the boards showed when they had come as far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from application.audit.replaying import Replaying, Wanted
from domain.actor import Actor, Role
from domain.refusals import NoSuchCase, NoSuchLog, WrongRole
from infrastructure.audit.replays import HIDDEN, PostgresReplays
from infrastructure.calendars import chinese_office_calendar
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from tests import town
from tests.projecting import ask, with_projector
from tests.random_lives import random_lives, write_lives

Rows = dict[str, dict[str, Any]]
RUNS, STEPS = 3, 40
BOARD = PROJECTIONS[0]
GENERATED = {"generation", "log_id", "community", "street", *HIDDEN}
AUDITOR = Actor("auditor", frozenset({Role.AUDITOR}), "U-CENTRE", (town.CITY,))
BOARDS = "SELECT to_jsonb(b) FROM {} b"


def on_boards(url: str) -> Rows:
    """All rows of all boards, by case."""
    rows: Rows = {}
    for view in ("served_issue", "served_request", "served_whistle"):
        rows |= {row["id"]: plain(row) for (row,) in ask(url, BOARDS.format(view))}
    return rows


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Without what only the program needs; instants as instants."""
    return {name: _instant(value) for name, value in row.items() if name not in GENERATED}


def _instant(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def asked(url: str, ask_it: Callable[[PostgresReplays], Coroutine[Any, Any, Any]]) -> Any:
    async def run() -> Any:
        async with AsyncConnectionPool(url, min_size=1, max_size=2, open=False) as pool:
            return await ask_it(PostgresReplays(pool))

    return asyncio.run(run())


def lived(url: str, seed: int) -> dict[int, Rows]:
    """What the boards showed at each position of a log of cases that anything happens to."""
    write_lives(url, random_lives(RUNS * seed, STEPS)[-RUNS:])
    known: dict[int, Rows] = {}

    async def one_by_one(one: Projector) -> None:
        await one.catch_up(lambda log, projection, position: known.update({position: on_boards(url)}))

    with_projector(url, one_by_one, models=[BOARD], batch=1)
    return known


@pytest.mark.parametrize("seed", [2, 3])
def test_what_is_replayed_for_a_position_is_what_the_boards_showed_then(database_url: str, seed: int) -> None:
    known = lived(database_url, seed)
    newest = max(known)
    ids = [UUID(one) for one in known[newest]]

    async def compare(replays: PostgresReplays) -> None:
        for position in range(1, newest + 1, 3):
            found = {str(one.id): plain(dict(one.state)) for one in await replays.folded(town.DISTRICT, ids, position)}
            assert found == known[position], position

    asked(database_url, compare)


def test_one_steps_through_a_case_and_sees_what_each_step_changed(database_url: str) -> None:
    known = lived(database_url, 4)
    newest = max(known)
    case = max(known[newest], key=lambda one: len(steps_of(database_url, one)))
    positions = steps_of(database_url, case)

    async def walk(replays: PostgresReplays) -> None:
        replaying = desk(replays)
        then = await replaying.case(AUDITOR, UUID(case), newest)
        assert (then.position, then.next) == (positions[-1], None)
        back = [then.position]
        while then.previous is not None:
            then = await replaying.case(AUDITOR, UUID(case), then.previous)
            back.append(then.position)
        assert back == positions[::-1]
        with pytest.raises(NoSuchCase):
            await replaying.case(AUDITOR, UUID(case), positions[0] - 1)
        for before, after in pairwise(positions):
            found = await replaying.difference(AUDITOR, UUID(case), before, after)
            assert [step.position for step in found.steps] == [after]
            changed = {one.name: (_instant(one.before), _instant(one.after)) for one in found.changes}
            old, new = known[before][case], known[after][case]
            assert changed == {name: (old[name], value) for name, value in new.items() if old[name] != value}

    asked(database_url, walk)


def test_a_board_of_the_past_is_paged_and_filtered_as_it_stood(database_url: str) -> None:
    known = lived(database_url, 5)
    middle = max(known) // 2
    issues = {one: row for one, row in known[middle].items() if "lead" in row and "returns" in row}

    async def look(replays: PostgresReplays) -> None:
        replaying = desk(replays)
        found, before = [], None
        while True:
            page = await replaying.board(AUDITOR, town.DISTRICT, middle, Wanted(), before, 2)
            found += [str(one.id) for one in page.items]
            before = page.next
            if before is None:
                break
        assert sorted(found) == sorted(issues)
        for stage in {row["stage"] for row in issues.values()}:
            page = await replaying.board(AUDITOR, town.DISTRICT, middle, Wanted(stages=[stage]), None, 200)
            assert {str(one.id) for one in page.items} == {one for one, row in issues.items() if row["stage"] == stage}

    asked(database_url, look)


def test_a_moment_is_the_last_event_recorded_by_then_and_strangers_are_refused(database_url: str) -> None:
    known = lived(database_url, 6)
    middle = max(known) // 2
    ((recorded,),) = ask(database_url, "SELECT recorded_at FROM event WHERE position = %s", middle)
    ((last,),) = ask(database_url, "SELECT max(position) FROM event WHERE recorded_at <= %s", recorded)
    (case,) = ask(database_url, "SELECT stream_id FROM event WHERE position = %s", middle)[0]

    async def look(replays: PostgresReplays) -> None:
        replaying = desk(replays)
        assert await replaying.position(AUDITOR, town.DISTRICT, recorded) == last
        with pytest.raises(NoSuchLog):
            await replaying.position(AUDITOR, "999999", 1)
        handler = Actor("h", frozenset({Role.HANDLER}), "U", (town.CITY,))
        with pytest.raises(WrongRole):
            await replaying.case(handler, case, middle)
        elsewhere = Actor("a", frozenset({Role.AUDITOR}), "U", ("1507859",))
        with pytest.raises(NoSuchCase):
            await replaying.case(elsewhere, case, middle)

    asked(database_url, look)


def desk(replays: PostgresReplays) -> Replaying:
    class NoNames:
        def __getattr__(self, _name: str) -> Any:
            def unknown(code: str, **_: Any) -> Any:
                raise NoSuchCase(case=code)

            return unknown

    nobody: Any = NoNames()
    return Replaying(replays, [town.DISTRICT], lambda _: chinese_office_calendar(), nobody)


def steps_of(url: str, case: str) -> list[int]:
    query = "SELECT position FROM event WHERE stream_id = %s ORDER BY position"
    return [position for (position,) in ask(url, query, case)]
