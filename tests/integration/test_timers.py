"""定时 on PostgreSQL: found by the board, fired once by two workers, after a restart and a day down, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from application.command import Command
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.vocabulary import Channel, RequestKind, ReturnReason
from infrastructure.timer_work import TimerWork
from interfaces.wiring import House, Settings, open_house
from tests import town
from tests.projecting import ask, until
from tests.tampering import tamper

NINE = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NINE + 2 * DAY
Story = Callable[[House], Coroutine[Any, Any, None]]
FIRED = (
    "SELECT topic, stream_id, convert_from(state, 'UTF8')::jsonb FROM event"
    " WHERE topic ~ 'deadline_|came_due' ORDER BY position"
)


def actor(id: str, role: Role, unit: str) -> Actor:
    return Actor(id, frozenset({role}), unit, (town.DISTRICT,))


DISPATCHER = actor("dispatcher", Role.DISPATCHER, "U-CENTRE")
ROADS = actor("roads", Role.HANDLER, town.ROADS)


async def assigned(house: House, at: datetime = NINE) -> UUID:
    """An issue of a request, with two workdays to handle it."""
    services = house.services
    received = await services.requests.receive(
        Command(Act(actor("receiver", Role.RECEIVER, "U-CENTRE"), at)), details={"text": "路灯不亮"},
        kind=RequestKind.HELP, channel=Channel.HOTLINE, place=town.GRID, category=town.LAMPS,
    )  # fmt: skip
    dispatched = await services.requests.dispatch(
        received.id, Command(Act(DISPATCHER, at)), grid=None, category=town.LAMPS, lead=town.ROADS
    )
    return dispatched.id


def told(url: str, story: Story, *, build: bool = True) -> None:
    async def run() -> None:
        async with open_house(Settings(database_url=url)) as house:
            if build:
                await town.build(house.services)
            await story(house)

    asyncio.run(run())


def fired(url: str) -> list[tuple[str, UUID, dict[str, Any]]]:
    return [(topic, stream, state) for topic, stream, state in ask(url, FIRED)]


def test_what_fires_stands_on_the_case_and_the_board_knows_what_is_next(database_url: str) -> None:
    async def story(house: House) -> None:
        issue = await assigned(house)
        await house.projector.catch_up()
        assert ask(database_url, "SELECT fires_at FROM issue_board") == [(NINE + DAY,)]
        assert await house.services.timers.catch_up(NINE + DAY - HOUR) == 0
        assert await house.services.timers.catch_up(NINE + DAY) == 1
        await house.projector.catch_up()
        ((next_at,),) = ask(database_url, "SELECT fires_at FROM issue_board")
        assert NINE + DAY < next_at < DUE
        assert await house.services.timers.catch_up(DUE + 99 * DAY) == 5
        await house.projector.catch_up()
        assert ask(database_url, "SELECT fires_at FROM issue_board") == [(None,)]
        assert await house.services.timers.catch_up(DUE + 99 * DAY) == 0
        case = await house.services.logs.holding(issue).load(GridIssue, issue)
        assert len(case.timers.fired) == 5

    told(database_url, story)
    topics = Counter(topic for topic, *_ in fired(database_url))
    assert topics == {"issue.deadline_warned": 3, "issue.deadline_missed": 2, "request.call_back_came_due": 1}


def test_the_board_s_next_timer_is_the_case_s_through_returns_and_rework(database_url: str) -> None:
    async def story(house: House) -> None:
        services = house.services
        issue = await assigned(house)
        log = services.logs.holding(issue)

        async def do(at: datetime, decide: Callable[[GridIssue, Act], None], who: Actor = ROADS) -> None:
            case = await log.load(GridIssue, issue)
            decide(case, Act(who, at, "须说明"))
            await log.save(case)
            await house.projector.catch_up()
            case = await log.load(GridIssue, issue)
            ((fires_at,),) = ask(database_url, "SELECT fires_at FROM issue_board")
            assert fires_at == services.timers.next_of(case)

        terms = services.issues.same_terms
        verifier = actor("verifier", Role.VERIFIER, "U-CENTRE")
        await do(NINE, lambda case, act: case.accept(act))
        await do(NINE + HOUR, lambda case, act: case.ask_return(act, code=ReturnReason.NOT_OUR_DUTY))
        await do(NINE + 3 * HOUR, lambda case, act: case.refuse_return(act, terms=terms(case)), DISPATCHER)
        await services.timers.settle(issue, NINE + DAY + 3 * HOUR)
        await do(NINE + DAY + 3 * HOUR, lambda case, act: case.resolve(act, measure="修复"))
        await do(NINE + DAY + 5 * HOUR, lambda case, act: case.check(act, passed=False), verifier)
        await do(NINE + DAY + 6 * HOUR, lambda case, act: case.order_rework(act, terms=terms(case)), verifier)
        await services.timers.settle(issue, NINE + 9 * DAY)
        await do(NINE + 9 * DAY, lambda case, act: case.accept(act))

    told(database_url, story)


def test_who_misses_the_limit_is_passed_up_at_that_instant_where_the_city_wants_it(database_url: str) -> None:
    async def run(*, wanted: bool) -> list[tuple[str, str]]:
        async with open_house(Settings(database_url=database_url, escalate_missed=wanted)) as house:
            services = house.services
            if not wanted:
                await town.build(services)
            received = await services.requests.receive(
                Command(Act(actor("receiver", Role.RECEIVER, "U-CENTRE"), NINE)), details={"text": "垃圾"},
                kind=RequestKind.HELP, channel=Channel.HOTLINE, place=town.GRID, category=town.RUBBISH,
            )  # fmt: skip
            order = Command(Act(DISPATCHER, NINE))
            issue = await services.requests.dispatch(
                received.id, order, grid=None, category=town.RUBBISH, lead=town.STREET_OFFICE
            )
            await services.timers.settle(issue.id, NINE + DAY)
            case = await services.logs.holding(issue.id).load(GridIssue, issue.id)
            return [(one.level.value, one.unit) for one in case.passed_up]

    assert asyncio.run(run(wanted=False)) == []
    assert asyncio.run(run(wanted=True)) == [("district", "U-CENTRE")]


def test_two_workers_a_restart_and_a_day_down_fire_everything_once_and_in_order(database_url: str) -> None:
    cases = 60
    starts = [NINE + nth * timedelta(minutes=7) for nth in range(cases)]

    async def begin(house: House) -> None:
        for start in starts:
            await assigned(house, start)
        await house.projector.catch_up()
        # The worker is killed with its page half done: what it fired is fired.
        work = asyncio.create_task(house.services.timers.catch_up(NINE + DAY + HOUR))

        async def begun() -> bool:
            return len(fired(database_url)) >= 3

        await until(begun)
        work.cancel()

    async def both() -> None:
        async with AsyncExitStack() as stack:
            settings = Settings(database_url=database_url)
            houses = [await stack.enter_async_context(open_house(settings)) for _ in range(2)]
            for now in (NINE + DAY + 2 * HOUR, DUE + DAY, DUE + 2 * DAY):
                await houses[0].projector.catch_up()
                await asyncio.gather(*(house.services.timers.catch_up(now) for house in houses))

    told(database_url, begin)
    asyncio.run(both())
    found = fired(database_url)
    once = Counter((stream, topic, state.get("clock"), state.get("percent")) for topic, stream, state in found)
    assert set(once.values()) == {1}
    assert len(once) == 6 * cases
    per_case: dict[UUID, list[datetime]] = {}
    for topic, stream, state in found:
        if topic.startswith("issue."):
            per_case.setdefault(stream, []).append(datetime.fromisoformat(state["reached_at"]))
    assert all(one <= other for instants in per_case.values() for one, other in pairwise(instants))


def test_a_case_that_cannot_fire_is_set_aside_and_reported_and_the_others_go_on(database_url: str) -> None:
    async def story(house: House) -> None:
        bad, good = await assigned(house), await assigned(house, NINE + HOUR)
        await house.projector.catch_up()
        tamper(database_url, "UPDATE event SET topic = 'issue.invented' WHERE stream_id = %s AND version = 4", bad)
        done = await house.services.timers.round(NINE + DAY + 2 * HOUR)
        assert [case_id for case_id, _ in done.set_aside] == [bad]
        assert [stream for _, stream, _ in fired(database_url)] == [good]
        assert not (await house.services.timers.round(NINE + DAY + 2 * HOUR)).set_aside
        tamper(database_url, "UPDATE event SET topic = 'issue.assigned' WHERE stream_id = %s AND version = 4", bad)
        assert await house.services.timers.catch_up(NINE + DAY + 3 * HOUR) == 1
        assert isinstance(house.timer_work, TimerWork)
        await house.timer_work.look()

    told(database_url, story)


def test_an_order_given_on_what_was_seen_before_a_timer_fired_is_not_stale(database_url: str) -> None:
    async def story(house: House) -> None:
        issue = await assigned(house)
        await house.services.timers.settle(issue, DUE + DAY)
        order = Command(Act(ROADS, NINE + HOUR), version=4)
        receipt = await house.services.cases.change(GridIssue, issue, order, lambda case: case.accept(order.act))
        assert receipt.version > 5

    told(database_url, story)
