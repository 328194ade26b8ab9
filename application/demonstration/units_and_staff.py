"""Units 承办单位 and staff 人员 of the demonstration district. Staff are posts, never persons."""

from __future__ import annotations

from datetime import date

from application.demonstration.places import CITY, COMMUNITIES, DISTRICT, GRIDS, STREETS
from domain.actor import Act, Role
from domain.registry.staff import Staff
from domain.registry.unit import Unit, UnitLevel

GOVERNMENT, HOTLINE, OVERSIGHT, AUDIT = "zf", "rx", "jd", "sj"
OFFICES = {
    HOTLINE: "市民热线服务中心",
    OVERSIGHT: "城市运行监督中心",
    AUDIT: "审计局",
}
"""They take in, judge and audit, and lead no case."""
DEPARTMENTS = {
    "cg": "城市管理综合执法局",
    "zj": "住房和城乡建设局",
    "hw": "环境卫生服务中心",
    "yl": "园林绿化服务中心",
    "gs": "供水供热公司",
    "dl": "供电公司",
    "sc": "市场监督管理局",
    "jj": "公安局交通管理大队",
    "hb": "生态环境分局",
    "rs": "人力资源和社会保障局",
    "nm": "农牧和水利局",
}
NAMES = {GOVERNMENT: "人民政府办公室"} | OFFICES | DEPARTMENTS | STREETS | COMMUNITIES
STREET_DUTIES = ("matter-06010", "matter-06012", "matter-06036", "matter-06042", "matter-09001", "matter-10001")
COMMUNITY_DUTIES = ("matter-06036", "matter-07001", "matter-06038")
"""职责准入: the classes admitted by every street, by every community."""

RECEIVERS, DISPATCHERS, VERIFIERS, SUPERVISORS = (
    tuple(f"{role}-{number}" for number in range(1, count + 1))
    for role, count in (("receiver", 6), ("dispatcher", 4), ("verifier", 4), ("supervisor", 2))
)
AUDITOR, ADMIN = "auditor-1", "admin-1"
_DESKS = (
    (RECEIVERS, Role.RECEIVER, HOTLINE, "市民热线服务中心受理岗"),
    (DISPATCHERS, Role.DISPATCHER, HOTLINE, "市民热线服务中心派遣岗"),
    (VERIFIERS, Role.VERIFIER, OVERSIGHT, "城市运行监督中心核查回访岗"),
    (SUPERVISORS, Role.SUPERVISOR, OVERSIGHT, "城市运行监督中心督查岗"),
    ((AUDITOR,), Role.AUDITOR, AUDIT, "审计局审计岗"),
)

DEMO_STAFF = {
    Role.WORKER.label: GRIDS[0].worker,
    Role.RECEIVER.label: RECEIVERS[0],
    Role.DISPATCHER.label: DISPATCHERS[0],
    Role.HANDLER.label: "handler-cg-1",
    Role.VERIFIER.label: VERIFIERS[0],
    Role.SUPERVISOR.label: SUPERVISORS[0],
    Role.AUDITOR.label: AUDITOR,
    Role.ADMIN.label: ADMIN,
}
"""For each role, as people read it, somebody to try it as."""


def handlers(unit: str) -> tuple[str, str]:
    """The staff ids of those who handle for a unit."""
    return f"handler-{unit}-1", f"handler-{unit}-2"


def whistle_desk(street: str) -> str:
    """The staff id of who blows the whistle for a street."""
    return f"dispatcher-{street}"


def units(act: Act, since: date) -> list[Unit]:
    """All units, streets and communities with the duties they have admitted."""
    registered = [_unit(act, GOVERNMENT, UnitLevel.DISTRICT, DISTRICT)]
    registered += [_unit(act, code, UnitLevel.DEPARTMENT, DISTRICT) for code in OFFICES | DEPARTMENTS]
    for codes, level, duties in (
        (STREETS, UnitLevel.STREET, STREET_DUTIES),
        (COMMUNITIES, UnitLevel.COMMUNITY, COMMUNITY_DUTIES),
    ):
        for code in codes:
            unit = _unit(act, code, level, code)
            for duty in duties:
                unit.admit_duty(act, category=duty, since=since)
            registered.append(unit)
    return registered


def staff(act: Act) -> list[Staff]:
    """Everybody: a worker a grid, two handlers a unit, the desks of the centres, an administrator."""
    joined = [_staff(act, grid.worker, f"{grid.name}网格员", grid.community, Role.WORKER, grid.code) for grid in GRIDS]
    for unit in (*DEPARTMENTS, *STREETS, *COMMUNITIES):
        area = DISTRICT if unit in DEPARTMENTS else unit
        for number, code in enumerate(handlers(unit), start=1):
            joined.append(_staff(act, code, f"{NAMES[unit]}承办岗{number}", unit, Role.HANDLER, area))
    for street in STREETS:
        joined.append(_staff(act, whistle_desk(street), f"{NAMES[street]}吹哨调度岗", street, Role.DISPATCHER, street))
    for codes, role, unit, post in _DESKS:
        for number, code in enumerate(codes, start=1):
            joined.append(_staff(act, code, f"{post}{number}", unit, role, DISTRICT))
    joined.append(_staff(act, ADMIN, "人民政府办公室登记管理岗", GOVERNMENT, Role.ADMIN, CITY))
    return joined


def _unit(act: Act, code: str, level: UnitLevel, place: str) -> Unit:
    phone = f"0470-12345{list(NAMES).index(code) + 1:02}"
    name = f"根河市{NAMES[code]}" if place == DISTRICT else NAMES[code]
    if level is UnitLevel.STREET:
        name = f"{name}{'办事处' if name.endswith('街道') else '人民政府'}"
    return Unit.register(act, code=code, name=name, level=level.value, place=place, phone=phone)


def _staff(act: Act, code: str, name: str, unit: str, role: Role, area: str) -> Staff:
    return Staff.join(act, code=code, name=name, unit=unit, roles=[role.value], areas=[area])
