"""地名地址: registered at a point, named and located anew, withdrawn; found by where they are; imported from lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from shapely import Point, Polygon

from application.demonstration.addresses import addresses
from application.demonstration.places import GRIDS
from application.importing.addresses import ImportingAddresses
from application.importing.report import ImportReport, Outcome
from domain.actor import Act, Actor, Role
from domain.refusals import AlreadyRegistered, BadCode, BadCoordinates, NoSuchEntry, Nowhere, OutsideArea, WrongRole
from domain.registry.address import MOST_ALIASES, Address
from domain.registry.refusals import BadAliases, BadFile, BadPeriod, BadText, NoLongerKept, NothingChanged
from tests.registry_office import COMMUNITY, FIRST, GRID, NINE, TODAY, admin, run, square
from tests.search_office import SearchOffice

EAST, NORTH = 121.505, 50.705
NEXT_GRID = COMMUNITY + "002"
HEADER = "地址代码,地址名称,别名,经度,纬度\n"
LIST = HEADER + f"A1,光明路1号,,{EAST},{NORTH}\nA2,光明路2号,光明小学、小学,121.515,{NORTH}\n"


@pytest.fixture
def office() -> SearchOffice:
    city = SearchOffice()
    city.with_divisions().with_grid(GRID, square(121.50, 50.7)).with_grid(NEXT_GRID, square(121.51, 50.7))
    return city


def register(office: SearchOffice, act: Act | None = None, **told: Any) -> Address:
    facts = {"code": "A1", "name": "光明路1号", "aliases": [], "valid_from": FIRST}
    facts |= {"longitude": EAST, "latitude": NORTH}
    run(office.addresses.register(act or admin(), **(facts | told)))  # type: ignore[arg-type]
    return office.view.find(Address, "A1")


def take(office: SearchOffice, content: str | bytes, act: Act | None = None, **options: Any) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return run(ImportingAddresses(office.desk).run(act or admin(minutes=5), raw, **options))


def outcomes(report: ImportReport) -> dict[str, int]:
    assert sum(report.counts.values()) == len(report.lines)
    return {name: count for name, count in report.counts.items() if count}


# --- one address ----------------------------------------------------------------------------------


def test_an_address_lies_in_the_grid_of_its_point(office: SearchOffice) -> None:
    address = register(office, aliases=["光明小学"])
    assert (address.grid, address.aliases, address.valid_from) == (GRID, ("光明小学",), FIRST.isoformat())
    with pytest.raises(AlreadyRegistered):
        register(office)


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"longitude": 121.9}, Nowhere),
        ({"longitude": NORTH, "latitude": EAST}, BadCoordinates),
        ({"name": " "}, BadText),
        ({"aliases": ["光明路1号"]}, BadAliases),
        ({"aliases": ["小学", "小学"]}, BadAliases),
        ({"aliases": [str(number) for number in range(MOST_ALIASES + 1)]}, BadAliases),
        ({"aliases": ["\x00"]}, BadText),
        ({"code": "A 1"}, BadCode),
        ({"valid_until": FIRST - timedelta(days=1)}, BadPeriod),
        ({"act": admin("150784")}, OutsideArea),
        ({"act": Act(Actor("w", frozenset({Role.WORKER}), "u", ("1507",)), NINE)}, WrongRole),
    ],
)
def test_what_cannot_be_an_address_is_refused(
    office: SearchOffice, told: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        register(office, **told)
    with pytest.raises(NoSuchEntry):
        office.view.find(Address, "A1")


def test_an_address_is_renamed_relocated_and_withdrawn(office: SearchOffice) -> None:
    register(office)
    run(office.addresses.rename(admin(), code="A1", name="光明路1号", aliases=["光明小学"]))
    run(office.addresses.relocate(admin(), code="A1", longitude=121.515, latitude=NORTH))
    address = office.view.find(Address, "A1")
    assert (address.aliases, address.grid, address.longitude) == (("光明小学",), NEXT_GRID, 121.515)
    run(office.addresses.withdraw(admin(), code="A1", last_day=TODAY - timedelta(days=1)))
    assert not office.view.find(Address, "A1").in_force(TODAY)
    with pytest.raises(NoLongerKept):
        run(office.addresses.rename(admin(), code="A1", name="光明路11号", aliases=[]))
    with pytest.raises(NoLongerKept):
        run(office.addresses.relocate(admin(), code="A1", longitude=EAST, latitude=NORTH))


def test_what_it_is_already_is_no_change(office: SearchOffice) -> None:
    register(office)
    with pytest.raises(NothingChanged):
        run(office.addresses.rename(admin(), code="A1", name=" 光明路1号 ", aliases=[]))
    with pytest.raises(NothingChanged):
        run(office.addresses.relocate(admin(), code="A1", longitude=EAST, latitude=NORTH))


def test_who_keeps_only_one_of_two_grids_does_not_move_it_between_them(office: SearchOffice) -> None:
    register(office)
    with pytest.raises(OutsideArea):
        run(office.addresses.relocate(admin(GRID), code="A1", longitude=121.515, latitude=NORTH))


# --- near a point ---------------------------------------------------------------------------------


def near(office: SearchOffice, longitude: float, *, within_m: float = 500, on: date = TODAY) -> list[tuple[str, int]]:
    run(office.searched.refresh())
    found = office.surroundings.near(longitude, NORTH, on=on, within_m=within_m, limit=3)
    return [(one.address.code, round(one.metres)) for one in found]


def test_the_nearest_come_first_and_none_from_too_far(office: SearchOffice) -> None:
    assert near(office, EAST) == []
    register(office)
    office.at("A2", "光明路2号", 121.508).at("A3", "光明路3号", 121.515)
    assert near(office, EAST) == [("A1", 0), ("A2", 212)]
    assert near(office, 121.515) == [("A3", 0), ("A2", 494)]
    assert near(office, EAST, within_m=200) == [("A1", 0)]
    run(office.addresses.relocate(admin(), code="A2", longitude=121.506, latitude=NORTH))
    assert near(office, EAST) == [("A1", 0), ("A2", 71)]


def test_only_what_is_valid_on_the_day_is_near(office: SearchOffice) -> None:
    register(office)
    assert near(office, EAST, on=FIRST - timedelta(days=1)) == []
    run(office.addresses.withdraw(admin(), code="A1", last_day=TODAY))
    assert near(office, EAST) == [("A1", 0)]
    assert near(office, EAST, on=TODAY + timedelta(days=1)) == []


@pytest.mark.parametrize(("longitude", "latitude"), [(None, 50.7), (50.7, 121.5), (0.0, 0.0)])
def test_a_point_that_is_none_is_refused(office: SearchOffice, longitude: float | None, latitude: float) -> None:
    with pytest.raises(BadCoordinates):
        office.surroundings.near(longitude, latitude, on=TODAY, within_m=100, limit=1)


# --- a list of them -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_taken_and_the_second_time_changes_nothing(office: SearchOffice, encoding: str) -> None:
    first = take(office, LIST.encode(encoding))
    assert (outcomes(first), first.taken) == ({"added": 2}, True)
    assert office.view.find(Address, "A2").aliases == ("光明小学", "小学")
    assert office.view.find(Address, "A1").valid_from == TODAY.isoformat()
    saves = office.log.saves
    assert outcomes(take(office, LIST.encode(encoding))) == {"unchanged": 2}
    assert office.log.saves == saves


def test_a_trial_run_tells_the_same_and_records_nothing(office: SearchOffice) -> None:
    before = len(office.log.recorded)
    report = take(office, LIST, dry_run=True)
    assert (outcomes(report), report.taken, report.position) == ({"added": 2}, False, None)
    assert len(office.log.recorded) == before


def test_what_is_listed_otherwise_changes(office: SearchOffice) -> None:
    take(office, LIST, valid_from=FIRST)
    moved = LIST.replace("光明路1号", "光明路甲1号").replace("121.515", "121.506").replace("、小学", "")
    report = take(office, moved, act=admin(minutes=9))
    assert outcomes(report) == {"changed": 2}
    assert [line.note for line in report.lines] == ["原名 光明路1号", f"别名有变；原在网格 {NEXT_GRID}"]
    two = office.view.find(Address, "A2")
    assert (two.grid, two.aliases, two.valid_from, two.version) == (GRID, ("光明小学",), FIRST.isoformat(), 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A3,光明路3号,,121.9,50.705", "不在已登记的网格内"),
        ("A3,光明路3号,,50.705,121.505", "颠倒"),
        ("A3,光明路3号,,东,50.705", "经纬度应是以度为单位的数，实为：东"),
        ("A3,光明路3号,,,50.705", "同时给出"),
        ("A3,光明路3号,,nan,50.705", "不在我国范围"),
        ("A3,,,121.505,50.705", "地址名称应为"),
        ("A 3,光明路3号,,121.505,50.705", "不是有效的地址代码"),
        ("A3,光明路3号,光明路3号,121.505,50.705", "别名"),
        ("A1,光明路3号,,121.505,50.705", "与第 2 行的代码重复"),
        ("A3,光明路3号,121.505,50.705", "应有 5 列，实有 4 列"),
    ],
)
def test_a_line_that_is_wrong_is_told_and_the_file_is_not_taken(office: SearchOffice, line: str, reason: str) -> None:
    report = take(office, LIST + line + "\n")
    assert (outcomes(report), report.taken) == ({"added": 2, "rejected": 1}, False)
    [rejected] = report.of(Outcome.REJECTED)
    assert rejected.number == 4
    assert reason in rejected.note
    assert not office.view.entries(Address, lambda _: True)
    kept = take(office, LIST + line + "\n", skip_rejected=True)
    assert (kept.taken, len(office.view.entries(Address, lambda _: True))) == (True, 2)


def test_an_address_that_ended_is_not_taken_again(office: SearchOffice) -> None:
    take(office, LIST, valid_from=FIRST)
    run(office.addresses.withdraw(admin(minutes=6), code="A1", last_day=FIRST))
    report = take(office, LIST, act=admin(minutes=9))
    assert outcomes(report) == {"unchanged": 1, "rejected": 1}
    assert "有效期至" in report.of(Outcome.REJECTED)[0].note


def test_addresses_elsewhere_are_rejected_line_by_line(office: SearchOffice) -> None:
    report = take(office, LIST, act=admin(GRID))
    assert outcomes(report) == {"added": 1, "rejected": 1}
    assert report.of(Outcome.REJECTED)[0].code == "A2"


@pytest.mark.parametrize(
    "content", [b"", b"code,name\n", HEADER.replace("经度", "北纬").encode(), b"PK\x03\x04", b"\xff"]
)
def test_a_file_that_is_no_list_is_refused(office: SearchOffice, content: bytes) -> None:
    with pytest.raises(BadFile):
        take(office, content)


def test_only_administrators_bring_in_a_list(office: SearchOffice) -> None:
    with pytest.raises(WrongRole):
        take(office, LIST, act=Act(Actor("w", frozenset({Role.WORKER}), "u", ("1507",)), NINE))


def test_the_grid_there_now_is_found_by_taking_the_list_again(office: SearchOffice) -> None:
    """As after a redrawing: the same point, another grid."""
    take(office, LIST, valid_from=FIRST)
    before = {"longitude": EAST, "latitude": NORTH, "grid": NEXT_GRID}
    run(office.desk.change(Address, "A1", lambda one: one.relocate(admin(minutes=6), **before), version=None, key=None))  # type: ignore[arg-type]
    assert outcomes(take(office, LIST, act=admin(minutes=9))) == {"changed": 1, "unchanged": 1}
    assert office.view.find(Address, "A1").grid == GRID


def test_progress_is_told_on_the_way(office: SearchOffice) -> None:
    told: list[tuple[int, int]] = []
    take(office, HEADER + f"A1,光明路1号,,{EAST},{NORTH}\n" * 501, progress=lambda *so_far: told.append(so_far))
    assert told == [(500, 501)]


# --- those of the demonstration ---------------------------------------------------------------------


def test_the_demonstrations_addresses_lie_in_their_grids_and_have_names_of_their_own() -> None:
    found = addresses(admin(""), FIRST)
    corners = {grid.code: grid.corners for grid in GRIDS}
    assert len({one.name for one in found}) == len({one.code for one in found}) == len(found) == 4 * len(GRIDS)
    assert all(Polygon(corners[one.grid]).contains(Point(one.longitude, one.latitude)) for one in found)
    assert any(one.aliases for one in found)
