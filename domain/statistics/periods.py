"""统计周期: how time is cut into days, weeks or months, each from an instant (included) to the next one's (excluded).

A day may run from noon to noon and a month from the 19th to the 18th; both are then named after where they end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


class Cut(StrEnum):
    """How long the periods are."""

    DAY = "day"  #: 日
    WEEK = "week"  #: 周, from Monday
    MONTH = "month"  #: 月


class Bucket(NamedTuple):
    """One period [start, end), in UTC, and its name."""

    start: datetime
    end: datetime
    label: str


@dataclass(frozen=True)
class Periods:
    """Periods of one kind in a time zone. They tile time: every instant lies in exactly one.

    `hour` is when a day begins, 0-23; one that begins later than midnight is named after the day it ends on.
    `first_day` is when a month begins, 1-28; one that begins later than the 1st is named after the month it ends in.
    """

    cut: Cut
    zone: str = "Asia/Shanghai"
    hour: int = 0
    first_day: int = 1

    def containing(self, at: datetime) -> Bucket:
        """The period an aware instant lies in."""
        first = self._first(at.astimezone(ZoneInfo(self.zone)).date())
        # Before the hour it is still the day before; where clocks go back over midnight the wall shows a date twice.
        while at < self._instant(first):
            first = self._before(first)
        while at >= self._instant(self._after(first)):
            first = self._after(first)
        return self._bucket(first)

    def previous(self, at: datetime) -> Bucket:
        """The period before the one an aware instant lies in."""
        return self.containing(self.containing(at).start - datetime.resolution)

    def named(self, day: date) -> Bucket:
        """The day named after a date, or the week or month that the date lies in."""
        if self.cut is Cut.DAY and self.hour:
            return self._bucket(day - ONE_DAY)
        return self._bucket(self._first(day))

    def buckets(self, start: datetime, end: datetime) -> list[Bucket]:
        """The periods that [start, end) touches, ascending; the first and the last are clipped to it, names are not."""
        found: list[Bucket] = []
        while start < end:
            whole = self.containing(start)
            found.append(Bucket(start.astimezone(UTC), min(whole.end, end).astimezone(UTC), whole.label))
            start = whole.end
        return found

    def _bucket(self, first: date) -> Bucket:
        return Bucket(self._instant(first), self._instant(self._after(first)), self._label(first))

    def _instant(self, first: date) -> datetime:
        hour = self.hour if self.cut is Cut.DAY else 0
        return datetime.combine(first, time(hour), ZoneInfo(self.zone)).astimezone(UTC)

    def _first(self, day: date) -> date:
        match self.cut:
            case Cut.DAY:
                return day
            case Cut.WEEK:
                return day - timedelta(days=day.weekday())
            case Cut.MONTH:
                begun = day.replace(day=self.first_day)
                return begun if begun <= day else (day.replace(day=1) - ONE_DAY).replace(day=self.first_day)

    def _after(self, first: date) -> date:
        match self.cut:
            case Cut.DAY:
                return first + ONE_DAY
            case Cut.WEEK:
                return first + timedelta(days=7)
            case Cut.MONTH:
                return (first.replace(day=1) + timedelta(days=31)).replace(day=self.first_day)

    def _before(self, first: date) -> date:
        return self._first(first - ONE_DAY)

    def _label(self, first: date) -> str:
        match self.cut:
            case Cut.DAY if self.hour:
                day = first + ONE_DAY
                return f"{day.year}年{day.month}月{day.day}日（前一日{self.hour}时起）"
            case Cut.DAY:
                return f"{first.year}年{first.month}月{first.day}日"
            case Cut.WEEK:
                year, week, _ = first.isocalendar()
                return f"{year}年第{week}周"
            case Cut.MONTH if self.first_day > 1:
                month = self._after(first)
                return f"{month.year}年{month.month}月（上月{self.first_day}日起）"
            case Cut.MONTH:
                return f"{first.year}年{first.month}月"
