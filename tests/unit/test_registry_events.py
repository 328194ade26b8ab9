"""Events of the registry: stored form, and that replaying them gives the same entries."""

import typing
from collections.abc import Coroutine, Sequence
from datetime import date
from typing import cast

import pytest
from eventsourcing.domain import Aggregate, DomainEvent

from domain.registry.case_type import CaseType
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.division import Division
from domain.registry.duty_roster import DutyRoster
from domain.registry.grid import Grid
from domain.registry.staff import Staff
from domain.registry.succession import How, Verdict
from domain.registry.unit import Unit
from domain.registry.unit_alias import UnitAlias
from infrastructure.event_mapper import EventMapper, event_classes
from tests.editions_office import all_that_happens_to_editions
from tests.ground import all_that_happens_to_ground
from tests.registry_office import CITY, COMMUNITY, COUNTY, GRID, STREET, Office, admin, run, square

KINDS: tuple[type[Aggregate], ...] = (
    Division, Grid, Unit, Staff, CaseType, DutyRoster, ContactAssignment, CatalogueEdition, UnitAlias,
)  # fmt: skip
DUTY = "matter-06017"
DAY, LAST = date(2026, 3, 1), date(2026, 12, 31)


@pytest.fixture
def office() -> Office:
    """A city in which everything has happened once."""
    office = Office().with_divisions().with_unit("hedong").with_unit("closed", "community", COMMUNITY)
    office.with_staff("w1", "hedong", "worker").with_staff("w2", "hedong", "worker")
    office.with_case_type(DUTY).with_grid(GRID, square(121.5, 50.7))
    office.with_staff("h1", "hedong", "handler", area=STREET)
    for asked in (
        office.unit_relations.place_under(admin(), code="closed", above="hedong", since=DAY),
        office.unit_relations.end_supervision(admin(), code="closed", last_day=LAST),
        office.unit_relations.set_copy(admin(), code="hedong", to="closed", since=DAY),
        office.unit_relations.end_copy(admin(), code="hedong", to="closed", last_day=LAST),
        office.staff.name_stand_in(admin(), code="w1", stand_in="w2", first_day=DAY, last_day=LAST),
        office.staff.end_stand_in(admin(), code="w1", first_day=DAY, last_day=DAY),
        office.rosters.open(admin(), code="hedong"),
        office.rosters.set_shift(admin(), code="hedong", member="h1", begins="17:30", ends="08:30", day=LAST),
        office.rosters.withdraw_shift(admin(), code="hedong", shift=1),
        office.contacts.assign(admin(), community=COMMUNITY, leader="h1", since=DAY),
        office.contacts.pass_on(admin(), code=COMMUNITY, leader="w1", since=LAST),
        office.contacts.end(admin(), code=COMMUNITY, last_day=LAST),
        office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="test"),
        *all_that_happens_to_places(office),
        office.units.admit_duty(admin(), code="hedong", category=DUTY, since=date(2026, 1, 1)),
        office.units.revoke_duty(admin(), code="hedong", category=DUTY, last_day=LAST),
        office.units.rename(admin(), code="hedong", name="河东街道办事处"),
        office.units.close(admin(), code="closed", last_day=LAST),
        office.grids.redraw(admin(), code=GRID, polygon=square(121.5, 50.7, 0.02)),
        office.grids.assign_worker(admin(), code=GRID, worker="w1"),
        *all_that_happens_to_ground(office),
        office.grids.retire(admin(), code=GRID, last_day=LAST),
        office.divisions.abolish(admin(), code=COMMUNITY, last_day=LAST),
        office.staff.grant_roles(admin(), code="w2", roles=["verifier"]),
        office.staff.assign_areas(admin(), code="w2", areas=[STREET, COUNTY]),
        office.staff.move(admin(), code="w2", unit="closed"),
        office.leaving.leave(admin(), code="w2"),
        office.catalogue.set_limit(admin(), code=DUTY, limit_amount=1, limit_unit="workday", edition="2"),
        office.catalogue.set_lead(admin(), code=DUTY, lead="hedong", edition="3"),
        office.catalogue.withdraw(admin(), code=DUTY, last_day=LAST),
        *all_that_happens_to_editions(office),
    ):
        run(asked)
    return office


def all_that_happens_to_places(office: Office) -> list[Coroutine[object, object, object]]:
    """Two tables disagree, a person finds that they mean one place; a street is recoded and gives its ground away."""
    everywhere, moves, first = admin(""), office.division_moves, date(2026, 6, 30)
    listed = "level,code,name,parent_code\n4,110108023,万柳地区,110108\n4,150785008,好里堡街道,150785\n".encode()
    townships = "county_code,county,code12,name\n110108,海淀区,110108023000,海淀镇\n".encode()

    async def settle() -> object:
        [(town, doubt)] = office.view.code_book.doubts()
        return await moves.settle(everywhere, division=town.id, row=doubt.row, verdict=Verdict.CONFIRMED)

    return [
        office.importing.run(everywhere, listed, source="国家统计局2026", valid_from=first),
        office.importing.townships(everywhere, townships, source="民政部2026", valid_from=first),
        settle(),
        moves.recode(everywhere, code="150785008", new_code="150785009", since=LAST, source="批复"),
        moves.pass_on(
            everywhere, predecessors=["150785009"], successors=[STREET], how=How.CARVED, since=LAST, source="批复"
        ),
    ]


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
    assert entries[office.view.find(DutyRoster, "hedong").id] == office.view.find(DutyRoster, "hedong")
    assert entries[office.view.staff("w2").id] == office.view.staff("w2")
    assert entries[office.view.grid(GRID).id] == office.view.grid(GRID)
    assert entries[office.view.case_type(DUTY).id] == office.view.case_type(DUTY)
    assert entries[office.editions.find("e1").id] == office.editions.find("e1")
    assert entries[office.view.division(COMMUNITY).id] == office.view.division(COMMUNITY)


def test_every_event_says_who_in_what_role_and_why(office: Office) -> None:
    for event in events(office):
        told = {name: getattr(event, name) for name in ("by", "role", "of_unit", "reason")}
        assert told == {"by": "city-admin", "role": "admin", "of_unit": "city-office", "reason": ""}
