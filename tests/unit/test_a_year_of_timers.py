"""A simulated year: every timer fires once, whatever workers do; none on what stands or is decided; all in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

from domain.case_id import new_case_id
from tests.timer_year import BEGAN, DISTRICTS, LIMITS, Life, Year, hours, lives

CASES, DAYS = 10_000, 365


def test_a_year_of_ten_thousand_cases_with_two_workers_restarts_and_days_down() -> None:
    visits = hours(DAYS, down=[(40, 41), (180, 181), (300, 303)])
    year = Year(lives(CASES, DAYS - 60, seed=11), visits, seed=12)
    asyncio.run(year.live())
    fired = year.fired()
    for life in year.lives:
        once, must, may = fired[life.id], life.expected(year.sighted), life.expected(visits)
        # A worker with an old list may not have known yet what another visit would have found.
        assert once == may or (set(must) <= set(once) <= set(may) and len(once) == len(set(once)))
        assert once == sorted(once, key=lambda told: told[1])
    told = Counter(what for one in fired.values() for what, _ in one)
    assert min(told[what] for what in (50, 80, 100, "lead")) > 1_000
    assert sum(fired[life.id] != life.expected(visits) for life in year.lives) < CASES / 100


def test_what_is_caught_up_after_a_day_down_fires_in_order_over_all_cases_of_a_log() -> None:
    down = hours(20, down=[(8, 9)])
    back = next(at for at in down if at >= BEGAN + timedelta(days=9))
    year = Year(lives(900, 9, seed=3), [at for at in down if at <= back], seed=4, page=7)
    until = len(year.visits) - 1

    async def story() -> int:
        visits, year.visits = year.visits, year.visits[:until]
        await year.live()
        before = {log.log_id: len(log.recorded) for log in year.books.every()}
        assert await year.worker().catch_up(visits[-1]) > 50
        caught = 0
        for log in year.books.every():
            events: list[Any] = [one.event for one in log.recorded[before[log.log_id] :]]
            instants = [event.reached_at for event in events if event.TOPIC.startswith("issue.deadline_")]
            assert all(one <= other for one, other in pairwise(instants))
            caught += len(instants)
        return caught

    assert asyncio.run(story()) > 50


def test_a_log_with_one_timer_does_not_wait_for_the_end_of_anothers_backlog() -> None:
    crowd, alone = DISTRICTS[0], DISTRICTS[-1]
    limit, start = LIMITS[-1], BEGAN
    many = [Life(new_case_id(crowd, start, nth.to_bytes(8, "big")), limit, start, None, None) for nth in range(60)]
    one = Life(new_case_id(alone, start, bytes(8)), limit, start, None, None)
    year = Year([*many, one], [], seed=1, page=10)
    now = BEGAN + timedelta(days=9)

    async def story() -> tuple[int, int]:
        for life in year.lives:
            await year.act(life, "assign", life.start)
        year.books.follow()
        worker = year.worker()
        await worker.round(now)
        told = len(year.fired()[one.id])
        waiting = sum(len(year.fired()[life.id]) == 0 for life in many)
        await worker.catch_up(now)
        return told, waiting

    told, waiting = asyncio.run(story())
    assert told > 0, "in the very first round, though its log comes last"
    assert waiting >= 50, "of the crowd only a page had its turn"
    assert {len(events) for events in year.fired().values()} == {4}
