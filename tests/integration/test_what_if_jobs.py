"""试算 as jobs: the same rules change nothing, other rules tell who would have been late, and nothing is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, LiteralString, TypeVar

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from application.demonstration.load import load_demonstration
from application.demonstration.units_and_staff import ADMIN
from application.registry.calendars_in_force import CalendarsInForce
from application.statistics.supposing import CaseHistory, SupposedRules
from application.statistics.what_if import JobState, Supposition, Weights, WhatIfJob, WhatIfQuestion
from domain.actor import Act, Role
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.refusals import NoSuchEntry, WrongRole
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.statistics.clock_runs import ClockRun
from domain.statistics.what_if_limits import as_recorded, supposed
from domain.statistics.what_if_refusals import NoSuchWhatIf, TooManyWhatIfs, WhatIfEmpty, WhatIfOver
from infrastructure.calendars import chinese_office_calendar
from infrastructure.statistics.what_if_histories import PostgresHistories
from infrastructure.statistics.what_if_jobs import PostgresJobs
from infrastructure.statistics.what_if_work import WhatIfWork
from interfaces.wiring import House, Settings, open_house

WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
THREE_WEEKS = (WEDNESDAY - timedelta(days=22), WEDNESDAY + timedelta(days=1))
SHORT = "short-2026"
T = TypeVar("T")


def within(url: str, ask: Callable[[House], Awaitable[T]]) -> T:
    async def opened() -> T:
        async with open_house(Settings(database_url=url)) as house:
            return await ask(house)

    return asyncio.run(opened())


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def log_of(url: str) -> list[tuple[Any, ...]]:
    """What would tell that something was recorded."""
    return rows(url, "SELECT log_id, count(*), max(position) FROM event GROUP BY 1 ORDER BY 1")


def act(house: House) -> Act:
    return Act(house.services.registry.actor(ADMIN), WEDNESDAY)


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    """The demonstration district with its boards, and a draft of much shorter limits."""

    async def load(house: House) -> None:
        await load_demonstration(house.services, WEDNESDAY)
        editions = house.services.limit_editions
        hour = LimitRule.checked(
            number="1", name="一小时", rank=9, limits={LimitStage.HANDLE: Limit(1, LimitUnit.URGENT_HOUR)}
        )
        await editions.draft(act(house), code=SHORT, name="从速", source="")
        await editions.lay(act(house), code=SHORT, rules=[hour])
        await house.projector.catch_up()

    within(module_database_url, load)
    return module_database_url


async def ask(house: House, supposition: Supposition) -> WhatIfJob:
    return await house.services.what_ifs.ask(act(house), WhatIfQuestion(*THREE_WEEKS, supposition))


def worked_off(url: str, supposition: Supposition) -> WhatIfJob:
    async def work(house: House) -> WhatIfJob:
        job = await ask(house, supposition)
        await house.what_if_work.look()
        return await house.services.what_ifs.find(act(house).actor, job.id)

    return within(url, work)


async def histories(house: House, url: str, job: WhatIfJob) -> list[CaseHistory]:
    found: list[CaseHistory] = []
    async with AsyncConnectionPool[Any](url, min_size=1) as pool:
        past = PostgresHistories(pool, house.logs.city.log_id)
        for log_id in job.positions:
            while cases := await past.page(job, log_id, found[-1].number if found else 0):
                found += cases
    return found


def in_force(house: House) -> str:
    found = house.services.registry.entries(LimitRules, lambda one: one.published_at is not None, limit=9)
    return found[0].code


@pytest.mark.parametrize("same", ["nothing", "the edition in force"])
def test_under_the_same_edition_and_calendar_every_clock_of_every_case_is_as_recorded(district: str, same: str) -> None:
    async def compare(house: House) -> list[list[ClockRun]]:
        registry = house.services.registry
        job = await ask(house, Supposition(limits=in_force(house)))
        rules = await house.what_if_work.rules(job)
        if same == "nothing":
            rules = SupposedRules(registry, CalendarsInForce(registry, chinese_office_calendar()), rules.measures)
        return [_equal(case, rules) for case in await histories(house, district, job)]

    runs = within(district, compare)
    assert len(runs) > 150
    assert {run.stage for case in runs for run in case} == set(LimitStage)


def _equal(case: CaseHistory, rules: SupposedRules) -> list[ClockRun]:
    recorded = as_recorded(case.steps, case.deeds)
    assert supposed(case.steps, case.deeds, rules) == recorded, case.number
    return recorded


def test_what_is_taken_as_recorded_is_what_the_board_says(district: str) -> None:
    async def recorded(house: House) -> dict[int, tuple[datetime, bool | None]]:
        job = await ask(house, Supposition(limits=in_force(house)))
        found: dict[int, tuple[datetime, bool | None]] = {}
        for case in await histories(house, district, job):
            for run in as_recorded(case.steps, case.deeds):
                if run.stage is LimitStage.HANDLE:
                    found[case.number] = run.due, None if run.done_at is None else run.late(WEDNESDAY)
        return found

    told = within(district, recorded)
    board = "SELECT number, due, overdue FROM served_issue WHERE number = ANY('{%s}') AND stage NOT IN ('returned')"
    shown = rows(district, board % ",".join(map(str, told)))
    assert len(shown) > 100
    assert {number: (due, overdue) for number, due, overdue in shown} == {one[0]: told[one[0]] for one in shown}


def test_under_the_edition_in_force_nobody_would_have_been_late_who_was_not(district: str) -> None:
    edition = within(district, lambda house: _named(house))
    job = worked_off(district, Supposition(limits=edition))
    assert job.state is JobState.DONE
    assert job.result is not None
    assert (job.result["newly_late"], job.result["no_longer_late"], job.result["listed"]) == (0, 0, 0)
    assert job.result["clocks"]
    assert all(row["then"] == row["now"] for row in job.result["clocks"])


async def _named(house: House) -> str:
    return in_force(house)


def test_a_limit_of_an_hour_makes_a_known_case_late_and_writes_nothing(district: str) -> None:
    before = log_of(district)
    job = worked_off(district, Supposition(limits=SHORT))
    assert log_of(district) == before
    assert job.result is not None
    handled = "SELECT i.id FROM served_issue i WHERE i.overdue = false AND i.round = 1 AND i.returns = 0"
    slow = {row[0] for row in rows(district, f"{handled} AND i.resolved_at > i.assigned_at + interval '1 day'")}
    found = "SELECT case_id FROM what_if_case WHERE late_now AND job = "
    listed = {row[0] for row in rows(district, f"{found}'{job.id}'")}
    exempt = {row[0] for row in rows(district, "SELECT id FROM served_issue WHERE exempt OR extensions > 0")}
    gone = {row[0] for row in rows(district, "SELECT id FROM served_issue WHERE stage IN ('voided', 'merged')")}
    assert slow - exempt - gone
    assert slow - exempt - gone <= listed
    handle = next(row for row in job.result["clocks"] if row["clock"] == "handle")
    assert handle["now"]["rate"] < handle["then"]["rate"]
    units = [row for row in job.result["groups"]["unit"] if row["clock"] == "handle"]
    assert {row["rank_now"] for row in units if row["now"]["due"]} >= {1}
    assert all(row["name"] != row["key"] for row in units)


def test_cases_are_paged_and_those_late_no_longer_are_asked_for_apart(district: str) -> None:
    job = worked_off(district, Supposition(limits=SHORT))

    async def pages(house: House) -> tuple[list[int], int]:
        actor, what_ifs = act(house).actor, house.services.what_ifs
        seen: list[int] = []
        while found := await what_ifs.changed(
            actor, job.id, late_now=True, clock="handle", after=seen[-1] if seen else 0, limit=7
        ):
            seen += [one.nth for one in found]
        rest = await what_ifs.changed(actor, job.id, late_now=False, clock=None, after=0, limit=500)
        return seen, len(rest)

    seen, no_longer = within(district, pages)
    assert seen == sorted(set(seen))
    assert job.result is not None
    assert no_longer == job.result["no_longer_late"]
    assert len(seen) > 7


def test_a_calendar_that_never_rests_measures_all_clocks(district: str) -> None:
    async def day_and_night(house: House) -> None:
        calendars = house.services.calendars
        await calendars.open(
            act(house),
            code="round-the-clock",
            name="全天",
            zone="Asia/Shanghai",
            periods=[(time(0), time(0))],
            weekend=[],
        )

    within(district, day_and_night)
    job = worked_off(district, Supposition(calendar="round-the-clock"))
    assert job.state is JobState.DONE
    assert job.result is not None
    assert job.result["newly_late"] > 0
    assert job.result["no_longer_late"] == 0


def test_what_supposes_nothing_or_is_asked_by_a_worker_is_refused(district: str) -> None:
    async def refused(house: House) -> None:
        what_ifs, question = house.services.what_ifs, WhatIfQuestion(*THREE_WEEKS, Supposition())
        with pytest.raises(WhatIfEmpty):
            await what_ifs.ask(act(house), question)
        with pytest.raises(NoSuchEntry):
            await ask(house, Supposition(limits="never-laid"))
        with pytest.raises(NoSuchEntry):
            await ask(house, Supposition(calendar="never-opened"))
        worker = replace(act(house), actor=replace(act(house).actor, roles=frozenset({Role.WORKER})))
        with pytest.raises(WrongRole):
            await what_ifs.ask(worker, question)

    within(district, refused)


def test_nobody_has_more_than_five_open_and_only_the_asker_sees_theirs(database_url: str) -> None:
    async def crowd(house: House) -> None:
        await load_demonstration(house.services, WEDNESDAY, scale=0.01)
        jobs = [await ask(house, Supposition(limits=in_force(house))) for _ in range(5)]
        with pytest.raises(TooManyWhatIfs):
            await ask(house, Supposition(limits=in_force(house)))
        other = replace(act(house).actor, id="another")
        with pytest.raises(NoSuchWhatIf):
            await house.services.what_ifs.find(other, jobs[0].id)
        with pytest.raises(NoSuchWhatIf):
            await house.services.what_ifs.cancel(replace(act(house), actor=other), jobs[0].id)
        cancelled = await house.services.what_ifs.cancel(act(house), jobs[0].id)
        assert cancelled.state is JobState.CANCELLED
        with pytest.raises(WhatIfOver):
            await house.services.what_ifs.cancel(act(house), jobs[0].id)
        await ask(house, Supposition(limits=in_force(house)))

    within(database_url, crowd)


class Halting(PostgresHistories):
    """Reads one page, then waits to be let go on, as a process does that was stopped in the midst of its work."""

    def __init__(self, pool: AsyncConnectionPool[Any], city: str) -> None:
        super().__init__(pool, city)
        self.halted, self.let_go = asyncio.Event(), asyncio.Event()

    async def page(self, job: WhatIfJob, log_id: str, after: int) -> Sequence[CaseHistory]:
        if after:
            self.halted.set()
            await self.let_go.wait()
        return await super().page(job, log_id, after)


def listed(url: str, job: WhatIfJob) -> list[tuple[Any, ...]]:
    columns = "nth, log_id, case_id, number, clock, unit, place, due_then, due_now, late_then, late_now"
    return rows(url, f"SELECT {columns} FROM what_if_case WHERE job = '{job.id}' ORDER BY nth")  # noqa: S608  our own id


def test_the_job_of_a_worker_that_is_gone_goes_on_where_that_was_left(district: str) -> None:
    whole = worked_off(district, Supposition(limits=SHORT))

    async def interrupted(house: House) -> tuple[int, WhatIfJob]:
        services = house.services
        job = await ask(house, Supposition(limits=SHORT))
        async with AsyncConnectionPool[Any](district, min_size=1) as pool:
            halting = Halting(pool, services.logs.city.log_id)
            calendars = CalendarsInForce(services.registry, chinese_office_calendar())
            gone = WhatIfWork(
                PostgresJobs(pool), halting, services.registry, calendars, services.statistics, services.policies
            )
            hanging = asyncio.create_task(gone.look())
            await halting.halted.wait()
            half = (await services.what_ifs.find(act(house).actor, job.id)).done
            await house.what_if_work.look()
            assert (await services.what_ifs.find(act(house).actor, job.id)).state is JobState.RUNNING, "its lease holds"
            await pool_execute(pool, "UPDATE what_if_job SET lease_until = clock_timestamp() - interval '1 second'")
            await house.what_if_work.look()
            # Whoever was only slow finds that it is not theirs any more, and changes nothing.
            halting.let_go.set()
            await asyncio.wait_for(hanging, 30)
        return half, await services.what_ifs.find(act(house).actor, job.id)

    half, job = within(district, interrupted)
    assert 0 < half < job.done == whole.done
    assert job.state is JobState.DONE
    assert job.result == whole.result
    assert listed(district, job) == listed(district, whole)


async def pool_execute(pool: AsyncConnectionPool[Any], statement: LiteralString) -> None:
    async with pool.connection() as connection:
        await connection.execute(statement)


def test_a_job_that_is_cancelled_while_it_is_worked_on_ends_there(district: str) -> None:
    async def cancelled(house: House) -> WhatIfJob:
        services = house.services
        job = await ask(house, Supposition(limits=SHORT))
        async with AsyncConnectionPool[Any](district, min_size=1) as pool:
            halting = Halting(pool, services.logs.city.log_id)
            calendars = CalendarsInForce(services.registry, chinese_office_calendar())
            work = WhatIfWork(
                PostgresJobs(pool), halting, services.registry, calendars, services.statistics, services.policies
            )
            working = asyncio.create_task(work.look())
            await halting.halted.wait()
            await services.what_ifs.cancel(act(house), job.id)
            halting.let_go.set()
            await asyncio.wait_for(working, 30)
        return await services.what_ifs.find(act(house).actor, job.id)

    job = within(district, cancelled)
    assert job.state is JobState.CANCELLED
    assert job.result is None
    assert job.finished_at is not None


def test_other_weights_tell_the_rates_before_and_after(district: str) -> None:
    job = worked_off(district, Supposition(weights=Weights("0.5", "1")))
    assert job.result is not None
    voices = job.result["weights"]
    then, now = voices["pooled"]["then"], voices["pooled"]["now"]
    assert then["response"] == now["response"]
    assert then["satisfaction"] > now["satisfaction"]
    assert then["resolution"] < now["resolution"]
    assert {row["rank_now"] for row in voices["unit"]} >= {1}
    assert voices["weights_then"]["basically_satisfied"] == "9/10"


def test_weights_as_they_are_change_no_rate(district: str) -> None:
    job = worked_off(district, Supposition(weights=Weights("0.9", "0")))
    assert job.result is not None
    told = [job.result["weights"]["pooled"], *job.result["weights"]["unit"], *job.result["weights"]["street"]]
    assert [one for one in told if one["then"] != one["now"]] == []


def test_a_draft_changed_since_it_was_asked_about_ends_the_job(district: str) -> None:
    async def changed(house: House) -> WhatIfJob:
        services = house.services
        rule = LimitRule.checked(number="1", name="两小时", limits={LimitStage.HANDLE: Limit(2, LimitUnit.URGENT_HOUR)})
        await services.limit_editions.draft(act(house), code="changing", name="在改", source="")
        await services.limit_editions.lay(act(house), code="changing", rules=[rule])
        job = await ask(house, Supposition(limits="changing"))
        await services.limit_editions.drop(act(house), code="changing", numbers=["1"])
        await house.what_if_work.look()
        return await services.what_ifs.find(act(house).actor, job.id)

    job = within(district, changed)
    assert job.state is JobState.FAILED
    assert "changing" in job.failure
