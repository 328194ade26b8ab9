"""Unit 承办单位: who handles cases, and the list of duties a street or community has admitted (职责准入).

A duty may be passed down to a street or a community only when it is on its list that day; city, district
and departments have no such list and take what is theirs by law.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.place import division_code
from domain.refusals import BadCode
from domain.registry import unit_relations
from domain.registry.case_type_key import CaseTypeKey, class_key
from domain.registry.duty_refusals import AdmittedAnew
from domain.registry.entry import (
    administer,
    chosen,
    civil_day,
    ending,
    entry_id,
    in_force,
    local_code,
    phone_number,
    still_kept,
    wording,
)
from domain.registry.refusals import BadPeriod, DutyNotOnList, DutyOnList, NoDutyList, NothingChanged


class UnitLevel(StrEnum):
    """单位层级."""

    CITY = "city"  #: 市
    DISTRICT = "district"  #: 区县
    DEPARTMENT = "department"  #: 部门
    STREET = "street"  #: 街道, 乡镇
    COMMUNITY = "community"  #: 社区, 村


_PLACE_DIGITS = {
    UnitLevel.CITY: (2, 4),
    UnitLevel.DISTRICT: (6,),
    UnitLevel.DEPARTMENT: (2, 4, 6),
    UnitLevel.STREET: (9,),
    UnitLevel.COMMUNITY: (12,),
}
_KEEP_LISTS = (UnitLevel.STREET, UnitLevel.COMMUNITY)


class Unit(Aggregate):
    """One unit as its events tell it. `duties` maps a case type to the periods in which it is admitted."""

    TOPIC = "unit"
    label = "承办单位"

    Event: TypeAlias = unit_relations.UnitEvent
    PlacedUnder = unit_relations.PlacedUnder
    SupervisionEnded = unit_relations.SupervisionEnded
    CopySet = unit_relations.CopySet
    CopyEnded = unit_relations.CopyEnded

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "unit.created"

    class Registered(Created):
        """登记."""

        TOPIC = "unit.registered"
        code: str
        name: str
        level: str
        place: str
        phone: str

    class Renamed(Event):
        """更名."""

        TOPIC = "unit.renamed"
        name: str

        def apply(self, unit: Unit) -> None:
            unit.name = self.name

    class DutyAdmitted(Event):
        """职责准入, from `since` on."""

        TOPIC = "unit.duty_admitted"
        category: str
        since: str

        def apply(self, unit: Unit) -> None:
            kept = unit.duties.get(self.category, ())
            unit.duties = {**unit.duties, self.category: (*kept, (self.since, None))}

    class DutyRevoked(Event):
        """准入取消: admitted up to and including `last_day`."""

        TOPIC = "unit.duty_revoked"
        category: str
        last_day: str

        def apply(self, unit: Unit) -> None:
            *kept, (since, _) = unit.duties[self.category]
            unit.duties = {**unit.duties, self.category: (*kept, (since, self.last_day))}

    class Closed(Event):
        """撤销."""

        TOPIC = "unit.closed"
        last_day: str

        def apply(self, unit: Unit) -> None:
            unit.valid_until = self.last_day

    def __init__(self, *, code: str, name: str, level: str, place: str, phone: str) -> None:
        self.code, self.name, self.level, self.place, self.phone = code, name, UnitLevel(level), place, phone
        self.duties: dict[str, tuple[tuple[str, str | None], ...]] = {}
        self.valid_until: str | None = None
        self.supervision: tuple[unit_relations.Above, ...] = ()
        self.copies: dict[str, tuple[tuple[str, str | None], ...]] = {}

    @property
    def has_duty_list(self) -> bool:
        """Whether matters may be passed to this unit only when they are on its list."""
        return self.level in _KEEP_LISTS

    def in_force(self, on: date) -> bool:
        """Whether the unit is not closed on a day."""
        return self.valid_until is None or on.isoformat() <= self.valid_until

    def admits(self, category: str, on: date) -> bool:
        """Whether `category`, a case type's key, may be passed to it that day."""
        periods = self.duties.get(class_key(category), ())
        return not self.has_duty_list or any(in_force(on, since, last) for since, last in periods)

    @classmethod
    def register(cls, act: Act, *, code: str, name: str, level: str, place: str, phone: str) -> Unit:
        """登记. Refuses `BadCode`, also for a place of another level, `BadChoice`, `BadText`, `BadPhone`."""
        role = administer(act, division_code(place))
        unit_level = chosen(UnitLevel, level, "单位层级")
        if len(place) not in _PLACE_DIGITS[unit_level]:
            digits = "或".join(str(length) for length in _PLACE_DIGITS[unit_level])
            raise BadCode(code=place, kind="单位所在区划", rule=f"{level} 级单位应填 {digits} 位区划代码")
        return cls._create(
            cls.Registered,
            id=entry_id(cls.TOPIC, local_code(code, "单位代码")),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "单位名称"),
            level=unit_level.value,
            place=place,
            phone=phone_number(phone),
        )

    def rename(self, act: Act, *, name: str) -> None:
        """更名. Refuses `NoLongerKept`, `NothingChanged`, `BadText`."""
        role = self._kept_by(act)
        name = wording(name, "单位名称")
        if name == self.name:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Renamed, act, role, name=name)

    def admit_duty(self, act: Act, *, category: str, since: date) -> None:
        """职责准入: put a class on the list. Refuses `NoDutyList`, `DutyOnList`, `NoLongerKept`."""
        self._admit(act, self._kept_by(act), category, since)

    def take_on(self, act: Act, role: Role, *, category: str, since: date, until: date | None) -> None:
        """职责准入 as a review decided, by who reviewed it in `role`. Refuses as `admit_duty` does."""
        still_kept(self.label, self.code, self.valid_until, act.at)
        self._admit(act, role, category, since)
        if until is not None:
            record(self, self.DutyRevoked, act, role, category=class_key(category), last_day=until.isoformat())

    def hand_back(self, act: Act, role: Role, *, category: str, since: date, last_day: date) -> None:
        """准入取消 as a review decided: the period begun on `since` ends with `last_day`, unless it ended before.

        Refuses `AdmittedAnew` when another period follows it.
        """
        first, last = self.duties.get(category, (("", ""),))[-1]
        if first > since.isoformat():
            raise AdmittedAnew(unit=self.code, category=category, since=first)
        if first == since.isoformat() and (last is None or last > last_day.isoformat()):
            record(self, self.DutyRevoked, act, role, category=category, last_day=last_day.isoformat())

    def require_off_list(self, category: str, since: date) -> None:
        """Refuses `NoDutyList`, and `DutyOnList` when the class is or will be on the list on `since` or later."""
        key = self._listed(category)
        for first, last in self.duties.get(key, ()):
            if last is None or since.isoformat() <= last:
                raise DutyOnList(unit=self.code, category=key, since=first)

    def revoke_duty(self, act: Act, *, category: str, last_day: date) -> None:
        """准入取消, after `last_day`. Refuses `NoDutyList`, `DutyNotOnList`, `BadPeriod`, `NoLongerKept`."""
        role = self._kept_by(act)
        key = self._listed(category)
        since, last = self.duties.get(key, (("", ""),))[-1]
        if last is not None:
            raise DutyNotOnList(unit=self.code, category=key, day=last_day)
        if last_day.isoformat() < since:
            raise BadPeriod(first=since, last=last_day)
        record(self, self.DutyRevoked, act, role, category=key, last_day=last_day.isoformat())

    def close(self, act: Act, *, last_day: date) -> None:
        """撤销: takes cases up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.place)
        opened = civil_day(self.created_on).isoformat()
        ends = ending(self.label, self.code, opened, self.valid_until, last_day)
        record(self, self.Closed, act, role, last_day=ends)

    def _kept_by(self, act: Act) -> Role:
        role = administer(act, self.place)
        still_kept(self.label, self.code, self.valid_until, act.at)
        return role

    def _admit(self, act: Act, role: Role, category: str, since: date) -> None:
        self.require_off_list(category, since)
        record(self, self.DutyAdmitted, act, role, category=class_key(category), since=since.isoformat())

    def _listed(self, category: str) -> str:
        if not self.has_duty_list:
            raise NoDutyList(unit=self.code)
        return class_key(str(CaseTypeKey.parse(category)))
