"""重办 and the rates: what was late before a redo stays counted as late, then, there and of them; the rest moves on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from application.registry.registry import Registry
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.statistics import Statistics
from domain import moves
from domain.actor import Actor, Role
from domain.grid_issue import GridIssue
from domain.rates import RatePolicy
from infrastructure.projections.projector import Projector
from infrastructure.statistics.facts import PostgresFacts
from tests import case_log, town
from tests.projecting import ask, with_projector

BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST_DUE, SECOND_DUE, NOW = BEGAN + 2 * DAY, BEGAN + 40 * DAY, BEGAN + 90 * DAY
MARCH, APRIL = (BEGAN, BEGAN + 30 * DAY), (BEGAN + 30 * DAY, BEGAN + 60 * DAY)
SUPERVISOR = Actor("supervisor", frozenset({Role.SUPERVISOR}), "U-CENTRE", (town.DISTRICT,))


class Life:
    """One issue, told event by event."""

    def __init__(self) -> None:
        self.telling = case_log.Telling()
        self.issue = self.telling._id(BEGAN)
        self.told: list[Any] = []

    def tell(self, kind: type[Any], at: datetime, **facts: Any) -> None:
        self.told.append(self.telling.event(at, kind, {"id": self.issue, **facts}))

    def handled(self, lead: str, at: datetime, due: datetime, *, late: bool, nth: int = 1) -> None:
        """Assigned to `lead` at `at` or sent round again, resolved, late or not, and closed."""
        clock = {
            "lead": lead, "limit_amount": 2, "limit_unit": "workday", "calendar": "office", "calendar_version": "1",
            "provisional": False, "edition": "2015.1", "clock_start": at, "due": due, "case_due": FIRST_DUE,
        }  # fmt: skip
        if nth > 1:
            self.tell(GridIssue.RedoOrdered, at, request=UUID(int=1), round=nth, **clock)
        else:
            self.tell(
                GridIssue.Assigned, at, copies=[], assists=[], nth=1, again=False, off_list=False, off_list_units=[],
                basis="person", rules="", rule="", **clock,
            )  # fmt: skip
        done = due + timedelta(hours=1 if late else -1)
        self.tell(GridIssue.Accepted, at)
        self.tell(GridIssue.Resolved, done, measure="修复", evidence=[], level="street", overdue=late)
        self.tell(GridIssue.Checked, done, passed=True, evidence=[])
        self.tell(GridIssue.Closed, done)


def begun() -> Life:
    life = Life()
    life.tell(
        GridIssue.Reported, BEGAN, grid=town.GRID, grid_edition=1, category=town.LAMPS, channel="patrol",
        urgency="normal", subject=UUID(int=2), longitude=None, latitude=None,
    )  # fmt: skip
    life.tell(GridIssue.Filed, BEGAN, category=town.LAMPS, edition="2015.1")
    return life


def counted(url: str, life: Life, period: tuple[datetime, datetime], by: Dimension = Dimension.UNIT) -> dict[str, Any]:
    """Due and on time by group."""
    case_log.write(url, iter(life.told))
    life.told = []

    async def caught_up(one: Projector) -> None:
        await one.catch_up()

    async def asked() -> dict[str, Any]:
        async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
            statistics = Statistics(PostgresFacts(pool, [town.DISTRICT]), cast(Registry, None))
            groups = await statistics.rates(
                SUPERVISOR, Filter(*period), grouping=Grouping(by), bound=await statistics.bound(None, NOW),
                policy=RatePolicy(),
            )  # fmt: skip
        return {group: (counts.due, counts.closed_on_time) for group, counts in groups.items()}

    with_projector(url, caught_up)
    return asyncio.run(asked())


def test_a_punctual_redo_does_not_mend_the_past(database_url: str) -> None:
    life = begun()
    life.handled(town.ROADS, BEGAN, FIRST_DUE, late=True)
    life.handled(town.ROADS, BEGAN + 38 * DAY, SECOND_DUE, late=False, nth=2)
    assert counted(database_url, life, MARCH) == {town.ROADS: (1, 0)}
    assert counted(database_url, life, APRIL) == {}
    ((missed, due, overdue, round_),) = ask(database_url, "SELECT missed_due, due, overdue, round FROM served_issue")
    assert (missed, due, overdue, round_) == (FIRST_DUE, SECOND_DUE, False, 2)


def test_what_was_punctual_the_first_time_is_counted_by_its_redo(database_url: str) -> None:
    life = begun()
    life.handled(town.ROADS, BEGAN, FIRST_DUE, late=False)
    assert counted(database_url, life, MARCH) == {town.ROADS: (1, 1)}
    life.handled(town.ROADS, BEGAN + 38 * DAY, SECOND_DUE, late=True, nth=2)
    assert counted(database_url, life, MARCH) == {}
    assert counted(database_url, life, APRIL) == {town.ROADS: (1, 0)}


@pytest.mark.parametrize(("by", "group"), [(Dimension.UNIT, town.ROADS), (Dimension.GRID, town.GRID)])
def test_whoever_has_it_now_and_wherever_it_lies_the_miss_is_theirs_who_missed(
    database_url: str, by: Dimension, group: str
) -> None:
    life = begun()
    life.handled(town.ROADS, BEGAN, FIRST_DUE, late=True)
    life.handled(town.WATER, BEGAN + 38 * DAY, SECOND_DUE, late=False, nth=2)
    life.tell(
        moves.IssueMoved, SECOND_DUE + DAY, from_grid=town.GRID, from_edition=1, grid=town.NEXT_GRID, grid_edition=1,
        cause="merge",
    )  # fmt: skip
    assert counted(database_url, life, MARCH, by) == {group: (1, 0)}
