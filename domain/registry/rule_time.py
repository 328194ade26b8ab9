"""RuleTime 时段: when a dispatch rule holds, as a calendar of work reads an instant.

Three conditions, each of which may be left open: working hours or outside them, days of the week, and a season
of the year. A calendar may work on any day of the week (调休), so hours and weekdays are independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from domain.registry.dispatch_refusals import BadRule
from domain.workdays import WorkCalendar

_LEAP_YEAR = 2024
_EVERY_DAY = 7
# Within so many years every day of the year, 29 February too, falls on every day of the week.
_ROUND_YEARS = 41


class Hours(StrEnum):
    """工作时间内外."""

    ANY = "any"  #: 不限
    WORKING = "working"  #: 工作时间
    OUTSIDE = "outside"  #: 工作时间之外

    @property
    def label(self) -> str:
        return {"any": "不限", "working": "工作时间", "outside": "工作时间之外"}[self.value]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a work calendar reads it: the local day, and whether it is working time."""

    day: date
    working: bool

    @classmethod
    def of(cls, at: datetime, calendar: WorkCalendar) -> Moment:
        """Raises ValueError for an instant beyond the calendar's years."""
        return cls(calendar.local(at).date(), calendar.next_opening(at) == at)

    @property
    def month_day(self) -> str:
        return f"{self.day.month:02}-{self.day.day:02}"


@dataclass(frozen=True, slots=True)
class RuleTime:
    """`weekdays` are 1 (Monday) to 7, none for all; the season runs from one "MM-DD" to another, both included.

    A season whose end lies before its beginning runs over the end of the year.
    """

    hours: Hours = Hours.ANY
    weekdays: tuple[int, ...] = ()
    season_from: str = ""
    season_until: str = ""

    @classmethod
    def checked(cls, number: str, *, hours: str, weekdays: list[int], season_from: str, season_until: str) -> RuleTime:
        """As events hold it. Refuses `BadRule`."""
        if hours not in set(Hours):
            raise BadRule(number=number, problem=f"工作时间内外“{hours}”应为 {'、'.join(Hours)} 之一")
        days = sorted(set(weekdays))
        if not set(days) <= set(range(1, _EVERY_DAY + 1)):
            raise BadRule(number=number, problem="星期应为 1（周一）至 7（周日）")
        if bool(season_from) != bool(season_until):
            raise BadRule(number=number, problem="季节的起止应同时给出")
        for edge in (season_from, season_until):
            if edge and edge not in _days_of("01-01", "12-31"):
                raise BadRule(number=number, problem=f"季节的起止“{edge}”应为月-日，如 10-15")
        return cls(Hours(hours), () if len(days) == _EVERY_DAY else tuple(days), season_from, season_until)

    @property
    def narrowness(self) -> int:
        """How many of the three conditions are set."""
        return (self.hours is not Hours.ANY) + bool(self.weekdays) + bool(self.season_from)

    def holds(self, moment: Moment) -> bool:
        """Whether the moment lies in it."""
        if self.hours is not Hours.ANY and moment.working is not (self.hours is Hours.WORKING):
            return False
        if self.weekdays and moment.day.isoweekday() not in self.weekdays:
            return False
        return not self.season_from or _in_season(moment.month_day, self.season_from, self.season_until)

    def hours_with(self, other: RuleTime) -> Hours | None:
        """The hours both hold in, None when they share none."""
        if Hours.ANY in (self.hours, other.hours):
            return other.hours if self.hours is Hours.ANY else self.hours
        return self.hours if self.hours is other.hours else None

    def day_with(self, other: RuleTime, first: date, last: date | None) -> date | None:
        """The first day from `first` to `last` (None: open) that both hold on, None when there is none."""
        weekdays = set(self.weekdays or range(1, 8)) & set(other.weekdays or range(1, 8))
        season = _season(self) & _season(other)
        if not weekdays or not season:
            return None
        end = first.replace(year=min(first.year + _ROUND_YEARS, date.max.year), day=1, month=1)
        end = end if last is None else min(end, last)
        day = first
        while day <= end:
            if day.isoweekday() in weekdays and f"{day.month:02}-{day.day:02}" in season:
                return day
            day += timedelta(days=1)
        return None


def _season(time: RuleTime) -> frozenset[str]:
    return _days_of(time.season_from or "01-01", time.season_until or "12-31")


@cache
def _days_of(first: str, last: str) -> frozenset[str]:
    """All days of a season as "MM-DD", 29 February among them."""
    begin = date(_LEAP_YEAR, 1, 1)
    every = [(begin + timedelta(days=nth)).isoformat()[5:] for nth in range(366)]
    return frozenset(day for day in every if _in_season(day, first, last))


def _in_season(day: str, first: str, last: str) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last
