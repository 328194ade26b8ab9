"""Events of the registry: stored form, and that replaying them gives the same entries."""

import typing
from collections.abc import Sequence
from datetime import date
from typing import cast

import pytest
from eventsourcing.domain import Aggregate, DomainEvent

from domain.registry.case_type import CaseType
from domain.registry.division import Division
from domain.registry.grid import Grid
from domain.registry.staff import Staff
from domain.registry.unit import Unit
from infrastructure.event_mapper import EventMapper, event_classes
from tests.registry_office import CITY, COMMUNITY, COUNTY, GRID, STREET, Office, admin, run, square

KINDS: tuple[type[Aggregate], ...] = (Division, Grid, Unit, Staff, CaseType)
DUTY = "matter-06017"
LAST = date(2026, 12, 31)


@pytest.fixture
def office() -> Office:
    """A city in which everything has happened once."""
    office = Office().with_divisions().with_unit("hedong").with_unit("closed", "community", COMMUNITY)
    office.with_staff("w1", "hedong", "worker").with_staff("w2", "hedong", "worker")
    office.with_case_type(DUTY).with_grid(GRID, square(121.5, 50.7))
    for asked in (
        office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="test"),
        office.units.admit_duty(admin(), code="hedong", category=DUTY, since=date(2026, 1, 1)),
        office.units.revoke_duty(admin(), code="hedong", category=DUTY, last_day=LAST),
        office.units.rename(admin(), code="hedong", name="河东街道办事处"),
        office.units.close(admin(), code="closed", last_day=LAST),
        office.grids.redraw(admin(), code=GRID, polygon=square(121.5, 50.7, 0.02)),
        office.grids.assign_worker(admin(), code=GRID, worker="w1"),
        office.grids.retire(admin(), code=GRID, last_day=LAST),
        office.divisions.abolish(admin(), code=COMMUNITY, last_day=LAST),
        office.staff.grant_roles(admin(), code="w2", roles=["verifier"]),
        office.staff.assign_areas(admin(), code="w2", areas=[STREET, COUNTY]),
        office.staff.move(admin(), code="w2", unit="closed"),
        office.staff.leave(admin(), code="w2"),
        office.catalogue.set_limit(admin(), code=DUTY, limit_amount=1, limit_unit="workday", edition="2"),
        office.catalogue.set_lead(admin(), code=DUTY, lead="hedong", edition="3"),
        office.catalogue.withdraw(admin(), code=DUTY, last_day=LAST),
    ):
        run(asked)
    return office


def events(office: Office) -> Sequence[DomainEvent]:
    return [recorded.event for recorded in office.log.recorded]


def test_every_event_of_the_registry_happens_in_this_story(office: Office) -> None:
    never_recorded = {f"{kind.TOPIC}.created" for kind in KINDS}  # type: ignore[attr-defined]
    happened = {event.TOPIC for event in events(office)}  # type: ignore[attr-defined]
    assert happened == event_classes(KINDS).keys() - never_recorded


def test_every_event_comes_back_from_its_stored_form(office: Office) -> None:
    mapper = EventMapper(KINDS)
    for event in events(office):
        assert mapper.to_domain_event(mapper.to_stored_event(event)) == event


def test_stored_events_fold_to_the_same_entries(office: Office) -> None:
    mapper = EventMapper(KINDS)
    entries: dict[object, Aggregate] = {}
    for event in events(office):
        known = entries.get(event.originator_id)
        again = cast(typing.Any, mapper.to_domain_event(mapper.to_stored_event(event)))
        entries[event.originator_id] = again.mutate(known)
    assert entries[office.view.unit("hedong").id] == office.view.unit("hedong")
    assert entries[office.view.staff("w2").id] == office.view.staff("w2")
    assert entries[office.view.grid(GRID).id] == office.view.grid(GRID)
    assert entries[office.view.case_type(DUTY).id] == office.view.case_type(DUTY)
    assert entries[office.view.division(COMMUNITY).id] == office.view.division(COMMUNITY)


def test_every_event_says_who_in_what_role_and_why(office: Office) -> None:
    for event in events(office):
        told = {name: getattr(event, name) for name in ("by", "role", "of_unit", "reason")}
        assert told == {"by": "city-admin", "role": "admin", "of_unit": "city-office", "reason": ""}
