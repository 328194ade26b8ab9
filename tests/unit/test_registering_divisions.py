"""区划: registered below its parent, renamed, abolished when nothing below it remains."""

from datetime import date

import pytest

from application.ports import RequestKey
from domain.actor import Act, Actor, Role
from domain.refusals import (
    AlreadyRegistered,
    BadCode,
    KeyReused,
    NoSuchEntry,
    NotValidThen,
    OutOfOrder,
    OutsideArea,
    Stale,
    WrongRole,
)
from domain.registry.division import Division
from domain.registry.entry import entry_id
from domain.registry.refusals import BadPeriod, BadText, NoLongerKept, NothingChanged, StillInUse
from tests.registry_office import (
    CITY,
    COMMUNITY,
    COUNTY,
    FIRST,
    GRID,
    NINE,
    STREET,
    Office,
    admin,
    run,
    square,
)

LAST = date(2026, 6, 30)


def register(office: Office, code: str, *areas: str, name: str = "河东街道", key: RequestKey | None = None) -> int:
    act = admin(*areas)
    asked = office.divisions.register(act, code=code, name=name, source="nbs2023", valid_from=FIRST, key=key)
    return run(asked).position


def test_a_division_is_registered_below_its_parent_and_seen_at_once() -> None:
    office = Office().with_divisions(CITY, COUNTY)
    position = register(office, STREET)
    street = office.view.division(STREET)
    assert (street.name, street.level, street.parent) == ("河东街道", "street", COUNTY)
    assert street.id == entry_id("division", STREET)
    assert office.view.position == position == 3


def test_a_division_without_its_parent_is_refused_and_nothing_is_recorded() -> None:
    office = Office().with_divisions(CITY)
    with pytest.raises(NoSuchEntry):
        register(office, STREET)
    assert len(office.log.recorded) == 1


def test_what_lies_above_the_city_needs_no_parent() -> None:
    office = Office()
    register(office, "1507")
    assert office.view.division("1507").parent == "15"


def test_a_division_begins_within_the_days_of_its_parent() -> None:
    office = Office().with_divisions(CITY, COUNTY)
    with pytest.raises(NotValidThen):
        run(office.divisions.register(admin(), code=STREET, name="河东街道", source="old", valid_from=date(2001, 1, 1)))


def test_a_code_registers_once() -> None:
    office = Office().with_divisions(CITY)
    with pytest.raises(AlreadyRegistered):
        register(office, CITY)


def test_another_process_that_was_faster_is_met_as_already_registered() -> None:
    office = Office()
    city = Division.register(admin(), code=CITY, name="呼伦贝尔市", parent="15", source="nbs2023", valid_from=FIRST)
    register(Office(office.log), CITY)
    with pytest.raises(AlreadyRegistered):
        run(office.desk.register_many([city]))


def test_a_repeated_request_gets_the_first_answer() -> None:
    office = Office()
    key = RequestKey("k1", "body")
    assert register(office, CITY, key=key) == register(office, CITY, key=key) == 1
    with pytest.raises(KeyReused):
        register(office, CITY, key=RequestKey("k1", "another body"))


@pytest.mark.parametrize("name", ["", "  ", "河" * 101, "河东\n街道", "河东\u200b街道"])
def test_a_name_nobody_can_read_is_refused(name: str) -> None:
    with pytest.raises(BadText):
        register(Office(), CITY, name=name)


def test_only_an_administrator_of_the_place_registers() -> None:
    with pytest.raises(OutsideArea):
        register(Office(), CITY, COUNTY)
    dispatcher = Actor(id="d1", roles=frozenset({Role.DISPATCHER}), unit="u", areas=(CITY,))
    act = Act(actor=dispatcher, at=NINE)
    with pytest.raises(WrongRole):
        run(Office().divisions.register(act, code=CITY, name="市", source="s", valid_from=FIRST))


def test_a_parent_is_the_code_one_level_up() -> None:
    with pytest.raises(BadCode):
        Division.register(admin(), code=STREET, name="河东街道", parent=CITY, source="s", valid_from=FIRST)


def test_a_last_day_before_the_first_is_refused() -> None:
    day_before = date(2025, 12, 31)
    asked = Office().divisions.register(
        admin(), code=CITY, name="市", source="s", valid_from=FIRST, valid_until=day_before
    )
    with pytest.raises(BadPeriod):
        run(asked)


def test_a_malformed_code_is_refused() -> None:
    with pytest.raises(BadCode):
        register(Office(), "15078")


def test_a_division_is_renamed_by_who_saw_its_version() -> None:
    office = Office().with_divisions(CITY)
    run(office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="国函〔2001〕", version=1))
    assert office.view.division(CITY).name == "呼伦贝尔市"
    with pytest.raises(Stale):
        run(office.divisions.rename(admin(), code=CITY, name="海拉尔市", source="x", version=1))
    with pytest.raises(NothingChanged):
        run(office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="x"))


def test_a_repeated_change_gets_the_first_answer_though_its_version_is_old_by_now() -> None:
    office = Office().with_divisions(CITY)
    key = RequestKey("k1", "body")
    receipts = [
        run(office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="x", version=1, key=key))
        for _ in range(2)
    ]
    assert receipts[0] == receipts[1]
    assert office.view.division(CITY).version == 2


def test_an_act_before_the_last_is_out_of_order() -> None:
    office = Office().with_divisions(CITY)
    with pytest.raises(OutOfOrder):
        run(office.divisions.rename(admin(minutes=-1), code=CITY, name="呼伦贝尔市", source="x"))


def test_an_unknown_division_is_not_renamed() -> None:
    with pytest.raises(NoSuchEntry):
        run(Office().divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="x"))


def test_a_division_is_valid_up_to_and_including_its_last_day() -> None:
    office = Office().with_divisions(CITY)
    run(office.divisions.abolish(admin(), code=CITY, last_day=LAST))
    assert office.view.division(CITY, valid_on=LAST).valid_until == "2026-06-30"
    with pytest.raises(NotValidThen):
        office.view.division(CITY, valid_on=date(2026, 7, 1))
    with pytest.raises(NotValidThen):
        office.view.division(CITY, valid_on=date(2025, 12, 31))


def test_a_last_day_moves_forward_in_time_only_to_an_earlier_one() -> None:
    office = Office().with_divisions(CITY)
    run(office.divisions.abolish(admin(), code=CITY, last_day=LAST))
    with pytest.raises(NoLongerKept):
        run(office.divisions.abolish(admin(), code=CITY, last_day=date(2026, 7, 1)))
    with pytest.raises(BadPeriod):
        run(office.divisions.abolish(admin(), code=CITY, last_day=date(2025, 12, 31)))


def test_an_ended_division_is_not_renamed() -> None:
    office = Office().with_divisions(CITY)
    run(office.divisions.abolish(admin(), code=CITY, last_day=date(2026, 2, 1)))
    with pytest.raises(NoLongerKept):
        run(office.divisions.rename(admin(), code=CITY, name="呼伦贝尔市", source="x"))


def test_a_division_is_not_abolished_over_what_stays_below_it() -> None:
    office = Office().with_divisions().with_grid(GRID, square(121.5, 50.7))
    for code in (STREET, COMMUNITY):
        with pytest.raises(StillInUse):
            run(office.divisions.abolish(admin(), code=code, last_day=LAST))
    run(office.grids.retire(admin(), code=GRID, last_day=LAST))
    run(office.divisions.abolish(admin(), code=COMMUNITY, last_day=LAST))
    assert office.view.division(COMMUNITY).valid_until == LAST.isoformat()
