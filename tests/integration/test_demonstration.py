"""示范区: loads whole, once, whatever interrupts it; every step went through a use case and every stage occurs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

from application.demonstration import renumbering
from application.demonstration.cases import all_stories
from application.demonstration.dispatching import RULES
from application.demonstration.load import DEMO_STAFF, Loaded, load_demonstration
from application.demonstration.places import GRIDS, RENUMBERED
from application.demonstration.units_and_staff import ADMIN
from application.moving_cases import Moves
from application.views import Question
from domain.actor import Act, Role
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.registry.address import Address
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.whistle import Whistle
from infrastructure.calendars import chinese_office_calendar
from infrastructure.event_mapper import event_classes
from interfaces.wiring import House, Settings, open_house

ROOT = Path(__file__).parents[2]
WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
LATER = WEDNESDAY + timedelta(hours=30)
SMALL = 0.1
T = TypeVar("T")


def within(url: str, ask: Callable[[House], Awaitable[T]]) -> T:
    """What `ask` finds out in a house on this database."""

    async def opened() -> T:
        async with open_house(Settings(database_url=url)) as house:
            return await ask(house)

    return asyncio.run(opened())


def load(url: str, now: datetime, scale: float = 1.0) -> Loaded:
    return within(url, lambda house: load_demonstration(house.services, now, scale=scale))


def column(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query.encode()).fetchall()]


def steps_of(scale: float) -> int:
    """How many steps a whole load has, the two of the finale among them."""
    calendar = chinese_office_calendar()
    told = [*all_stories(WEDNESDAY, scale, calendar), *renumbering.stories(WEDNESDAY, calendar)]
    return sum(map(len, told)) + 2


@pytest.fixture(scope="module")
def district(module_database_url: str) -> tuple[str, Loaded]:
    """A whole district with its boards, and what loading it said."""

    async def load_and_project(house: House) -> Loaded:
        loaded = await load_demonstration(house.services, WEDNESDAY)
        await house.projector.catch_up()
        return loaded

    return module_database_url, within(module_database_url, load_and_project)


def test_about_250_issues_and_as_many_requests_are_loaded(district: tuple[str, Loaded]) -> None:
    url, loaded = district
    assert loaded.steps == steps_of(1.0)
    assert 230 <= loaded.issues <= 280
    assert 230 <= loaded.requests <= 280
    assert column(url, "SELECT count(*) FROM issue_board") == [loaded.issues]
    assert column(url, "SELECT count(*) FROM request_board") == [loaded.requests]


def test_every_topic_of_both_charts_occurs(district: tuple[str, Loaded]) -> None:
    recordable = set(event_classes((GridIssue, ResidentRequest, Whistle, DutyAttempt)))
    recordable -= {"issue.created", "request.created", "duty_attempt.created", "whistle.created"}
    assert set(column(district[0], "SELECT DISTINCT topic FROM event WHERE log_id = '150785'")) == recordable


def test_some_case_stands_at_every_stage(district: tuple[str, Loaded]) -> None:
    assert set(column(district[0], "SELECT DISTINCT stage FROM issue_board")) == set(IssueStage)
    assert set(column(district[0], "SELECT DISTINCT stage FROM request_board")) == set(RequestStage)


def test_some_are_overdue_some_are_due_soon_and_some_were_late(district: tuple[str, Loaded]) -> None:
    url, _ = district
    running = "SELECT count(*) FROM issue_board WHERE stage IN ('assigned', 'accepted') AND"
    assert column(url, f"{running} due < '{WEDNESDAY}'")[0]
    assert column(url, f"{running} due BETWEEN '{WEDNESDAY}' AND '{WEDNESDAY + timedelta(days=2)}'")[0]
    assert column(url, "SELECT count(*) FROM issue_board WHERE overdue")[0]
    assert column(url, "SELECT count(DISTINCT limit_unit) FROM issue_board") == [5]
    assert column(url, "SELECT max(ping_pong) FROM issue_board") == [1]


def test_assignments_follow_the_rules_the_catalogue_and_now_and_then_a_person(district: tuple[str, Loaded]) -> None:
    url, _ = district
    of_assignments = "FROM timeline WHERE topic = 'issue.assigned'"
    bases = set(column(url, f"SELECT DISTINCT facts ->> 'basis' {of_assignments}"))
    assert bases == {"rule", "catalogue", "person"}
    followed = set(column(url, f"SELECT DISTINCT facts ->> 'rule' {of_assignments} AND facts ->> 'basis' = 'rule'"))
    assert len(followed) >= 5
    assert followed <= {rule.number for rule in RULES}


def test_a_grid_was_renumbered_and_what_was_open_goes_on_under_the_new_code(district: tuple[str, Loaded]) -> None:
    old, new = RENUMBERED.code, renumbering.NEW.code
    url, day = district[0], renumbering.first_day(WEDNESDAY)

    async def seen(house: House) -> None:
        registry = house.services.registry
        before, after = registry.grid(old), registry.grid(new)
        assert (before.successors, after.predecessors, after.valid_from) == ((new,), (old,), day.isoformat())
        assert after.worker == RENUMBERED.worker
        assert registry.staff(RENUMBERED.worker).works_in(new)
        assert len(registry.grids(valid_on=day, limit=100)) == len(GRIDS)
        assert {one.grid for one in registry.entries(Address, lambda one: one.code.startswith(f"DZ{old}"))} == {new}
        found = await house.services.grid_work.moving.run(Act(registry.actor(ADMIN), WEDNESDAY), code=old)
        assert found == Moves()

    within(url, seen)
    counted = "SELECT coalesce(counted_grid, grid) FROM issue_board WHERE"
    assert column(url, f"{counted} stage = 'closed' AND grid = '{old}'") == [old, old]
    assert column(url, f"{counted} stage <> 'closed' AND grid = '{old}'") == []
    assert column(url, f"{counted} grid = '{new}' AND due < '{day}'") == [old]
    assert set(column(url, f"{counted} grid = '{new}' AND due > '{day}'")) == {new}
    requests = "SELECT counted_place FROM request_board WHERE"
    assert column(url, f"{requests} place = '{new}'") == [old, old]


def test_nothing_happens_outside_the_three_weeks(district: tuple[str, Loaded]) -> None:
    url, _ = district
    assert column(url, "SELECT count(*) FROM timeline WHERE happened_at > recorded_at") == [0]
    first = "SELECT min(reported_at) FROM issue_board UNION SELECT min(received_at) FROM request_board"
    assert all(at >= WEDNESDAY - timedelta(days=21) for at in column(url, first))


def test_everybody_to_try_it_as_has_their_role_and_sees_the_boards(district: tuple[str, Loaded]) -> None:
    async def seen(house: House) -> dict[str, int]:
        registry, boards = house.services.registry, house.services.boards
        issues = {}
        for label, code in DEMO_STAFF.items():
            actor = registry.actor(code)
            assert [role.label for role in actor.roles] == [label]
            issues[label] = len(await boards.issues(actor, Question(limit=500), WEDNESDAY))
        return issues

    issues = within(district[0], seen)
    assert set(issues) == {role.label for role in Role}
    assert issues["督查员"] == district[1].issues
    assert 0 < issues["网格员"] < issues["承办人"] < issues["督查员"]


def test_a_second_load_adds_nothing_at_whatever_scale_and_time(district: tuple[str, Loaded]) -> None:
    url, _ = district
    before = column(url, "SELECT count(*) FROM event GROUP BY log_id ORDER BY log_id")
    assert load(url, LATER) == load(url, LATER, scale=2.0) == Loaded()
    after = column(url, "SELECT count(*) FROM event GROUP BY log_id ORDER BY log_id")
    assert after == before


def test_a_killed_load_is_completed_by_the_next(database_url: str) -> None:
    """As it was begun: the second load is later and comes to the same end."""
    loading = subprocess.Popen(
        [sys.executable, "-c", LOADING, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert loading.stdout
    assert loading.stdout.readline() == "half-way\n"
    loading.kill()
    loading.communicate()
    keys = "SELECT key FROM request_answer WHERE log_id = '150785' AND key NOT LIKE 'timer %'"
    done = len(column(database_url, keys))
    assert 0 < done < steps_of(SMALL)
    assert load(database_url, LATER, SMALL).steps == steps_of(SMALL) - done
    assert len(column(database_url, keys)) == steps_of(SMALL)
    assert load(database_url, LATER, SMALL) == Loaded()


def test_progress_follows_every_step(database_url: str) -> None:
    told: list[tuple[int, int]] = []

    async def follow(house: House) -> Loaded:
        return await load_demonstration(
            house.services, WEDNESDAY, scale=0.02, progress=lambda done, total: told.append((done, total))
        )

    loaded = within(database_url, follow)
    assert told == [(done, loaded.steps) for done in range(1, loaded.steps + 1)]


LOADING = f"""
import asyncio, sys, time
from datetime import datetime
from application.demonstration.load import load_demonstration
from interfaces.wiring import Settings, open_house

def stop_half_way(done, total):
    if done == total // 2:
        print("half-way", flush=True)
        time.sleep(600)

async def load():
    async with open_house(Settings(database_url=sys.argv[1])) as house:
        now = datetime.fromisoformat("{WEDNESDAY.isoformat()}")
        await load_demonstration(house.services, now, scale={SMALL}, progress=stop_half_way)

asyncio.run(load())
"""
