"""What the registry holds of the synthetic town: divisions, grids, units, staff, catalogue and limit rules."""

from __future__ import annotations

from collections.abc import Iterator

from application.limits import default_limits
from application.registry.registry import Entry
from application.synthetic.catalogue import CATEGORIES, EDITION
from application.synthetic.town import CITY, DEPARTMENTS, DISTRICTS, SINCE, District, district, point_in, unit_code
from domain.actor import Act
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.place import parent_of
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.division import Division
from domain.registry.filing_condition import FilingCondition
from domain.registry.grid import Grid, GridKind
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.registry.publishing import publish
from domain.registry.staff import Staff
from domain.registry.unit import Unit, UnitLevel

_PHONE = "000-12345"
_SOURCE = "合成"
_S, _U = LimitStage, LimitUnit
RULES = (
    *default_limits.RULES,
    LimitRule.checked(number="11", name="各环节", limits={
        _S.ACCEPT: Limit(2, _U.WORK_HOUR), _S.CONTACT: Limit(1, _U.WORKDAY), _S.CHECK: Limit(1, _U.WORKDAY),
        _S.CALL_BACK: Limit(2, _U.WORKDAY), _S.CASE: Limit(15, _U.WORKDAY),
    }),
)  # fmt: skip


def entries(act: Act) -> list[Entry]:
    """All of it, for an act of an administrator of the town before anything happens there."""
    places = [(CITY, "合成市"), *((code, f"合成{nth}区") for nth, code in enumerate(DISTRICTS, start=1))]
    found: list[Entry] = [_division(act, code, name) for code, name in places]
    for code in DISTRICTS:
        found += _of_district(act, district(code))
    return [*found, *_catalogue(act), _limit_rules(act)]


def _of_district(act: Act, one: District) -> Iterator[Entry]:
    for nth, street in enumerate(one.streets, start=1):
        yield _division(act, street, f"合成{nth}街道")
    for community in one.communities:
        yield _division(act, community, f"{int(community[6:9])}街道{int(community[9:])}社区")
    for grid in one.grids:
        yield _grid(act, one, grid)
    yield _unit(act, unit_code(one.code, "zx"), "城市运行中心", UnitLevel.DISTRICT, one.code)
    for key, name in DEPARTMENTS.items():
        yield _unit(act, one.department(key), f"{int(one.code[4:])}区{name}", UnitLevel.DEPARTMENT, one.code)
    for code in one.streets:
        yield _unit(act, code, f"{int(code[6:])}街道办事处", UnitLevel.STREET, code)
    for code in one.communities:
        yield _unit(act, code, f"{int(code[6:9])}街道{int(code[9:])}社区居委会", UnitLevel.COMMUNITY, code)
    for post in one.posts.values():
        who = post.actor
        roles = [role.value for role in who.roles]
        yield Staff.join(act, code=who.id, name=post.name, unit=who.unit, roles=roles, areas=list(who.areas))


def _division(act: Act, code: str, name: str) -> Division:
    return Division.register(act, code=code, name=name, parent=parent_of(code), source=_SOURCE, valid_from=SINCE)


def _grid(act: Act, one: District, code: str) -> Grid:
    west, south = point_in(code)
    east, north = round(west + 0.01, 6), round(south + 0.01, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    grid = Grid.define(
        act, code=code, name=f"第{int(code[12:])}网格", kind=GridKind.GENERAL.value, polygon=[ring],
        supervision_phone=_PHONE, valid_from=SINCE, flaw=lambda _: None,
    )  # fmt: skip
    grid.assign_worker(act, worker=one.worker(code).id)
    return grid


def _unit(act: Act, code: str, name: str, level: UnitLevel, place: str) -> Unit:
    unit = Unit.register(act, code=code, name=name, level=level.value, place=place, phone=_PHONE)
    if level in (UnitLevel.STREET, UnitLevel.COMMUNITY):
        for category in CATEGORIES:
            if category.near:
                unit.admit_duty(act, category=category.code, since=SINCE)
    return unit


def _catalogue(act: Act) -> list[Entry]:
    edition = CatalogueEdition.draft(
        act, city=CITY, code=EDITION, name="合成立案标准", source=_SOURCE, effective_from=SINCE
    )
    conditions = [
        FilingCondition(one.code, one.name, one.heading, "存在问题", "恢复原状", one.limit) for one in CATEGORIES
    ]
    edition.put(act, city=CITY, conditions=conditions)
    return [*publish(act, city=CITY, edition=edition, editions=[], case_types=[])]


def _limit_rules(act: Act) -> LimitRules:
    edition = LimitRules.draft(act, city=CITY, code="synthetic", name="合成时限规则", source=_SOURCE)
    edition.lay(act, city=CITY, rules=RULES)
    edition.publish(act, city=CITY, valid_from=SINCE)
    return edition
