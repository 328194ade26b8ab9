"""A city of two streets for tests of duty lists: who asks for an admission, who reviews it, and one to ask for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from application.ports import Receipt
from domain.actor import Act, Actor, Role
from domain.registry.duty_admission import DutyAdmission
from tests.registry_office import CITY, COMMUNITY, COUNTY, NINE, STREET, Office, run

DUTY, OTHER = "matter-06017", "matter-06010"
APRIL = date(2026, 4, 1)
DAY = timedelta(days=1)
SECOND_STREET = "150785002"
HEDONG, HEXI, HEDONG_COMMUNITY, PARKS = "hedong", "hexi", "hedong-1", "parks"
NOTES = {"basis": "城市绿化条例第十八条", "powers": "随事下放告知、劝导权限", "funding": "每年每街道 3 万元"}


def doing(id: str, role: Role, unit: str, *areas: str, days: int = 0, reason: str = "") -> Act:
    """A deed of a member of staff, so many days after nine."""
    actor = Actor(id=id, roles=frozenset({role}), unit=unit, areas=areas)
    return Act(actor=actor, at=NINE + timedelta(days=days), reason=reason)


def asker(days: int = 0) -> Act:
    return doing("parks-handler", Role.HANDLER, PARKS, COUNTY, days=days)


def city_review(days: int = 0, reason: str = "") -> Act:
    return doing("city-reviewer", Role.SUPERVISOR, "city-office", CITY, days=days, reason=reason)


def county_review(days: int = 0, reason: str = "") -> Act:
    return doing("county-reviewer", Role.SUPERVISOR, "county-office", COUNTY, days=days, reason=reason)


def city() -> Office:
    """Two streets and a community, each with an office and an empty list, and a department that asks."""
    office = Office().with_divisions(CITY, COUNTY, STREET, SECOND_STREET, COMMUNITY)
    office.with_unit(HEDONG).with_unit(HEXI, place=SECOND_STREET).with_unit(HEDONG_COMMUNITY, "community", COMMUNITY)
    office.with_unit(PARKS, "department", COUNTY)
    return office.with_case_type(DUTY).with_case_type(OTHER)


def request(office: Office, act: Act | None = None, code: str = "ZR-1", **given: Any) -> Receipt:
    """For both streets from April on, unless given otherwise."""
    asked: dict[str, Any] = {"name": "绿地日常巡查", "category": DUTY, "units": [HEDONG, HEXI], "since": APRIL}
    return run(office.duty_admissions.request(act or asker(), code=code, **asked | NOTES | given))


def approve(office: Office, act: Act | None = None, code: str = "ZR-1", **given: Any) -> Receipt:
    asked: dict[str, Any] = {"document": "呼政办发〔2026〕7号"}
    return run(office.duty_admissions.approve(act or city_review(), code=code, **asked | given))


def reject(office: Office, act: Act, code: str = "ZR-1") -> Receipt:
    return run(office.duty_admissions.reject(act, code=code))


def revoke(office: Office, act: Act, last_day: date, code: str = "ZR-1") -> Receipt:
    return run(office.duty_admissions.revoke(act, code=code, last_day=last_day))


def admission(office: Office, code: str = "ZR-1") -> DutyAdmission:
    return office.duty_admissions.one(code)


def admitted(office: Office, unit: str, *days: date) -> list[bool]:
    """Whether the unit's list holds the duty on each of the days."""
    return [office.view.unit(unit).admits(DUTY, day) for day in days]
