"""代班: a member of staff is away from a day to a day, and another stands in.

Who stands in is on duty, holds the roles taken over and covers the areas. Nobody stands in who is away then, and
nobody is stood in for who stands in: so whoever asks for the stand-in finds a person, never another stand-in.
A stand-in of another unit may act for the unit, because the event names it, as long as the days last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.actor import ROLE_LABELS, Act, Role, record
from domain.registry.entry import chosen, in_force, period
from domain.registry.refusals import BadPeriod, SelfGrant
from domain.registry.staff_refusals import NoSuchStandIn, NotFitToStandIn, StandInChain, StoodInFor
from domain.step import Step

if TYPE_CHECKING:
    from domain.registry.staff import Staff


@dataclass(frozen=True)
class StandIn:
    """Who stands in, for which unit and in which roles, from the first to the last day."""

    stand_in: str
    unit: str
    roles: tuple[Role, ...]
    first_day: str
    last_day: str

    def in_force(self, on: date) -> bool:
        """Whether it is so on a day."""
        return in_force(on, self.first_day, self.last_day)

    def meets(self, first: str, last: str) -> bool:
        """Whether it shares a day with the period."""
        return self.first_day <= last and first <= self.last_day


class StaffEvent(Step):
    """Base of the events of `Staff`."""


class StandInNamed(StaffEvent):
    """代班: `stand_in` has `roles` for `unit`, the member's own at the time, from the first to the last day."""

    TOPIC = "staff.stand_in_named"
    stand_in: str
    unit: str
    roles: list[str]
    first_day: str
    last_day: str

    def apply(self, staff: Staff) -> None:
        roles = tuple(Role(role) for role in self.roles)
        named = StandIn(self.stand_in, self.unit, roles, self.first_day, self.last_day)
        staff.stand_ins = (*staff.stand_ins, named)


class StandInEnded(StaffEvent):
    """代班提前结束: that which begins on `first_day` ends after `last_day`, the day before it when called off."""

    TOPIC = "staff.stand_in_ended"
    first_day: str
    last_day: str

    def apply(self, staff: Staff) -> None:
        ended = [
            replace(one, last_day=self.last_day) if one.first_day == self.first_day else one for one in staff.stand_ins
        ]
        staff.stand_ins = tuple(one for one in ended if one.first_day <= one.last_day)


def stand_in_on(staff: Staff, on: date) -> StandIn | None:
    """Who stands in for the member on a day; None while they are there themselves."""
    return next((one for one in staff.stand_ins if one.in_force(on)), None)


def name_stand_in(
    act: Act, *, staff: Staff, by: Staff, helped: Iterable[Staff], roles: Collection[str] = (), first: date, last: date
) -> None:
    """代班 of `staff` by `by`, in `roles`, all when none is named. `helped` are those whom `staff` stands in for.

    Refuses `SelfGrant` for oneself as either of them, `NotFitToStandIn`, `StandInChain`, `StoodInFor`, `BadPeriod`,
    `BadChoice`, `NoLongerKept`.
    """
    role = staff.kept_by_another(act)
    if by.code == act.actor.id:
        raise SelfGrant(staff=by.code)
    first_day, last_day = period(first, last)
    wanted = sorted({chosen(Role, each, "岗位") for each in roles} or staff.roles)
    if lacking := _lacking(staff, by, wanted):
        raise NotFitToStandIn(staff=staff.code, stand_in=by.code, lacking=lacking)
    for one in staff.stand_ins:
        if one.meets(first_day, last.isoformat()):
            raise StoodInFor(staff=staff.code, stand_in=one.stand_in, first=one.first_day, last=one.last_day)
    if chain := _chain(staff, by, helped, first_day, last.isoformat()):
        raise StandInChain(first=first, last=last, chain=" → ".join(chain), staff=chain)
    said = {"stand_in": by.code, "unit": staff.unit, "roles": [each.value for each in wanted]}
    record(staff, StandInNamed, act, role, **said, first_day=first_day, last_day=last_day)


def end_stand_in(act: Act, *, staff: Staff, first: date, last: date) -> None:
    """代班提前结束 after `last`; the day before `first` calls it off. Refuses `NoSuchStandIn`, `BadPeriod`."""
    role = staff.kept_by_another(act)
    if last < first - timedelta(days=1):
        raise BadPeriod(first=first, last=last)
    named = next((one for one in staff.stand_ins if one.first_day == first.isoformat()), None)
    if named is None or named.last_day <= last.isoformat():
        raise NoSuchStandIn(staff=staff.code, first=first, day=last)
    record(staff, StandInEnded, act, role, first_day=first.isoformat(), last_day=last.isoformat())


def _lacking(staff: Staff, by: Staff, roles: Collection[Role]) -> str:
    """What the stand-in lacks, in Chinese; nothing when they are fit."""
    lacking = []
    if by.code == staff.code:
        lacking.append("不能由本人代班")
    if by.left_on is not None:
        lacking.append(f"已于 {by.left_on} 离岗")
    if not_theirs := [each for each in roles if each not in staff.roles]:
        lacking.append(f"{staff.code} 没有{_labels(not_theirs)}岗位，无从代班")
    if missing := [each for each in roles if each not in by.roles and each in staff.roles]:
        lacking.append(f"缺少{_labels(missing)}岗位")
    if outside := [area for area in staff.areas if not by.covers(area)]:
        lacking.append(f"管辖范围不含 {'、'.join(outside[:5])}")
    return "；".join(lacking)


def _labels(roles: Iterable[Role]) -> str:
    return "、".join(ROLE_LABELS[role] for role in roles)


def _chain(staff: Staff, by: Staff, helped: Iterable[Staff], first: str, last: str) -> list[str]:
    """The members in a row who would stand in for one another on a day of the period."""
    for one in by.stand_ins:
        if one.meets(first, last):
            return [staff.code, by.code, one.stand_in]
    for other in helped:
        if any(one.stand_in == staff.code and one.meets(first, last) for one in other.stand_ins):
            return [other.code, staff.code, by.code]
    return []
