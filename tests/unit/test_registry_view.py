"""The registry in memory: folded once, refreshed by position, listed by ascending code."""

import asyncio
from collections.abc import Sequence

import pytest
from eventsourcing.domain import Aggregate

from domain.actor import Role
from domain.refusals import NoSuchEntry
from domain.registry.unit import UnitLevel
from infrastructure.registry import view as registry_view
from tests.fakes import MemoryLog
from tests.registry_office import (
    CITY,
    COMMUNITY,
    COUNTY,
    FIRST,
    GRID,
    PHONE,
    STREET,
    TODAY,
    Office,
    admin,
    run,
    square,
)


class Visit(Aggregate):
    """Something else that lives in the city's log."""


def test_a_second_process_sees_the_same_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_view, "_PULL", 2)
    office = Office().with_divisions().with_unit("hedong").with_grid(GRID, square(121.5, 50.7))
    other = Office(office.log)
    with pytest.raises(NoSuchEntry):
        other.view.division(CITY)
    run(other.view.refresh())
    assert other.view.position == office.view.position == 6
    assert other.view.division(COMMUNITY) == office.view.division(COMMUNITY)
    assert other.view.locate(121.505, 50.705) == office.view.grid(GRID)


def test_what_is_not_the_registrys_is_passed_over() -> None:
    office = Office().with_divisions(CITY)
    run(office.log.save(Visit()))
    run(office.view.refresh())
    assert office.view.position == 2


def test_a_refresh_with_nothing_new_is_one_read() -> None:
    office = Office().with_divisions()
    before = office.log.reads
    run(office.view.refresh())
    assert office.log.reads == before + 1


def test_many_at_once_share_the_pulls() -> None:
    log = MemoryLog(CITY)
    Office(log).with_divisions()
    view = Office(log).view
    before = log.reads

    async def all_at_once() -> None:
        await asyncio.gather(*(view.refresh() for _ in range(50)))

    run(all_at_once())
    assert log.reads - before <= 2
    assert view.position == 4


def test_a_refresh_sees_what_was_saved_before_it_was_asked_for() -> None:
    log = MemoryLog(CITY)
    writer, view = Office(log), Office(log).view

    async def asked_during_a_pull() -> None:
        running = asyncio.create_task(view.refresh())
        await asyncio.sleep(0)
        await writer.divisions.register(admin(), code=CITY, name="市", source="s", valid_from=FIRST)
        await view.refresh()
        assert view.division(CITY).name == "市"
        await running

    run(asked_during_a_pull())


class BrokenLog(MemoryLog):
    """Fails its first read."""

    async def read(self, after: int, limit: int):  # type: ignore[no-untyped-def]
        found = await super().read(after, limit)
        if self.reads == 1:
            raise ConnectionError
        return found


def test_a_failed_pull_does_not_count_for_who_waited() -> None:
    log = BrokenLog(CITY)
    run(log.save(Visit()))
    view = registry_view.RegistryView(log)

    async def two_at_once() -> Sequence[BaseException | None]:
        return await asyncio.gather(view.refresh(), view.refresh(), return_exceptions=True)

    first, second = run(two_at_once())
    assert isinstance(first, ConnectionError)
    assert second is None
    assert view.position == 1


def test_divisions_are_listed_below_their_parent_page_by_page() -> None:
    streets = [f"{COUNTY}00{number}" for number in range(1, 6)]
    view = Office().with_divisions(CITY, COUNTY, *streets, COMMUNITY).view
    pages = [[each.code for each in view.divisions(parent=COUNTY, limit=2)]]
    while pages[-1]:
        after = pages[-1][-1]
        pages.append([each.code for each in view.divisions(parent=COUNTY, after=after, limit=2)])
    assert pages == [streets[:2], streets[2:4], streets[4:], []]


def test_divisions_are_searched_by_a_part_of_the_name_and_the_day() -> None:
    office = Office().with_divisions()
    run(office.divisions.abolish(admin(), code=COMMUNITY, last_day=FIRST))
    assert [each.code for each in office.view.divisions(name="150785001")] == [STREET, COMMUNITY]
    assert [each.code for each in office.view.divisions(name="150785001", valid_on=TODAY)] == [STREET]
    assert [each.code for each in office.view.divisions(parent="15")] == [CITY]
    assert office.view.divisions(name="没有") == []


def test_grids_are_listed_within_a_place() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, COMMUNITY, "150785001002")
    grids = [COMMUNITY + "001", COMMUNITY + "002", "150785001002001"]
    for number, code in enumerate(grids):
        office.with_grid(code, square(121.5 + 0.01 * number, 50.7))
    assert [each.code for each in office.view.grids(within=COMMUNITY)] == grids[:2]
    assert [each.code for each in office.view.grids(within=STREET, after=grids[0])] == grids[1:]
    assert [each.code for each in office.view.grids(name="001")] == [grids[0], grids[2]]


def test_units_are_listed_by_place_and_level() -> None:
    office = Office().with_divisions().with_unit("hedong").with_unit("chengguan", "department", COUNTY)
    assert [each.code for each in office.view.units(within=COUNTY)] == ["chengguan", "hedong"]
    assert [each.code for each in office.view.units(level=UnitLevel.STREET)] == ["hedong"]
    assert office.view.units(within="150784") == []


def test_staff_on_duty_are_listed_by_unit_role_and_area() -> None:
    office = Office().with_divisions().with_unit("hedong").with_unit("xiaiguo", "community", COMMUNITY)
    office.with_staff("w1", "hedong", "worker").with_staff("w2", "xiaiguo", "worker", "verifier")
    office.with_staff("s1", "hedong", "supervisor", area=CITY)
    view = office.view
    assert [each.code for each in view.staff_members(unit="hedong")] == ["s1", "w1"]
    assert [each.code for each in view.staff_members(role=Role.WORKER)] == ["w1", "w2"]
    assert [each.code for each in view.staff_members(covering=STREET)] == ["s1"]
    run(office.leaving.leave(admin(), code="w1"))
    assert [each.code for each in view.staff_members(covering=GRID)] == ["s1", "w2"]


def test_what_is_not_registered_is_refused_by_name() -> None:
    view = Office().view
    for look_up in (view.division, view.grid, view.unit, view.staff, view.case_type):
        with pytest.raises(NoSuchEntry) as refused:
            look_up("none")
        assert refused.value.facts["code"] == "none"


def test_phones_are_kept_as_told() -> None:
    assert Office().with_divisions().with_unit("hedong").view.unit("hedong").phone == PHONE
