"""On duty 谁来签收: who signs for a unit at an instant, and when nobody does.

In office hours the unit's own handlers do, at night and on holidays the member whom the roster names, for those
away whoever stands in. Where that leaves nobody, there is a gap with its reason: never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.actor import Role
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import CIVIL_TIME, civil_day
from domain.registry.shift import Shift
from domain.registry.staff import Staff
from domain.registry.standing_in import stand_in_on
from domain.registry.unit import Unit
from domain.workdays import WorkCalendar

_DAY = timedelta(days=1)


class DutyReason(StrEnum):
    """签收缘由."""

    OFFICE_HOURS = "office_hours"  #: 工作时间由本单位承办人签收
    ON_SHIFT = "on_shift"  #: 值班人员签收
    UNIT_CLOSED = "unit_closed"  #: 单位已撤销
    NO_ROSTER = "no_roster"  #: 没有值班表
    NO_SHIFT = "no_shift"  #: 值班表没有排到
    UNAVAILABLE = "unavailable"  #: 排到的人不能到岗

    @property
    def label(self) -> str:
        """The words people read."""
        return DUTY_LABELS[self]


DUTY_LABELS = {
    DutyReason.OFFICE_HOURS: "工作时间，由本单位承办人签收",
    DutyReason.ON_SHIFT: "工作时间以外，由值班人员签收",
    DutyReason.UNIT_CLOSED: "单位已撤销，无人签收",
    DutyReason.NO_ROSTER: "无人签收：没有值班表",
    DutyReason.NO_SHIFT: "无人签收：值班表没有排到此时",
    DutyReason.UNAVAILABLE: "无人签收：排到的人不能到岗",
}


@dataclass(frozen=True)
class Signer:
    """Who signs; `instead_of` is whom they stand in for, None in their own right."""

    staff: str
    instead_of: str | None = None


@dataclass(frozen=True)
class OnDuty:
    """The answer for one instant: signers, or none and why. `shift` is the roster's, None in office hours.

    `provisional` says that the holidays of that year are not published, so a weekday may turn out to be one.
    """

    reason: DutyReason
    why: str
    signers: tuple[Signer, ...] = ()
    shift: Shift | None = None
    provisional: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether nobody signs."""
        return not self.signers


@dataclass(frozen=True)
class DutyGap:
    """A span, its end not included, in which nobody signs."""

    begins: datetime
    ends: datetime
    reason: DutyReason
    why: str


@dataclass(frozen=True)
class DutyBook:
    """What decides who signs for one unit: its handlers on duty, its roster, the calendar, and staff by code."""

    unit: Unit
    handlers: Sequence[Staff]
    roster: DutyRoster | None
    calendar: WorkCalendar
    find: Callable[[str], Staff]

    def at(self, instant: datetime) -> OnDuty:
        """Who signs at an instant, or why nobody does. Raises ValueError for one without an offset."""
        day = civil_day(instant)
        return replace(self._answer(day, instant), provisional=day > self.calendar.known_until)

    def gaps(self, start: datetime, end: datetime) -> list[DutyGap]:
        """The spans of [start, end) in which nobody signs, one for each reason, ascending."""
        found: list[DutyGap] = []
        cuts = sorted({start, *(cut for cut in self._cuts(start, end) if start < cut < end)})
        for begins, ends in zip(cuts, [*cuts[1:], end], strict=True):
            answer = self.at(begins)
            if not answer.is_gap:
                continue
            gap = DutyGap(begins, ends, answer.reason, answer.why)
            if found and (found[-1].ends, found[-1].why) == (begins, gap.why):
                found[-1] = replace(found[-1], ends=ends)
            else:
                found.append(gap)
        return found

    def _answer(self, day: date, instant: datetime) -> OnDuty:
        if not self.unit.in_force(day):
            return _gap(DutyReason.UNIT_CLOSED, f"至 {self.unit.valid_until}")
        if any(begins <= instant < ends for begins, ends in self.calendar.spans(day)):
            signers = tuple(signer for one in self.handlers if (signer := self._signer(one, day)) is not None)
            if signers:
                return OnDuty(DutyReason.OFFICE_HOURS, DutyReason.OFFICE_HOURS.label, signers)
        if self.roster is None:
            return _gap(DutyReason.NO_ROSTER)
        clock = f"{instant.astimezone(CIVIL_TIME):%H:%M}"
        shift = self.roster.on_shift(day, clock, self.calendar.is_workday)
        return _gap(DutyReason.NO_SHIFT) if shift is None else self._on_shift(shift, day)

    def _on_shift(self, shift: Shift, day: date) -> OnDuty:
        member = self.find(shift.member)
        if fault := self._fault(member, day):
            return replace(_gap(DutyReason.UNAVAILABLE, fault), shift=shift)
        signer = self._signer(member, day)
        if signer is None:
            fault = f"{member.code} 当日由他人代班，代班人不在岗或不任承办人"
            return replace(_gap(DutyReason.UNAVAILABLE, fault), shift=shift)
        instead = "" if signer.instead_of is None else f"，{signer.staff} 代 {member.code}"
        why = f"{DutyReason.ON_SHIFT.label}：第 {shift.number} 班 {shift.told()}{instead}"
        return OnDuty(DutyReason.ON_SHIFT, why, (signer,), shift)

    def _fault(self, member: Staff, day: date) -> str:
        """Why a member the roster names is not the unit's to send any more; nothing when they are."""
        if _gone(member, day):
            return f"{member.code} 已于 {member.left_on} 离岗"
        if member.unit != self.unit.code:
            return f"{member.code} 已调至 {member.unit}"
        return "" if Role.HANDLER in member.roles else f"{member.code} 已无承办人岗位"

    def _signer(self, member: Staff, day: date) -> Signer | None:
        """The member, or who stands in that day; None when those are away too."""
        if _gone(member, day):
            return None
        named = stand_in_on(member, day)
        if named is None:
            return Signer(member.code)
        by = self.find(named.stand_in)
        entitled = named.unit == self.unit.code and Role.HANDLER in named.roles and Role.HANDLER in by.roles
        there = not _gone(by, day) and stand_in_on(by, day) is None
        return Signer(by.code, member.code) if entitled and there else None

    def _cuts(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant at which the answer may change: midnights, office hours, beginnings and ends of shifts."""
        day = civil_day(start) - _DAY
        while day <= civil_day(end):
            yield _instant(day, "00:00")
            for span in self.calendar.spans(day):
                yield from span
            for shift in self.roster.beginning(day, self.calendar.is_workday) if self.roster else ():
                yield _instant(day, shift.begins)
                yield _instant(day if shift.begins < shift.ends else day + _DAY, shift.ends)
            day += _DAY


def _gap(reason: DutyReason, more: str = "") -> OnDuty:
    return OnDuty(reason, f"{reason.label}（{more}）" if more else reason.label)


def _gone(staff: Staff, day: date) -> bool:
    return staff.left_on is not None and staff.left_on <= day.isoformat()


def _instant(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), CIVIL_TIME).astimezone(UTC)
