"""改码与承接: a division keeps its identity through codes; merges and splits name who follows; a code can pass on."""

from datetime import date

import pytest

from application.ports import RequestKey
from domain.refusals import AlreadyRegistered, BadCode, NoSuchEntry, OutsideArea
from domain.registry.code_table import CodeTable
from domain.registry.division_refusals import (
    BadSuccessor,
    CodesOverlap,
    CodeTaken,
    NoSuchDoubt,
    StillCoded,
)
from domain.registry.refusals import BadPeriod, NoLongerKept, NothingChanged, StillInUse
from domain.registry.succession import How, Verdict
from tests.registry_office import CITY, COMMUNITY, COUNTY, GRID, STREET, Office, admin, run, square

SINCE = date(2026, 7, 1)
OTHER, THIRD = "150785002", "150785003"


def recode(office: Office, code: str, new: str, since: date = SINCE, key: RequestKey | None = None) -> None:
    asked = office.division_moves.recode(
        admin(), code=code, new_code=new, since=since, source="民政厅批复", doc_no="内民政〔2026〕1号", key=key
    )
    run(asked)


def pass_on(office: Office, old: list[str], new: list[str], how: How, since: date = SINCE) -> None:
    run(
        office.division_moves.pass_on(
            admin(), predecessors=old, successors=new, how=how, since=since, source="民政厅批复"
        )
    )


def who(office: Office, code: str, on: date) -> list[str]:
    return [one.division.name for one in office.view.code_book.places_of(code, on)]


def test_a_recoded_division_is_found_by_either_code_on_its_days() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET)
    street = office.view.division(STREET)
    recode(office, STREET, OTHER)
    assert office.view.division(OTHER).id == street.id
    assert office.view.division(STREET).id == street.id
    assert (who(office, STREET, date(2026, 6, 30)), who(office, STREET, SINCE)) == (["区划150785001"], [])
    assert who(office, OTHER, SINCE) == ["区划150785001"]
    assert [one.code for one in office.view.divisions(parent=COUNTY)] == [OTHER]


def test_a_recode_to_another_county_moves_it_there() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, "150784")
    recode(office, STREET, "150784001")
    assert office.view.division("150784001").parent == "150784"
    assert office.view.divisions(parent=COUNTY) == []


def test_what_carries_the_old_code_is_listed_and_holds_the_recode_up() -> None:
    office = Office().with_divisions().with_unit("hedong").with_staff("w1", "hedong", "worker")
    office.with_grid(GRID, square(121.5, 50.7))
    found = office.division_moves.affected(STREET, SINCE)
    assert (found.divisions, found.grids, found.units, found.staff) == ([COMMUNITY], [GRID], ["hedong"], ["w1"])
    for code, new in ((STREET, OTHER), (COMMUNITY, "150785001002")):
        with pytest.raises(StillCoded):
            recode(office, code, new)
    assert office.view.division(STREET).version == 1


def test_grids_renumber_to_a_code_given_ahead_and_then_the_recode_goes_through() -> None:
    office = Office().with_divisions().with_grid(GRID, square(121.5, 50.7))
    given = office.division_moves.give_code(
        admin(), code=COMMUNITY, table=CodeTable.NBS, year=2026, new_code="150785001009", name="西爱国街居委会",
        source="国家统计局2026", valid_from=date(2026, 6, 30),
    )  # fmt: skip
    run(given)
    assert office.view.division("150785001009").code == COMMUNITY
    run(office.grids.retire(admin(), code=GRID, last_day=date(2026, 6, 30)))
    recode(office, COMMUNITY, "150785001009")
    assert office.view.division("150785001009").code == "150785001009"


def test_a_recode_is_refused_without_need_room_or_time() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, OTHER)
    with pytest.raises(NothingChanged):
        recode(office, STREET, STREET)
    with pytest.raises(CodeTaken):
        recode(office, STREET, OTHER)
    with pytest.raises(BadPeriod):
        recode(office, STREET, THIRD, since=date(2026, 1, 1))
    with pytest.raises(NoSuchEntry):
        recode(office, THIRD, OTHER)
    with pytest.raises(OutsideArea):
        recode(office, STREET, "110101001")
    with pytest.raises(BadCode):
        recode(office, STREET, COMMUNITY)


