"""准入办法: refused or flagged by level, from a day on; the district's own before the city's; who reviews is graded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import Act, Role
from domain.refusals import BadCode, NoSuchEntry, OutsideArea, WrongRole
from domain.registry.admission_policy import AdmissionPolicy, AdmissionRule, OffList, Reviewer
from domain.registry.duty_refusals import DatedBack
from domain.registry.refusals import BadChoice, BadText, NothingChanged
from domain.registry.unit import UnitLevel
from tests.duty_office import APRIL, HEDONG, HEDONG_COMMUNITY, HEXI, approve, city, county_review, doing, request
from tests.registry_office import CITY, COUNTY, FIRST, TODAY, Office, admin, run

REFUSE, FLAG = OffList.REFUSE, OffList.FLAG
DAY = timedelta(days=1)


def rule(edition: str = "1", since: date = FIRST, street: OffList = FLAG, community: OffList = FLAG) -> AdmissionRule:
    return AdmissionRule(edition, since.isoformat(), street, community)


def adopt(office: Office, adopted: AdmissionRule, code: str = CITY, act: Act | None = None) -> None:
    run(office.admission_policies.adopt(act or admin(), code=code, name="职责下沉准入办法", rule=adopted))


def revise(office: Office, revised: AdmissionRule, code: str = CITY) -> None:
    run(office.admission_policies.revise(admin(), code=code, rule=revised))


def outcome(office: Office, unit: str, on: date) -> OffList:
    found = office.view.unit(unit)
    return office.rules.of(found, on).off_list(found.level)


def test_where_no_policy_is_in_force_the_setting_of_the_house_is() -> None:
    office = city()
    adopt(office, rule(since=APRIL))
    assert [outcome(office, HEDONG, day) for day in (APRIL - DAY, APRIL)] == [REFUSE, FLAG]


def test_streets_and_communities_may_be_treated_apart() -> None:
    office = city()
    adopt(office, rule(street=REFUSE, community=FLAG))
    assert outcome(office, HEDONG, TODAY) is REFUSE
    assert outcome(office, HEDONG_COMMUNITY, TODAY) is FLAG


def test_a_districts_own_policy_comes_before_the_citys_from_its_day_on() -> None:
    office = city()
    adopt(office, rule())
    adopt(office, rule(since=APRIL, street=REFUSE), code=COUNTY)
    assert [outcome(office, HEXI, day) for day in (APRIL - DAY, APRIL)] == [FLAG, REFUSE]


def test_an_edition_holds_until_the_next_begins() -> None:
    office = city()
    adopt(office, rule())
    revise(office, rule("2", APRIL, REFUSE))
    assert [outcome(office, HEDONG, day) for day in (FIRST, APRIL - DAY, APRIL)] == [FLAG, FLAG, REFUSE]
    assert office.rules.of(office.view.unit(HEDONG), APRIL).edition == "2"


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=20, unique=True), st.integers(-10, 2_010))
def test_on_any_day_the_edition_begun_last_is_in_force(begins: list[int], asked: int) -> None:
    first, *later = sorted(begins)
    policy = AdmissionPolicy.adopt(admin(), code=CITY, name="办法", rule=rule(str(first), TODAY + first * DAY))
    for nth in later:
        policy.revise(admin(), rule=rule(str(nth), TODAY + nth * DAY))
    found = policy.on(TODAY + asked * DAY)
    begun = [nth for nth in begins if nth <= asked]
    assert (found and found.edition) == (str(max(begun)) if begun else None)


def test_no_edition_reaches_back_or_comes_before_the_one_before_or_has_its_name() -> None:
    office = city()
    adopt(office, rule(since=APRIL))
    with pytest.raises(DatedBack):
        revise(office, rule("2", APRIL))
    with pytest.raises(NothingChanged):
        revise(office, rule("1", APRIL + DAY))
    revise(office, rule("2", APRIL + DAY))
    adopt(office, rule(), code=COUNTY)
    with pytest.raises(DatedBack):
        revise(office, rule("2", TODAY - DAY), code=COUNTY)
    revise(office, rule("2", TODAY), code=COUNTY)


def test_a_policy_is_a_citys_or_a_districts_kept_by_its_administrator() -> None:
    office = city()
    with pytest.raises(BadCode):
        adopt(office, rule(), code="150785001")
    with pytest.raises(NoSuchEntry):
        adopt(office, rule(), code="150799")
    with pytest.raises(BadText):
        adopt(office, rule(edition=" "))
    with pytest.raises(WrongRole):
        adopt(office, rule(), act=doing("one", Role.SUPERVISOR, "x", CITY))
    with pytest.raises(OutsideArea):
        adopt(office, rule(), act=admin(COUNTY))


def test_who_reviews_is_data_too_but_no_street_reviews_what_comes_down_to_it() -> None:
    office = city()
    with pytest.raises(BadChoice):
        adopt(office, AdmissionRule("1", FIRST.isoformat(), REFUSE, REFUSE, Reviewer.STREET))
    adopt(office, AdmissionRule("1", FIRST.isoformat(), REFUSE, REFUSE, Reviewer.DISTRICT, Reviewer.STREET), COUNTY)
    street, community = office.view.unit(HEDONG), office.view.unit(HEDONG_COMMUNITY)
    assert office.rules.reviewing_place(street, TODAY) == COUNTY
    assert office.rules.reviewing_place(community, TODAY) == street.place
    request(office)
    approve(office, county_review())
    assert street.level is UnitLevel.STREET
