"""A small district for tests: two streets, three communities, square grids, units, one member of staff a role."""

from __future__ import annotations

from datetime import UTC, date, datetime

from application.services import Services
from domain.actor import Act, Actor, Role

CITY, DISTRICT = "1507", "150785"
STREET, OTHER_STREET = "150785001", "150785002"
COMMUNITY = "150785001001"
GRID, NEXT_GRID, OTHER_GRID = "150785001001001", "150785001001002", "150785002002001"
POINT = {"longitude": 121.505, "latitude": 50.785}
LAMPS, RUBBISH, NOISE = "asset-01037", "matter-06010", "matter-06028"
ROADS, WATER, STREET_OFFICE = "U-ROADS", "U-WATER", "U-STREET-1"
SINCE = date(2015, 1, 1)
ADMIN = Actor("founder", frozenset({Role.ADMIN}), "", (CITY,))
START = datetime(2015, 1, 1, tzinfo=UTC)

STAFF: dict[str, tuple[str, list[Role], list[str]]] = {
    "worker": (STREET_OFFICE, [Role.WORKER], [GRID, NEXT_GRID]),
    "receiver": ("U-CENTRE", [Role.RECEIVER], [DISTRICT]),
    "dispatcher": ("U-CENTRE", [Role.DISPATCHER], [DISTRICT]),
    "dispatcher-2": ("U-CENTRE", [Role.DISPATCHER], [DISTRICT]),
    "roads": (ROADS, [Role.HANDLER], [DISTRICT]),
    "water": (WATER, [Role.HANDLER], [DISTRICT]),
    "verifier": ("U-CENTRE", [Role.VERIFIER], [DISTRICT]),
    "supervisor": ("U-CENTRE", [Role.SUPERVISOR], [DISTRICT]),
    "auditor": ("U-CENTRE", [Role.AUDITOR], [CITY]),
    "admin": ("U-CENTRE", [Role.ADMIN], [CITY]),
    "elsewhere": ("U-CENTRE", [Role.RECEIVER, Role.DISPATCHER, Role.VERIFIER], [OTHER_STREET]),
}


async def build(services: Services) -> None:
    """Register the town through the same use cases everybody uses."""
    act = Act(ADMIN, START)
    for code, name in [
        (CITY, "测试市"), (DISTRICT, "测试县"), (STREET, "东街道"), (OTHER_STREET, "西街道"),
        (COMMUNITY, "第一社区"), ("150785001002", "第二社区"), ("150785002002", "第三社区"),
    ]:  # fmt: skip
        await services.divisions.register(act, code=code, name=name, source="test", valid_from=SINCE)
    for number, code in enumerate([GRID, NEXT_GRID, OTHER_GRID]):
        west, south = 121.50 + 0.01 * number, 50.78
        ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]
        await services.grids.define(
            act, code=code, name=f"第{number + 1}网格", kind="综合", polygon=[ring], supervision_phone="0470-5220000",
            valid_from=SINCE,
        )  # fmt: skip
    for code, name, level, place in [
        (ROADS, "道路照明所", "department", DISTRICT), (WATER, "供水公司", "department", DISTRICT),
        ("U-CENTRE", "指挥中心", "district", DISTRICT), (STREET_OFFICE, "东街道办事处", "street", STREET),
    ]:  # fmt: skip
        await services.units.register(act, code=code, name=name, level=level, place=place, phone="0470-5220001")
    for code, (unit, roles, areas) in STAFF.items():
        await services.staff.join(act, code=code, name=f"{code}岗", unit=unit, roles=roles, areas=areas)
    for code, name, amount, unit, lead in [
        (LAMPS, "路灯", 2, "workday", ROADS), (RUBBISH, "暴露垃圾", 4, "urgent_hour", STREET_OFFICE),
        (NOISE, "噪声扰民", 5, "natural_day", None),
    ]:  # fmt: skip
        await services.catalogue.publish(
            act, code=code, name=name, class_name="测试大类", condition="存在问题", closing_condition="恢复原状",
            limit_amount=amount, limit_unit=unit, edition="2015.1", valid_from=SINCE, lead=lead,
        )  # fmt: skip
    await services.units.admit_duty(act, code=STREET_OFFICE, category=RUBBISH, since=SINCE)