def test_a_retried_recode_gets_the_first_answer() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET)
    recode(office, STREET, OTHER, key=RequestKey("k", "body"))
    recode(office, OTHER, OTHER, key=RequestKey("k", "body"))
    assert office.view.division(OTHER).version == 2


def test_a_table_has_one_code_for_a_place_at_a_time() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET)
    for code in (OTHER, THIRD):
        asked = office.division_moves.give_code(
            admin(), code=STREET, table=CodeTable.MCA, year=2026, new_code=code, name="河东街道", source="民政部2026",
            valid_from=SINCE,
        )  # fmt: skip
        if code == OTHER:
            run(asked)
            continue
        with pytest.raises(CodesOverlap):
            run(asked)


def test_merged_divisions_end_on_the_eve_and_name_who_follows() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, OTHER, THIRD)
    pass_on(office, [STREET, OTHER], [THIRD], How.MERGED)
    third = office.view.division(THIRD)
    assert [link.division.code for link in office.view.code_book.predecessors(third)] == [STREET, OTHER]
    assert office.view.division(STREET).valid_until == "2026-06-30"
    assert who(office, STREET, SINCE) == []
    assert office.log.saves == 6


def test_a_split_names_all_who_follow_and_a_part_may_be_carved_out() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, OTHER, THIRD)
    pass_on(office, [STREET], [OTHER], How.CARVED)
    assert office.view.division(STREET).valid_until is None
    pass_on(office, [STREET], [OTHER, THIRD], How.SPLIT, date(2026, 8, 1))
    links = office.view.code_book.successors(office.view.division(STREET))
    assert [(link.how, link.division.code) for link in links] == [
        ("carved", OTHER), ("split", OTHER), ("split", THIRD),
    ]  # fmt: skip


def test_a_succession_is_refused_for_whoever_is_not_there_or_still_has_something_below() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET, COMMUNITY, OTHER, THIRD)
    with pytest.raises(StillInUse):
        pass_on(office, [STREET], [OTHER], How.MERGED)
    with pytest.raises(BadSuccessor):
        pass_on(office, [OTHER], [OTHER], How.MERGED)
    with pytest.raises(BadSuccessor):
        pass_on(office, [OTHER], [STREET, THIRD], How.MERGED)
    run(office.divisions.abolish(admin(), code=THIRD, last_day=date(2026, 5, 31)))
    with pytest.raises(BadSuccessor):
        pass_on(office, [OTHER], [THIRD], How.MERGED)
    with pytest.raises(NoLongerKept):
        pass_on(office, [THIRD], [OTHER], How.MERGED)
    assert office.view.division(OTHER).successions == ()


def test_a_code_whose_place_ended_can_be_another_places() -> None:
    office = Office().with_divisions(CITY, COUNTY, STREET)
    first = office.view.division(STREET).id
    asked = {"code": STREET, "name": "新区街道", "source": "x"}
    with pytest.raises(AlreadyRegistered):
        run(office.divisions.register(admin(), **asked, valid_from=SINCE))  # type: ignore[arg-type]
    run(office.divisions.abolish(admin(), code=STREET, last_day=date(2026, 6, 30)))
    run(office.divisions.register(admin(), **asked, valid_from=SINCE))  # type: ignore[arg-type]
    now = office.view.division(STREET)
    assert (now.name, now.id != first) == ("新区街道", True)
    assert (who(office, STREET, date(2026, 6, 30)), who(office, STREET, SINCE)) == (["区划150785001"], ["新区街道"])
    run(office.divisions.rename(admin(), code=STREET, name="新城街道", source="x"))
    assert office.view.code_book.division(first).name == "区划150785001"


def test_a_doubt_that_is_none_is_not_settled() -> None:
    office = Office().with_divisions(CITY)
    asked = office.division_moves.settle(
        admin(), division=office.view.division(CITY).id, row="1994 x", verdict=Verdict.DISMISSED
    )
    with pytest.raises(NoSuchDoubt):
        run(asked)
