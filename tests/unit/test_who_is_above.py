"""To whom a case is passed up: the level's unit and the contact leader, as the registry knows them that day."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.escalations import Escalations, level_of_unit
from application.ports import Logs
from application.registry.registry import Registry
from domain.actor import Actor
from domain.escalating import held_by
from domain.grid_issue import GridIssue
from domain.registry.unit import Unit, UnitLevel
from domain.vocabulary import SolvedLevel
from tests.cases import REPORTED, TO_ACCEPTED
from tests.fakes import MemoryLog
from tests.spec import ISSUE, NINE, ROADS, act, past

PROGRAM = act(Actor("wangge", frozenset(), "", ()), NINE, "办理超时")
PLACES = {"community": "150785001001", "street": "150785001", "district": "150785", "city": "15"}


def registry(*units: tuple[str, str], leader: str = "") -> Registry:
    """One that knows units by level and place, the lead as a district's department, and maybe a contact leader."""

    def units_at(level: UnitLevel, place: str, *, valid_on: date) -> list[Any]:
        assert valid_on == date(2026, 3, 2)
        return [SimpleNamespace(code=f"U-{name}") for name, where in units if (name, where) == (level.value, place)]

    parts = SimpleNamespace(
        units_at=units_at,
        contact_of=lambda grid, on: SimpleNamespace(code=leader) if leader else None,
        unit=lambda code: SimpleNamespace(level=UnitLevel.DEPARTMENT, place="150785"),
    )
    return cast(Registry, parts)


def passed_up(issue: GridIssue, book: Registry) -> Any:
    logs = cast(Logs, SimpleNamespace(holding=lambda _: MemoryLog("150785")))
    before = len(issue.pending_events)
    Escalations(logs, book).after_miss(issue, PROGRAM)
    return issue.pending_events[-1] if len(issue.pending_events) > before else None


def test_the_program_passes_up_from_the_grid_to_the_city_and_no_further() -> None:
    issue, book = past(REPORTED, id=ISSUE), registry(*PLACES.items(), leader="leader-1")
    for level in PLACES:
        event = passed_up(issue, book)
        assert (event.level, event.to_unit, event.leader) == (level, f"U-{level}", "leader-1")
        assert (event.automatic, event.reason, event.role) == (True, "办理超时", "supervisor")
    assert held_by(issue) == "U-city"
    assert passed_up(issue, book) is None


def test_what_a_departments_unit_leads_goes_to_the_city_at_once() -> None:
    event = passed_up(past(*TO_ACCEPTED, id=ISSUE), registry(*PLACES.items()))
    assert (event.from_level, event.from_unit, event.level, event.leader) == ("district", ROADS, "city", "")


def test_a_level_without_a_unit_is_not_skipped() -> None:
    issue = past(REPORTED, id=ISSUE)
    assert passed_up(issue, registry(("street", PLACES["street"]))) is None


@pytest.mark.parametrize(
    ("level", "place", "stands"),
    [("community", "150785001001", "community"), ("street", "150785001", "street"), ("district", "150785", "district"),
     ("department", "150785", "district"), ("department", "1507", "city"), ("department", "11", "city"),
     ("city", "1507", "city")],
)  # fmt: skip
def test_a_unit_stands_at_its_level_and_a_department_at_its_governments(level: str, place: str, stands: str) -> None:
    unit = cast(Unit, SimpleNamespace(level=UnitLevel(level), place=place))
    assert level_of_unit(unit) is SolvedLevel(stands)
