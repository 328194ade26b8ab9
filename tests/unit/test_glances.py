"""What boards ask: the same question is counted once, whoever asks, and only as long as its answer holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from application.registry.registry import Registry
from application.statistics.answers import CountedCase
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.glances import KEPT_SECONDS, SETTLED, Glances, RememberedFacts
from application.statistics.reading import Asked, Cell, Chosen, Facts, Mark
from domain.actor import Actor, Role
from domain.statistics.number import Number
from domain.statistics.numbers import NUMBERS
from domain.statistics.refusals import TooManyGroups
from tests import town

MOMENT = datetime(2026, 3, 18, 12, tzinfo=UTC)
MARCH = Filter(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
SUPERVISOR = Actor("supervisor", frozenset({Role.SUPERVISOR}), "U-CENTRE", (town.CITY,))
HANDLER = Actor("roads", frozenset({Role.HANDLER}), town.ROADS, (town.CITY,))
BOUND = Bound(MOMENT, {town.DISTRICT: 7})
QUESTION = Asked(NUMBERS["response_rate"], SUPERVISOR, MARCH, BOUND, Grouping(Dimension.STREET))


class Counted:
    """Facts that count how often they are asked."""

    def __init__(self) -> None:
        self.times = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.refuses = False

    async def tally(self, _asked: Asked) -> list[Cell]:
        self.times += 1
        times = self.times
        await self.may_answer.wait()
        if self.refuses:
            raise TooManyGroups(most=1)
        return [Cell("", "", "yes//", False, times)]

    async def counted(self, _asked: Asked, _chosen: Chosen, _after: Mark | None, _limit: int) -> list[CountedCase]:
        self.times += 1
        return []

    async def reached(self) -> Mapping[str, int]:
        self.times += 1
        return {town.DISTRICT: self.times}


def remembered(facts: Counted, stopwatch: Callable[[], float] = lambda: 0.0) -> RememberedFacts:
    return RememberedFacts(cast(Facts, facts), stopwatch)


def asked_twice(one: Asked, other: Asked, stopwatch: Callable[[], float] = lambda: 0.0) -> int:
    """How often facts were asked for two questions."""

    async def run() -> int:
        facts = Counted()
        memory = remembered(facts, stopwatch)
        await memory.tally(one)
        await memory.tally(other)
        return facts.times

    return asyncio.run(run())


def about(number: str, **changed: Any) -> Asked:
    return replace(QUESTION, number=NUMBERS[number], **changed)


SAME: list[Asked] = [
    QUESTION,
    about("satisfaction_rate"),
    about("resolution_rate", bound=replace(BOUND, moment=MOMENT + timedelta(hours=1))),
    about("response_rate", actor=replace(SUPERVISOR, id="supervisor-2", unit="U-2")),
]
OTHER: list[Asked] = [
    about("on_time_close"),
    about("valid_call_back_rate"),
    about("response_rate", bound=replace(BOUND, positions={town.DISTRICT: 8})),
    about("response_rate", actor=replace(SUPERVISOR, areas=(town.STREET,))),
    about("response_rate", actor=HANDLER),
    about("response_rate", filter=replace(MARCH, channel="web")),
    about("response_rate", grouping=Grouping(Dimension.GRID)),
    about("response_rate", excluded_channels=frozenset({"web"})),
]


@pytest.mark.parametrize("question", SAME)
def test_what_goes_by_the_same_facts_is_counted_once(question: Asked) -> None:
    assert asked_twice(QUESTION, question) == 1


@pytest.mark.parametrize("question", OTHER)
def test_whatever_facts_go_by_is_told_apart(question: Asked) -> None:
    assert asked_twice(QUESTION, question) == 2


@pytest.mark.parametrize("number", [NUMBERS["on_time_close"], NUMBERS["due_soon"]], ids=lambda one: one.id)
def test_what_falls_due_is_of_its_moment(number: Number) -> None:
    now = replace(QUESTION, number=number)
    assert asked_twice(now, replace(now, bound=replace(BOUND, moment=MOMENT + timedelta(seconds=1)))) == 2


def test_what_had_fallen_due_when_the_period_ended_does_not_change_after_it() -> None:
    over = about("on_time_close", bound=replace(BOUND, moment=MARCH.end + timedelta(days=1)))
    assert asked_twice(over, replace(over, bound=replace(BOUND, moment=MARCH.end + timedelta(days=2)))) == 1


def test_an_answer_is_asked_for_anew_after_a_while() -> None:
    ticks = iter([0.0, KEPT_SECONDS - 1, KEPT_SECONDS])

    async def run() -> list[int]:
        memory = remembered(Counted(), lambda: next(ticks))
        return [(await memory.tally(QUESTION))[0].n for _ in range(3)]

    assert asyncio.run(run()) == [1, 1, 2]


def test_who_goes_away_does_not_take_the_answer_from_the_others() -> None:
    async def run() -> tuple[int, int]:
        facts = Counted()
        facts.may_answer.clear()
        memory = remembered(facts)
        first = asyncio.create_task(memory.tally(QUESTION))
        second = asyncio.create_task(memory.tally(QUESTION))
        await asyncio.sleep(0)
        first.cancel()
        facts.may_answer.set()
        return (await second)[0].n, facts.times

    assert asyncio.run(run()) == (1, 1)


def test_first_pages_of_lists_are_remembered_and_no_others() -> None:
    chosen, after = Chosen("150785001", None, ["yes//"], False), Mark(MOMENT, UUID(int=1), "called_back", 1)

    async def run() -> list[int]:
        facts = Counted()
        memory = remembered(facts)
        times = []
        other = chosen._replace(key="other")
        for ask in (
            (chosen, None, 50), (chosen, None, 50), (other, None, 50), (chosen, after, 50), (chosen, after, 50),
            (chosen, None, 5_000), (chosen, None, 5_000),
        ):  # fmt: skip
            await memory.counted(QUESTION, *ask)
            times.append(facts.times)
        return times

    assert asyncio.run(run()) == [1, 1, 2, 3, 4, 5, 6]


def test_a_refusal_is_not_remembered() -> None:
    async def run() -> int:
        facts = Counted()
        memory = remembered(facts)
        facts.refuses = True
        with pytest.raises(TooManyGroups):
            await memory.tally(QUESTION)
        await asyncio.sleep(0)
        facts.refuses = False
        return (await memory.tally(QUESTION))[0].n

    assert asyncio.run(run()) == 2


def test_the_present_of_a_board_stands_still_for_a_moment() -> None:
    async def run() -> list[Bound]:
        glances = Glances(cast(Facts, Counted()), cast(Registry, None), lambda: 0.0)
        return [await glances.bound(None, MOMENT + after) for after in (timedelta(), SETTLED / 2, SETTLED)]

    first, second, third = asyncio.run(run())
    assert first is second
    assert third == Bound(MOMENT + SETTLED, {town.DISTRICT: 2})
