"""A small city for tests of the registry: one log, one view, all use cases, and the words to set it up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from typing import Self, TypeVar

from application.importing.division_changes import ImportingDivisionChanges
from application.importing.divisions import ImportingDivisions
from application.registry.admission_policies import AdmissionPolicies
from application.registry.admission_rules import AdmissionRules
from application.registry.catalogue import Catalogue
from application.registry.contacts import Contacts
from application.registry.desk import RegistryDesk
from application.registry.division_moves import DivisionMoves
from application.registry.divisions import Divisions
from application.registry.duty_admissions import DutyAdmissions
from application.registry.editions import Editions
from application.registry.grid_checks import GroundRules
from application.registry.grids import Grids
from application.registry.leaving import Leaving
from application.registry.relations import UnitRelations
from application.registry.rosters import Rosters
from application.registry.staff import StaffRoll
from application.registry.unit_names import UnitNames
from application.registry.units import Units
from domain.actor import Act, Actor, Role
from domain.registry.admission_policy import OffList
from infrastructure.calendars import chinese_office_calendar
from infrastructure.registry.surveying import ShapelySurveyor
from infrastructure.registry.view import RegistryView
from tests.fakes import MemoryLog, MemoryLogs
from tests.hands import DISTRICT, MemoryHands, prompt_boards

T = TypeVar("T")

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China
FIRST = date(2026, 1, 1)
TODAY = date(2026, 3, 2)
PHONE = "0470-5223110"
CITY, COUNTY, STREET, COMMUNITY = "1507", "150785", "150785001", "150785001001"
GRID = COMMUNITY + "001"


def run(asked: Coroutine[object, object, T]) -> T:
    """Wait for one answer."""
    return asyncio.run(asked)


def admin(*areas: str, minutes: int = 0, code: str = "city-admin") -> Act:
    """An administrator's deed, `minutes` after nine."""
    actor = Actor(id=code, roles=frozenset({Role.ADMIN}), unit="city-office", areas=areas or (CITY,))
    return Act(actor=actor, at=NINE + timedelta(minutes=minutes))


def square(west: float, south: float, side: float = 0.01) -> list[list[list[float]]]:
    """A drawing with one ring, in degrees."""
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


class Office:
    """The registry of city 1507 on a log in memory."""

    def __init__(self, log: MemoryLog | None = None) -> None:
        self.log = log or MemoryLog(CITY)
        self.view = RegistryView(self.log)
        self.desk = RegistryDesk(self.log, self.view)
        self.divisions = Divisions(self.desk)
        self.ground = GroundRules(self.view, ShapelySurveyor())
        self.grids = Grids(self.desk, self.ground)
        self.rules = AdmissionRules(self.view, OffList.REFUSE)
        self.units = Units(self.desk, self.rules)
        self.duty_admissions = DutyAdmissions(self.desk, self.rules)
        self.admission_policies = AdmissionPolicies(self.desk)
        self.staff = StaffRoll(self.desk)
        self.logs = MemoryLogs(self.log, MemoryLog(DISTRICT))
        self.leaving = Leaving(self.desk, self.logs, prompt_boards(self.logs), MemoryHands(self.logs))
        self.unit_relations = UnitRelations(self.desk)
        self.contacts = Contacts(self.desk)
        self.rosters = Rosters(self.desk, chinese_office_calendar())
        self.catalogue = Catalogue(self.desk)
        self.editions = Editions(self.desk)
        self.unit_names = UnitNames(self.desk)
        self.importing = ImportingDivisions(self.desk)
        self.importing_changes = ImportingDivisionChanges(self.desk)
        self.division_moves = DivisionMoves(self.desk)

    def with_divisions(self, *codes: str) -> Self:
        for code in codes or (CITY, COUNTY, STREET, COMMUNITY):
            name = f"区划{code}"
            run(self.divisions.register(admin(), code=code, name=name, source="test", valid_from=FIRST))
        return self

    def with_unit(self, code: str, level: str = "street", place: str = STREET) -> Self:
        name = f"单位{code}"
        run(self.units.register(admin(), code=code, name=name, level=level, place=place, phone=PHONE))
        return self

    def with_staff(self, code: str, unit: str, *roles: str, area: str = COMMUNITY) -> Self:
        run(self.staff.join(admin(), code=code, name=f"岗位{code}", unit=unit, roles=roles, areas=[area]))
        return self

    def with_grid(self, code: str, polygon: list[list[list[float]]]) -> Self:
        run(
            self.grids.define(
                admin(),
                code=code,
                name=f"网格{code[-3:]}",
                kind="综合",
                polygon=polygon,
                supervision_phone=PHONE,
                valid_from=FIRST,
            )
        )
        return self

    def with_case_type(self, code: str, lead: str | None = None) -> Self:
        run(
            self.catalogue.publish(
                admin(),
                code=code,
                name="绿地脏乱",
                class_name="市容环境",
                condition="绿地内有垃圾、杂物",
                closing_condition="清理干净",
                limit_amount=4,
                limit_unit="work_hour",
                lead=lead,
                edition="2026-1",
                valid_from=FIRST,
            )
        )
        return self
