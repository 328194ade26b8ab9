"""清单外派遣 off the timelines: what was refused and what went on with a flag, by whom, to whom, once each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from application.duty_report import AttemptGroup, AttemptQuestion, AttemptView, Dimension
from domain.actor import Actor, Role
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from infrastructure.projections.duty_attempts import PostgresAttempts
from infrastructure.projections.projector import Projector
from tests import case_log, town
from tests.projecting import projector, with_projector

NEW_MONTH = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""Midnight in China, which begins November."""
MINUTE = timedelta(minutes=1)
SOUTH, NORTH = "U-SOUTH", "U-NORTH"
SUPERVISOR = Actor("supervisor", frozenset({Role.SUPERVISOR}), "U-CENTRE", (town.DISTRICT,))
ALL = AttemptQuestion()


class Town:
    """A log being told, with words for what concerns duty lists."""

    def __init__(self, url: str) -> None:
        self.url, self.telling, self.at = url, case_log.Telling(), NEW_MONTH - MINUTE
        self.told: list[Any] = []

    def case(self) -> UUID:
        return self.telling._id(self.at)

    def tell(self, kind: type[Any], id: UUID, **facts: Any) -> None:
        self.told.append(self.telling.event(self.at, kind, {"id": id, **facts}))

    def refused(self, *units: str, grid: str = town.GRID, category: str = town.LAMPS) -> UUID:
        case = self.case()
        facts = {"case": case, "grid": grid, "category": category, "units": list(units), "edition": "2026.1"}
        self.tell(DutyAttempt.Refused, self.case(), **facts)
        return case

    def filed(self, category: str = town.LAMPS, grid: str = town.GRID) -> UUID:
        issue = self.case()
        self.tell(
            GridIssue.Reported, issue, sealed={}, attachments=[], grid=grid, grid_edition=1, category=category,
            channel="patrol", urgency="normal", subject=self.case(), longitude=None, latitude=None,
        )  # fmt: skip
        self.tell(GridIssue.Filed, issue, category=category, edition="2015.1")
        return issue

    def assigned(self, issue: UUID, lead: str, *off_list: str) -> None:
        self.tell(
            GridIssue.Assigned, issue, lead=lead, copies=[], assists=[], nth=1, again=False, limit_amount=2,
            limit_unit="workday", calendar="office", calendar_version="1", provisional=False, edition="2015.1",
            clock_start=self.at, due=self.at, case_due=self.at, off_list=bool(off_list), off_list_units=list(off_list),
            basis="", rules="", rule="",
        )  # fmt: skip

    def project(self) -> None:
        case_log.write(self.url, iter(self.told))
        self.told = []

        async def caught_up(one: Projector) -> None:
            await one.catch_up()
            await one.catch_up()

        with_projector(self.url, caught_up)

    def attempts(self, actor: Actor = SUPERVISOR, question: AttemptQuestion = ALL, **how: Any) -> Sequence[AttemptView]:
        found: Sequence[AttemptView] = self._ask(
            lambda book: book.attempts(actor, question, **{"after": None, "limit": 100} | how)
        )
        return found

    def groups(self, *by: Dimension, question: AttemptQuestion = ALL, **how: Any) -> Sequence[AttemptGroup]:
        found: Sequence[AttemptGroup] = self._ask(
            lambda book: book.groups(SUPERVISOR, question, by=by, **{"after": None, "limit": 100} | how)
        )
        return found

    def _ask(self, asked: Any) -> Any:
        async def answer() -> Any:
            async with AsyncConnectionPool(self.url, min_size=1, open=False) as pool:
                return await asked(PostgresAttempts(pool, [town.CITY, town.DISTRICT]))

        return asyncio.run(answer())


@pytest.fixture
def told(database_url: str) -> Town:
    return Town(database_url)


def test_what_was_refused_and_what_was_flagged_stand_side_by_side_the_newest_first(told: Town) -> None:
    case = told.refused(SOUTH, NORTH)
    told.at += MINUTE
    issue = told.filed(f"{town.NOISE}-2")
    told.assigned(issue, NORTH, NORTH)
    told.assigned(told.filed(), town.ROADS)
    told.project()
    flagged, refused = told.attempts()
    assert (refused.outcome, refused.case, refused.units, refused.edition) == (
        "refused",
        case,
        [SOUTH, NORTH],
        "2026.1",
    )
    assert (flagged.outcome, flagged.case, flagged.units) == ("flagged", issue, [NORTH])
    assert (flagged.grid, flagged.category, flagged.asking_unit) == (town.GRID, town.NOISE, town.ROADS)


