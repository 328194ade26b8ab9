"""Use cases of units 承办单位: register, rename, admit and revoke duties, close."""

from __future__ import annotations

from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.admission_rules import AdmissionRules
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.case_type_key import class_key
from domain.registry.entry import civil_day
from domain.registry.unit import Unit


class Units:
    """单位登记 with the lists of admitted duties."""

    def __init__(self, desk: RegistryDesk, rules: AdmissionRules) -> None:
        self._desk, self._rules = desk, rules

    async def register(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        level: str,
        place: str,
        phone: str,
        key: RequestKey | None = None,
    ) -> Receipt:
        """登记, in a registered division. Refuses `NoSuchEntry`, `NotValidThen`."""

        def make() -> Unit:
            unit = Unit.register(act, code=code, name=name, level=level, place=place, phone=phone)
            self._desk.registry.division(place, valid_on=civil_day(act.at))
            return unit

        return await self._desk.register(make, key)

    async def rename(
        self, act: Act, *, code: str, name: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """更名."""

        def command(unit: Unit) -> None:
            unit.rename(act, name=name)

        return await self._desk.change(Unit, code, command, version=version, key=key)

    async def admit_duty(
        self,
        act: Act,
        *,
        code: str,
        category: str,
        since: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """职责准入 of a class in the catalogue, without a request: for lists that were there before, and to mend one.

        Only by who may review what goes on this list. Refuses `OutsideArea`, `NoSuchEntry`, `NotValidThen`.
        """

        def command(unit: Unit) -> None:
            unit.admit_duty(act, category=category, since=since)
            self._rules.require_reviewer(act, unit)
            self._desk.registry.case_type(class_key(category), valid_on=since)

        return await self._desk.change(Unit, code, command, version=version, key=key)

    async def revoke_duty(
        self,
        act: Act,
        *,
        code: str,
        category: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """准入取消."""

        def command(unit: Unit) -> None:
            unit.revoke_duty(act, category=category, last_day=last_day)
            self._rules.require_reviewer(act, unit)

        return await self._desk.change(Unit, code, command, version=version, key=key)

    async def close(
        self,
        act: Act,
        *,
        code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """撤销."""

        def command(unit: Unit) -> None:
            unit.close(act, last_day=last_day)

        return await self._desk.change(Unit, code, command, version=version, key=key)
