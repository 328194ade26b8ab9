"""Shift 班次: when somebody is on duty: on one day, or again and again on days of the week and of a kind.

Times are wall times in China, "HH:MM". A shift that ends at or before its beginning ends on the next day, so
08:30 to 08:30 is a day and a night (全日值班). Its beginning belongs to it, its end does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.registry.entry import in_force
from domain.registry.roster_refusals import BadShift

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
"""Days of the week as `date.weekday` numbers them: Monday is 0."""
IsWorkday = Callable[[date], bool]
_DAY = timedelta(days=1)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WEEKDAYS = "一二三四五六日"


class DayKind(StrEnum):
    """日子的种类, 按工作日历."""

    ALL = "all"  #: 每天
    WORKDAYS = "workdays"  #: 工作日, worked weekends 调休 among them
    REST_DAYS = "rest_days"  #: 休息日: weekends and holidays


class When(NamedTuple):
    """The pattern of a shift: days of the week and their kind, or the one day, and the times."""

    weekdays: tuple[int, ...]
    days: DayKind
    day: str
    begins: str
    ends: str


@dataclass(frozen=True)
class Shift:
    """One line of a roster. A dated one has its day for first and last day, and no days of the week."""

    number: int
    member: str
    begins: str
    ends: str
    weekdays: tuple[int, ...]
    days: DayKind
    first_day: str
    last_day: str | None

    @property
    def dated(self) -> bool:
        """Whether it is for one day alone."""
        return not self.weekdays

    @property
    def when(self) -> When:
        """The pattern, whoever has the shift and from when."""
        return When(self.weekdays, self.days, self.first_day if self.dated else "", self.begins, self.ends)

    def falls_on(self, day: date, is_workday: IsWorkday) -> bool:
        """Whether it begins on a day."""
        if not in_force(day, self.first_day, self.last_day):
            return False
        if self.dated:
            return True
        kind = DayKind.ALL if self.days is DayKind.ALL else _kind(is_workday(day))
        return day.weekday() in self.weekdays and self.days is kind

    def covers(self, day: date, clock: str, is_workday: IsWorkday) -> bool:
        """Whether the wall time "HH:MM" of a day lies in it."""
        if self.begins < self.ends:
            return self.begins <= clock < self.ends and self.falls_on(day, is_workday)
        if self.begins <= clock and self.falls_on(day, is_workday):
            return True
        return clock < self.ends and self.falls_on(day - _DAY, is_workday)

    def may_meet(self, other: Shift) -> bool:
        """Whether both could be on at one time, whatever the calendar will say of a day."""
        return any(self._meets(other, after) for after in (-1, 0, 1))

    def told(self) -> str:
        """In words, as people write it on the wall."""
        if self.dated:
            return f"{self.first_day} {self.begins}-{self.ends}"
        kind = {DayKind.ALL: "", DayKind.WORKDAYS: "工作日", DayKind.REST_DAYS: "休息日"}[self.days]
        week = "" if self.weekdays == EVERY_DAY else _week_told(self.weekdays)
        return f"{week}{kind or ('' if week else '每天')} {self.begins}-{self.ends}"

    def _meets(self, other: Shift, after: int) -> bool:
        """Whether `other`, beginning `after` days later, could be on while this is."""
        begins, ends = _minutes(self)
        other_begins, other_ends = (minute + after * 1_440 for minute in _minutes(other))
        if other_begins >= ends or begins >= other_ends:
            return False
        # Only the calendar knows which kind the next day is; the same day has one kind.
        if after == 0 and {self.days, other.days} == {DayKind.WORKDAYS, DayKind.REST_DAYS}:
            return False
        return any(self._on_week(day) and other._on_week(day + after * _DAY) for day in _week(self, other, after))

    def _on_week(self, day: date) -> bool:
        return self.dated or day.weekday() in self.weekdays


def wall_time(text: str, field: str) -> str:
    """A wall time as given. Refuses `BadShift`."""
    if not _CLOCK.fullmatch(text):
        raise BadShift(problem=f"{field}“{text}”应为 00:00 至 23:59 的时刻，如 08:30")
    return text


def week_days(days: Collection[int]) -> tuple[int, ...]:
    """Days of the week in order. Refuses `BadShift` when there is none, or one that no week has."""
    if not days or not set(days) <= set(EVERY_DAY):
        raise BadShift(problem="每周的班次须列出星期，0 为周一，6 为周日")
    return tuple(sorted(set(days)))


def _kind(workday: bool) -> DayKind:
    return DayKind.WORKDAYS if workday else DayKind.REST_DAYS


def _week_told(days: tuple[int, ...]) -> str:
    first, last = days[0], days[-1]
    if last - first > 1 and len(days) == last - first + 1:
        return f"周{_WEEKDAYS[first]}至周{_WEEKDAYS[last]}"
    return "、".join(f"周{_WEEKDAYS[day]}" for day in days)


def _minutes(shift: Shift) -> tuple[int, int]:
    """Beginning and end in minutes after the midnight before the beginning."""
    begins, ends = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (shift.begins, shift.ends))
    return begins, ends if begins < ends else ends + 1_440


def _week(one: Shift, other: Shift, after: int) -> Iterator[date]:
    """The days, seven at most, on which `one` may begin while `other` may `after` days later."""
    first = max(date.fromisoformat(one.first_day), date.fromisoformat(other.first_day) - after * _DAY)
    lasts = [
        date.fromisoformat(last) - back * _DAY
        for last, back in ((one.last_day, 0), (other.last_day, after))
        if last is not None
    ]
    last = min([*lasts, first + 6 * _DAY])
    for days in range((last - first).days + 1):
        yield first + days * _DAY
