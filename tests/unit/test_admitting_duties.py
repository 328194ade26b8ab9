"""承办单位 and 职责准入: what is passed to a street or a community is on its list that day."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.refusals import BadCode, NoSuchEntry, NotValidThen, OutsideArea
from domain.registry.refusals import (
    BadChoice,
    BadPeriod,
    DutyNotOnList,
    DutyOnList,
    NoDutyList,
    NoLongerKept,
    NothingChanged,
)
from tests.registry_office import COMMUNITY, COUNTY, PHONE, STREET, TODAY, Office, admin, run

DUTY, OTHER = "matter-06017", "matter-06010"
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 30)
DAY = timedelta(days=1)


def office() -> Office:
    return Office().with_divisions().with_unit("hedong").with_case_type(DUTY).with_case_type(OTHER)


def admit(office: Office, since: date = MARCH, category: str = DUTY, code: str = "hedong") -> None:
    run(office.units.admit_duty(admin(), code=code, category=category, since=since))


def revoke(office: Office, last_day: date = JUNE, category: str = DUTY) -> None:
    run(office.units.revoke_duty(admin(), code="hedong", category=category, last_day=last_day))


def test_a_street_admits_what_is_on_its_list_from_that_day() -> None:
    city = office()
    admit(city)
    unit = city.view.unit("hedong")
    assert unit.admits(DUTY, MARCH)
    assert not unit.admits(DUTY, MARCH - DAY)
    assert not unit.admits(OTHER, MARCH)


def test_a_class_is_admitted_with_all_its_filing_conditions() -> None:
    city = office()
    admit(city)
    assert city.view.unit("hedong").admits("matter-06017-2", MARCH)
    assert not city.view.unit("hedong").admits("asset-06017", MARCH)


def test_a_revoked_duty_ends_and_may_be_admitted_again() -> None:
    city = office()
    admit(city)
    revoke(city)
    unit = city.view.unit("hedong")
    assert unit.admits(DUTY, JUNE)
    assert not unit.admits(DUTY, JUNE + DAY)
    with pytest.raises(DutyOnList):
        admit(city, JUNE)
    admit(city, JUNE + 2 * DAY)
    assert [unit.admits(DUTY, JUNE + days * DAY) for days in (0, 1, 2)] == [True, False, True]


def test_a_duty_is_admitted_once() -> None:
    city = office()
    admit(city)
    with pytest.raises(DutyOnList):
        admit(city)


def test_only_what_is_on_the_list_is_revoked() -> None:
    city = office()
    with pytest.raises(DutyNotOnList):
        revoke(city)
    admit(city)
    with pytest.raises(BadPeriod):
        revoke(city, MARCH - DAY)
    revoke(city)
    with pytest.raises(DutyNotOnList):
        revoke(city)


def test_departments_have_no_list_and_admit_all() -> None:
    city = office().with_unit("chengguan", "department", COUNTY)
    assert city.view.unit("chengguan").admits("anything", MARCH)
    with pytest.raises(NoDutyList):
        admit(city, code="chengguan")


def test_a_community_has_a_list_too() -> None:
    city = office().with_unit("xiaiguo", "community", COMMUNITY)
    assert not city.view.unit("xiaiguo").admits(DUTY, MARCH)


def test_an_unknown_or_malformed_duty_is_not_admitted() -> None:
    city = office()
    with pytest.raises(NoSuchEntry):
        admit(city, category="matter-07003")
    with pytest.raises(BadCode):
        admit(city, category="06017")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"level": "village"}, BadChoice),
        ({"place": COMMUNITY}, BadCode),
        ({"code": "河东"}, BadCode),
        ({"place": "150785009"}, NoSuchEntry),
        ({"place": "110101001"}, OutsideArea),
    ],
)
def test_a_unit_is_told_in_the_words_of_the_field(facts: dict[str, str], refusal: type[Exception]) -> None:
    told: dict[str, Any] = {
        "code": "jinhe",
        "name": "金河镇",
        "level": "street",
        "place": STREET,
        "phone": PHONE,
    } | facts
    with pytest.raises(refusal):
        run(office().units.register(admin(), **told))


def test_a_unit_is_renamed() -> None:
    city = office()
    run(city.units.rename(admin(), code="hedong", name="河东街道办事处"))
    assert city.view.unit("hedong").name == "河东街道办事处"
    with pytest.raises(NothingChanged):
        run(city.units.rename(admin(), code="hedong", name="河东街道办事处"))


def test_a_closed_unit_takes_nothing_after_its_last_day() -> None:
    city = office()
    run(city.units.close(admin(), code="hedong", last_day=TODAY))
    assert city.view.unit("hedong", valid_on=TODAY).valid_until == TODAY.isoformat()
    with pytest.raises(NotValidThen):
        city.view.unit("hedong", valid_on=TODAY + DAY)
    with pytest.raises(NoLongerKept):
        run(city.units.rename(admin(minutes=24 * 60), code="hedong", name="河东街道办事处"))
