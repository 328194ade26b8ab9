"""Use cases of staff 人员: join, grant roles, assign areas, move, name who stands in. Leaving is `leaving`'s."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.place import GRID_DIGITS
from domain.registry.entry import civil_day
from domain.registry.staff import Staff
from domain.registry.standing_in import end_stand_in, name_stand_in


class StaffRoll:
    """人员登记."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def join(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        unit: str,
        roles: Collection[str],
        areas: Collection[str],
        phone: str | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """到岗 at a unit. Refuses `NoSuchEntry` for an unknown unit or area, `NotValidThen`."""

        def make() -> Staff:
            staff = Staff.join(act, code=code, name=name, unit=unit, roles=roles, areas=areas, phone=phone)
            self._require_unit(act, unit)
            self._require_areas(act, areas)
            return staff

        return await self._desk.register(make, key)

    async def grant_roles(
        self,
        act: Act,
        *,
        code: str,
        roles: Collection[str],
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """岗位授予: exactly `roles` from now on."""

        def command(staff: Staff) -> None:
            staff.grant_roles(act, roles=roles)

        return await self._desk.change(Staff, code, command, version=version, key=key)

    async def assign_areas(
        self,
        act: Act,
        *,
        code: str,
        areas: Collection[str],
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """范围划定: exactly `areas` from now on. Refuses `NoSuchEntry`, `NotValidThen` for an area."""

        def command(staff: Staff) -> None:
            staff.assign_areas(act, areas=areas)
            self._require_areas(act, areas)

        return await self._desk.change(Staff, code, command, version=version, key=key)

    async def move(
        self, act: Act, *, code: str, unit: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """调动. Refuses `NoSuchEntry` for an unknown unit, `NotValidThen`."""

        def command(staff: Staff) -> None:
            staff.move(act, unit=unit)
            self._require_unit(act, unit)

        return await self._desk.change(Staff, code, command, version=version, key=key)

    async def name_stand_in(
        self, act: Act, *, code: str, stand_in: str, first_day: date, last_day: date, roles: Collection[str] = (),
        version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """代班 by a member on duty. Refuses `NoSuchEntry`, `NotFitToStandIn`, `StandInChain`, `StoodInFor`."""

        def command(staff: Staff) -> None:
            name_stand_in(
                act, staff=staff, by=self._desk.registry.staff(stand_in), helped=self._desk.registry.helped_by(code),
                roles=roles, first=first_day, last=last_day,
            )  # fmt: skip

        return await self._desk.change(Staff, code, command, version=version, key=key)

    async def end_stand_in(
        self, act: Act, *, code: str, first_day: date, last_day: date, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """代班提前结束 after `last_day`; the day before `first_day` calls it off."""

        def command(staff: Staff) -> None:
            end_stand_in(act, staff=staff, first=first_day, last=last_day)

        return await self._desk.change(Staff, code, command, version=version, key=key)

    def _require_unit(self, act: Act, unit: str) -> None:
        self._desk.registry.unit(unit, valid_on=civil_day(act.at))

    def _require_areas(self, act: Act, areas: Collection[str]) -> None:
        day = civil_day(act.at)
        for area in areas:
            if len(area) == GRID_DIGITS:
                self._desk.registry.grid(area, valid_on=day)
            else:
                self._desk.registry.division(area, valid_on=day)
