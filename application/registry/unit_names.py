"""Unit names 单位称谓: which units the standards name, and which registered unit each name was said to mean.

A name means what an administrator said, nothing else: a name that nobody mapped stays a text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from domain.actor import Act
from domain.refusals import NoSuchEntry, NotValidThen
from domain.registry.case_type import CaseType
from domain.registry.entry import civil_day, entry_id
from domain.registry.filing_condition import FilingCondition
from domain.registry.unit_alias import UnitAlias, alias_code

ALL = 1_000_000


@dataclass(frozen=True)
class NamedUnit:
    """A name, the code of the unit it means or None, and how many conditions in force name it as either."""

    name: str
    unit: str | None
    leads: int = 0
    supervises: int = 0


class UnitNames:
    """单位称谓 of the city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def map(self, act: Act, *, name: str, unit: str | None, key: RequestKey | None = None) -> Receipt:
        """对应: what `name` means from now on; None takes it back.

        Refuses `NoSuchEntry` and `NotValidThen` for the unit, `NothingChanged`, `BadText`.
        """
        code, city = alias_code(name), self._desk.city
        if unit is not None:
            await self._desk.registry.refresh()
            self._desk.registry.unit(unit, valid_on=civil_day(act.at))
        if self._desk.registry.holds(entry_id(UnitAlias.TOPIC, code)):
            return await self._desk.change(
                UnitAlias, code, lambda alias: alias.point(act, city=city, unit=unit), version=None, key=key
            )
        if unit is None:
            raise NoSuchEntry(kind=UnitAlias.label, code=code)
        return await self._desk.register(lambda: UnitAlias.give(act, city=city, name=code, unit=unit), key)

    def named(self, on: date) -> list[NamedUnit]:
        """Every name that conditions in force on a day use or that was mapped, by ascending name."""
        registry = self._desk.registry
        leads, supervises = Counter[str](), Counter[str]()
        for case_type in registry.entries(CaseType, lambda one: one.in_force(on), limit=ALL):
            content = case_type.on(on).content
            leads.update(content.lead_names)
            supervises.update(content.supervisor_names)
        mapped = {alias.code for alias in registry.entries(UnitAlias, lambda alias: alias.unit is not None, limit=ALL)}
        names = sorted(mapped | set(leads) | set(supervises))
        return [NamedUnit(name, unit_named(registry, name), leads[name], supervises[name]) for name in names]


def unit_named(registry: Registry, name: str) -> str | None:
    """The code of the unit that a name was said to mean, or None."""
    if not registry.holds(entry_id(UnitAlias.TOPIC, name)):
        return None
    return registry.find(UnitAlias, name).unit


def default_lead(registry: Registry, content: FilingCondition, on: date) -> str | None:
    """默认主办: the unit an edition gives, else what its only handling unit named was said to mean; None: nobody.

    Where several are named no one is the first among them, and the dispatcher chooses. Nor does a unit lead that is
    not valid on the day.
    """
    if content.lead is not None:
        return content.lead
    names = content.lead_names
    unit = unit_named(registry, names[0]) if len(names) == 1 else None
    if unit is None:
        return None
    try:
        return registry.unit(unit, valid_on=on).code
    except NotValidThen:
        return None
