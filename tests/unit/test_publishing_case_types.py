"""编目: filing conditions by kind, class and number, each with its limit, lead and edition."""

from datetime import date, timedelta

import pytest

from domain.limit import Limit, LimitUnit
from domain.refusals import BadCode, NoSuchEntry, NotValidThen, OutsideArea
from domain.registry.case_type_key import CaseKind, CaseTypeKey
from domain.registry.refusals import BadLimit, NoLongerKept, NothingChanged
from tests.registry_office import COUNTY, FIRST, TODAY, Office, admin, run

KEY = "matter-06017"
HOURS = Limit(4, LimitUnit.WORK_HOUR)


def office() -> Office:
    return Office().with_divisions().with_unit("chengguan", "department", COUNTY)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("matter-06017", CaseTypeKey(CaseKind.MATTER, "06017")),
        ("asset-06017", CaseTypeKey(CaseKind.ASSET, "06017")),
        ("matter-06017-2", CaseTypeKey(CaseKind.MATTER, "06017", 2)),
        ("matter-06017-12", CaseTypeKey(CaseKind.MATTER, "06017", 12)),
    ],
)
def test_a_key_is_printed_as_it_is_read(text: str, key: CaseTypeKey) -> None:
    assert CaseTypeKey.parse(text) == key
    assert str(key) == text


@pytest.mark.parametrize("text", ["06017", "matter-0617", "thing-06017", "matter-06017-1", "matter-06017-0", ""])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadCode):
        CaseTypeKey.parse(text)


def test_matter_and_asset_of_one_number_are_two_entries() -> None:
    city = office().with_case_type(KEY, "chengguan").with_case_type("asset-06017")
    matter = city.view.case_type(KEY, valid_on=FIRST)
    said = matter.on(FIRST)
    assert (matter.kind, matter.class_code) == (CaseKind.MATTER, "06017")
    assert (said.content.lead, said.edition, said.content.limit) == ("chengguan", "2026-1", HOURS)
    assert [each.code for each in city.view.case_types()] == ["asset-06017", KEY]
    assert [each.code for each in city.view.case_types(kind=CaseKind.MATTER)] == [KEY]
    assert [each.code for each in city.view.case_types(lead="chengguan", name="绿地")] == [KEY]


def test_an_unknown_lead_is_refused() -> None:
    with pytest.raises(NoSuchEntry):
        office().with_case_type(KEY, "nobody")


def test_the_catalogue_is_the_citys_to_keep() -> None:
    city = office().with_case_type(KEY)
    with pytest.raises(OutsideArea):
        run(city.catalogue.withdraw(admin(COUNTY), code=KEY, last_day=TODAY))


def test_a_limit_is_set_in_a_new_edition() -> None:
    city = office().with_case_type(KEY)
    run(city.catalogue.set_limit(admin(), code=KEY, limit_amount=2, limit_unit="工作日", edition="2026-2"))
    case_type = city.view.case_type(KEY)
    today, before = case_type.on(TODAY), case_type.on(TODAY - timedelta(days=1))
    assert (today.content.limit, today.edition) == (Limit(2, LimitUnit.WORKDAY), "2026-2")
    assert (before.content.limit, before.edition) == (HOURS, "2026-1")


@pytest.mark.parametrize(
    ("amount", "unit", "edition", "refusal"),
    [
        (4, "work_hour", "2026-2", NothingChanged),
        (2, "workday", "2026-1", NothingChanged),
        (0, "workday", "2026-2", BadLimit),
        (1, "fortnight", "2026-2", BadLimit),
    ],
)
def test_a_limit_that_is_none_or_no_news_is_refused(
    amount: int, unit: str, edition: str, refusal: type[Exception]
) -> None:
    city = office().with_case_type(KEY)
    with pytest.raises(refusal):
        run(city.catalogue.set_limit(admin(), code=KEY, limit_amount=amount, limit_unit=unit, edition=edition))


def test_a_lead_is_set_or_left_to_the_dispatcher() -> None:
    city = office().with_case_type(KEY)
    run(city.catalogue.set_lead(admin(), code=KEY, lead="chengguan", edition="2026-2"))
    assert city.view.case_type(KEY).on(TODAY).content.lead == "chengguan"
    run(city.catalogue.set_lead(admin(), code=KEY, lead=None, edition="2026-3"))
    assert city.view.case_type(KEY).on(TODAY).content.lead is None
    with pytest.raises(NoSuchEntry):
        run(city.catalogue.set_lead(admin(), code=KEY, lead="nobody", edition="2026-4"))
    with pytest.raises(NothingChanged):
        run(city.catalogue.set_lead(admin(), code=KEY, lead=None, edition="2026-4"))


def test_nothing_is_filed_under_a_withdrawn_condition() -> None:
    city = office().with_case_type(KEY)
    run(city.catalogue.withdraw(admin(), code=KEY, last_day=date(2026, 3, 1)))
    assert city.view.case_types(valid_on=TODAY) == []
    with pytest.raises(NotValidThen):
        city.view.case_type(KEY, valid_on=TODAY)
    with pytest.raises(NoLongerKept):
        run(city.catalogue.set_lead(admin(), code=KEY, lead="chengguan", edition="2026-2"))


def test_a_withdrawal_ends_what_was_said_for_later_days_and_cases_filed_under_it_go_on() -> None:
    city = office().with_case_type(KEY)
    run(city.catalogue.set_limit(admin(), code=KEY, limit_amount=2, limit_unit="workday", edition="2026-2"))
    run(city.catalogue.withdraw(admin(), code=KEY, last_day=date(2026, 2, 1)))
    case_type = city.view.case_type(KEY)
    assert [case_type.in_force(day) for day in (date(2026, 2, 1), date(2026, 2, 2), TODAY)] == [True, False, False]
    assert (case_type.valid_until, case_type.on(TODAY).edition) == ("2026-02-01", "2026-1")
    assert case_type.under("2026-2", TODAY).content.limit == Limit(2, LimitUnit.WORKDAY)