def test_a_flagged_attempt_keeps_the_class_it_was_filed_under_then(told: Town) -> None:
    issue = told.filed(town.NOISE)
    told.assigned(issue, SOUTH, SOUTH)
    told.tell(GridIssue.Filed, issue, category=town.RUBBISH, edition="2015.1")
    told.assigned(issue, SOUTH, SOUTH)
    told.project()
    assert sorted(one.category for one in told.attempts()) == sorted([town.NOISE, town.RUBBISH])


def test_an_assignment_told_before_it_named_the_units_was_asked_for_its_lead(told: Town) -> None:
    told.assigned(told.filed(), SOUTH, SOUTH)
    told.project()
    with psycopg.connect(told.url) as connection:
        connection.execute("UPDATE timeline SET facts = facts - 'off_list_units' WHERE topic = 'issue.assigned'")
    assert [one.units for one in told.attempts()] == [[SOUTH]]


def test_attempts_of_one_moment_are_paged_without_loss_or_repeat(told: Town) -> None:
    for _ in range(3):
        told.refused(SOUTH)
        told.assigned(told.filed(), NORTH, NORTH)
    told.project()
    paged: list[AttemptView] = []
    while page := told.attempts(limit=2, after=paged[-1].mark if paged else None):
        paged += page
    assert paged == told.attempts()
    assert len({one.mark for one in paged}) == 6


def test_an_attempt_at_two_units_counts_once_for_each_and_once_in_all(told: Town) -> None:
    told.refused(SOUTH, NORTH)
    told.refused(SOUTH)
    told.assigned(told.filed(), SOUTH, SOUTH)
    told.project()
    by_unit = [(one.unit, one.refused, one.flagged) for one in told.groups(Dimension.UNIT)]
    assert by_unit == [(NORTH, 1, 0), (SOUTH, 2, 1)]
    (total,) = told.groups()
    assert (total.unit, total.month, total.refused, total.flagged) == ("", "", 2, 1)


def test_months_are_those_of_the_clocks_in_china(told: Town) -> None:
    told.refused(SOUTH)
    told.at += MINUTE
    told.refused(SOUTH)
    told.project()
    assert [one.month for one in told.groups(Dimension.MONTH)] == ["2026-10", "2026-11"]
    since = AttemptQuestion(start=NEW_MONTH)
    assert [one.month for one in told.groups(Dimension.MONTH, question=since)] == ["2026-11"]


def test_counts_are_paged_by_what_they_are_told_apart_by(told: Town) -> None:
    for unit in (SOUTH, NORTH):
        for category in (town.LAMPS, town.NOISE):
            told.refused(unit, category=category)
    told.project()
    by = (Dimension.UNIT, Dimension.CATEGORY, Dimension.ASKING_UNIT, Dimension.MONTH)
    paged: list[AttemptGroup] = []
    while page := told.groups(*by, limit=3, after=paged[-1].mark if paged else None):
        paged += page
    assert [(one.unit, one.category) for one in paged] == [
        (unit, category) for unit in (NORTH, SOUTH) for category in (town.LAMPS, town.NOISE)
    ]
    assert {one.asking_unit for one in paged} == {town.ROADS}


def test_each_sees_their_area_and_a_handler_what_concerns_their_unit(told: Town) -> None:
    told.refused(SOUTH)
    told.refused(NORTH, grid=town.OTHER_GRID)
    told.project()

    def seen(role: Role, unit: str, area: str) -> list[str]:
        actor = Actor("one", frozenset({role}), unit, (area,))
        return sorted(one.units[0] for one in told.attempts(actor))

    assert seen(Role.AUDITOR, "U-CENTRE", town.CITY) == [NORTH, SOUTH]
    assert seen(Role.SUPERVISOR, "U-CENTRE", town.STREET) == [SOUTH]
    assert seen(Role.HANDLER, SOUTH, town.DISTRICT) == [SOUTH]
    assert seen(Role.HANDLER, town.ROADS, town.DISTRICT) == [NORTH, SOUTH]
    assert seen(Role.HANDLER, town.WATER, town.DISTRICT) == []


def test_a_rebuild_tells_the_same_attempts(told: Town) -> None:
    told.refused(SOUTH)
    told.assigned(told.filed(), NORTH, NORTH)
    told.project()
    before = told.attempts()

    async def rebuilt() -> None:
        async with projector(told.url) as one:
            await one.rebuild()

    asyncio.run(rebuilt())
    assert told.attempts() == before
