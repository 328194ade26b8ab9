"""包联: a community has one leader at a time, a leader any number of communities; escalation finds who it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.refusals import AlreadyRegistered, BadCode, NoSuchEntry, OutsideArea, Refused, WrongRole
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.refusals import BadPeriod
from domain.registry.staff_refusals import ContactTaken, NoContact, NotInHand
from tests.registry_office import COMMUNITY, COUNTY, GRID, STREET, TODAY, Office, admin, run
from tests.spec import WORKER, act

APRIL, MAY, JUNE = (date(2026, month, 1) for month in (4, 5, 6))
OTHER = "150785001002"
DAY = timedelta(days=1)


def office() -> Office:
    city = Office().with_divisions().with_divisions(OTHER).with_unit("hedong")
    for code, area in (("l1", COUNTY), ("l2", STREET), ("l3", OTHER)):
        city.with_staff(code, "hedong", "supervisor", area=area)
    return city


def assign(city: Office, leader: str = "l1", community: str = COMMUNITY, **facts: Any) -> None:
    said: dict[str, Any] = {"since": TODAY} | facts
    run(city.contacts.assign(admin(), community=community, leader=leader, **said))


def leader(city: Office, on: date, place: str = COMMUNITY) -> str | None:
    found = city.view.contact_of(place, on)
    return None if found is None else found.code


def test_a_leader_holds_communities_and_is_found_by_community_or_grid() -> None:
    city = office()
    assign(city)
    assign(city, community=OTHER, until=APRIL)
    assert [leader(city, TODAY, place) for place in (COMMUNITY, GRID, OTHER)] == ["l1", "l1", "l1"]
    assert leader(city, TODAY - DAY) is None
    assert (leader(city, APRIL, OTHER), leader(city, APRIL + DAY, OTHER)) == ("l1", None)
    assert city.view.contact_of("150785001003", TODAY) is None


def test_a_community_is_passed_on_and_has_one_leader_a_day() -> None:
    city = office()
    assign(city)
    run(city.contacts.pass_on(admin(), code=COMMUNITY, leader="l2", since=APRIL, until=MAY))
    assert [leader(city, day) for day in (APRIL - DAY, APRIL, MAY, MAY + DAY)] == ["l1", "l2", "l2", None]
    run(city.contacts.pass_on(admin(), code=COMMUNITY, leader="l1", since=JUNE))
    assert [leader(city, day) for day in (MAY + DAY, JUNE)] == [None, "l1"]
    for one, since in (("l2", MAY), ("l1", JUNE + DAY)):
        with pytest.raises(ContactTaken):
            run(city.contacts.pass_on(admin(), code=COMMUNITY, leader=one, since=since))


def test_a_contact_assignment_ends_and_may_begin_again() -> None:
    city = office()
    assign(city)
    with pytest.raises(BadPeriod):
        run(city.contacts.end(admin(), code=COMMUNITY, last_day=TODAY - DAY))
    run(city.contacts.end(admin(), code=COMMUNITY, last_day=APRIL))
    with pytest.raises(NoContact):
        run(city.contacts.end(admin(), code=COMMUNITY, last_day=APRIL))
    assert leader(city, APRIL + DAY) is None
    run(city.contacts.pass_on(admin(), code=COMMUNITY, leader="l2", since=MAY))
    assert leader(city, MAY) == "l2"
    assert city.view.find(ContactAssignment, COMMUNITY).name == f"区划{COMMUNITY}"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"community": STREET}, BadCode),
        ({"community": "150785001009"}, NoSuchEntry),
        ({"leader": "nobody"}, NoSuchEntry),
        ({"leader": "l3"}, NotInHand),
        ({"leader": "gone"}, NotInHand),
        ({"until": TODAY - DAY}, BadPeriod),
    ],
)
def test_a_contact_assignment_that_cannot_be_is_refused(facts: dict[str, Any], refusal: type[Refused]) -> None:
    city = office().with_staff("gone", "hedong", "supervisor", area=COUNTY)
    run(city.leaving.leave(admin(), code="gone"))
    with pytest.raises(refusal):
        assign(city, **facts)


def test_contact_assignments_are_an_administrators_of_the_place() -> None:
    city = office()
    assign(city)
    with pytest.raises(AlreadyRegistered):
        assign(city, "l2")
    with pytest.raises(OutsideArea):
        run(city.contacts.end(admin(OTHER), code=COMMUNITY, last_day=APRIL))
    with pytest.raises(WrongRole):
        run(city.contacts.end(act(WORKER), code=COMMUNITY, last_day=APRIL))
