"""单位称谓: a name in a standard means the unit an administrator said, and nothing until then."""

from __future__ import annotations

import pytest

from application.registry.unit_names import NamedUnit, default_lead
from domain.refusals import NoSuchEntry, OutsideArea
from domain.registry.filing_condition import unit_names
from domain.registry.refusals import NothingChanged
from tests.editions_office import APRIL, FELLED, LITTER, condition, publish
from tests.registry_office import COUNTY, Office, admin, run

PARKS, STREET = "园林中心", "所属街办"


def office() -> Office:
    city = Office().with_divisions().with_unit("yl", "department", COUNTY).with_unit("cg", "department", COUNTY)
    publish(
        city, "1", APRIL, condition(FELLED, lead_text=PARKS, supervisor_text="城管局"),
        condition(LITTER, lead_text=f"{STREET}、{PARKS}", supervisor_text="城管局"),
    )  # fmt: skip
    return city


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲、乙", ["甲", "乙"]), (" 甲 、\n乙\n", ["甲", "乙"]), ("甲、甲", ["甲"]), ("盐湖区 政府", ["盐湖区 政府"]),
        ("", []), ("、", []), ("甲及乙", ["甲及乙"]),
    ],
)  # fmt: skip
def test_a_cell_names_the_units_between_its_marks(cell: str, names: list[str]) -> None:
    assert unit_names(cell) == names


def test_names_are_listed_with_how_often_and_as_what() -> None:
    assert office().unit_names.named(APRIL) == [
        NamedUnit(PARKS, None, 2, 0), NamedUnit("城管局", None, 0, 2), NamedUnit(STREET, None, 1, 0),
    ]  # fmt: skip


def test_a_name_leads_once_it_is_mapped_and_only_where_it_stands_alone() -> None:
    city = office()
    felled, litter = (city.view.case_type(code).on(APRIL).content for code in (FELLED, LITTER))
    assert default_lead(city.view, felled, APRIL) is None
    run(city.unit_names.map(admin(), name=f" {PARKS} ", unit="yl"))
    assert default_lead(city.view, felled, APRIL) == "yl"
    assert default_lead(city.view, litter, APRIL) is None
    assert city.unit_names.named(APRIL)[0].unit == "yl"


def test_a_lead_the_edition_gives_comes_before_any_name() -> None:
    city = office()
    run(city.unit_names.map(admin(), name=PARKS, unit="yl"))
    assert default_lead(city.view, condition(lead="cg", lead_text=PARKS), APRIL) == "cg"


def test_a_name_is_pointed_elsewhere_and_taken_back() -> None:
    city = office()
    run(city.unit_names.map(admin(), name=PARKS, unit="yl"))
    with pytest.raises(NothingChanged):
        run(city.unit_names.map(admin(), name=PARKS, unit="yl"))
    run(city.unit_names.map(admin(), name=PARKS, unit="cg"))
    assert city.unit_names.named(APRIL)[0].unit == "cg"
    run(city.unit_names.map(admin(), name=PARKS, unit=None))
    assert city.unit_names.named(APRIL)[0].unit is None


def test_a_unit_that_is_closed_leads_no_more() -> None:
    city = office()
    run(city.unit_names.map(admin(), name=PARKS, unit="yl"))
    run(city.units.close(admin(), code="yl", last_day=APRIL))
    felled = city.view.case_type(FELLED).on(APRIL).content
    assert default_lead(city.view, felled, APRIL) == "yl"
    assert default_lead(city.view, felled, APRIL.replace(day=2)) is None


def test_what_is_not_registered_or_not_ones_own_is_refused() -> None:
    city = office()
    with pytest.raises(NoSuchEntry):
        run(city.unit_names.map(admin(), name=PARKS, unit="nobody"))
    with pytest.raises(NoSuchEntry):
        run(city.unit_names.map(admin(), name=PARKS, unit=None))
    with pytest.raises(OutsideArea):
        run(city.unit_names.map(admin(COUNTY), name=PARKS, unit="yl"))
