"""Strip 时限带的尺: which stretch of time a ribbon shows, how finely, where an instant lies on it, its ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_STEPS = {"minutes": (1, 2, 5, 10, 15, 30), "hours": (1, 2, 3, 4, 6, 12), "days": (1, 2, 4), "weeks": (1, 2, 4, 8)}
_MOST_LABELS = {"minutes": 6, "hours": 7, "days": 9, "weeks": 6}
Local = Callable[[datetime], datetime]
"""What the wall clock of the calendar's zone shows at an instant."""


class Scale(Enum):
    """How finely a ribbon is ruled, and up to which length."""

    MINUTES = ("minutes", 2 * HOUR)
    HOURS = ("hours", 36 * HOUR)
    DAYS = ("days", 16 * DAY)
    WEEKS = ("weeks", 200 * DAY)
    MONTHS = ("months", timedelta.max)

    def __init__(self, code: str, longest: timedelta) -> None:
        self.code, self.longest = code, longest

    @classmethod
    def of(cls, length: timedelta) -> Scale:
        """The finest that still shows `length`."""
        return next(one for one in cls if length <= one.longest)


@dataclass(frozen=True)
class Tick:
    """A line of the ruler at `left` percent. `minor` ones are only lines, or go first where there is little room."""

    left: float
    label: str
    below: str = ""
    minor: bool = False


@dataclass(frozen=True)
class Strip:
    """The time from `begin` to `end`, in percent of its length."""

    begin: datetime
    end: datetime
    scale: Scale
    local: Local

    @classmethod
    def over(cls, start: datetime, until: datetime, now: datetime, local: Local) -> Strip:
        """A strip for a clock that runs from `start` to `until`, with `now` on it unless that is far beyond."""
        length = max(until - start, MINUTE)
        shown = now if until < now <= until + length / 2 else until
        scale = Scale.of(shown - start)
        if scale in (Scale.MINUTES, Scale.HOURS):
            room = (shown - start) / 12
            return cls((start - room / 3).astimezone(UTC), (shown + room).astimezone(UTC), scale, local)
        until_midnight = _midnight(local(shown)) + DAY
        if shown < now:
            until_midnight += max(DAY, (shown - start) / 20)  # room to show that it is late
        return cls(_midnight(local(start)).astimezone(UTC), until_midnight.astimezone(UTC), scale, local)

    def at(self, instant: datetime) -> float:
        """Where `instant` lies, from 0 to 100; what lies beyond is at the end."""
        share = (instant - self.begin) / (self.end - self.begin)
        return round(min(max(share, 0.0), 1.0) * 100, 4)

    def holds(self, instant: datetime) -> bool:
        return self.begin <= instant <= self.end

    def ticks(self) -> list[Tick]:
        """The ruler under the strip."""
        ruled = {Scale.DAYS: self._days, Scale.WEEKS: self._weeks, Scale.MONTHS: self._months}
        return list(ruled.get(self.scale, self._clock)())

    def edges(self) -> list[float]:
        """Where days begin, while they are wide enough to be told apart."""
        if self.scale is not Scale.DAYS:
            return []
        first = self.local(self.begin)
        return [self.at(first + n * DAY) for n in range(1, round((self.end - self.begin) / DAY))]

    def _clock(self) -> Iterator[Tick]:
        measure = MINUTE if self.scale is Scale.MINUTES else HOUR
        number = (self.end - self.begin) // measure
        step = _step(self.scale.code, number) * measure
        first = self.local(self.begin)
        cursor = _midnight(first)
        while cursor <= self.end:
            if cursor >= self.begin:
                yield Tick(self.at(cursor), f"{self.local(cursor):%H:%M}")
            cursor += step

    def _days(self) -> Iterator[Tick]:
        """Each day by its middle; the month with the first, and with the first of each month."""
        number, cursor = round((self.end - self.begin) / DAY), self.local(self.begin)
        step = _step("days", number)
        for n in range(number):
            day = cursor + n * DAY
            label = f"{day.month}/{day.day}" if n == 0 or day.day == 1 else str(day.day)
            yield Tick(self.at(day + DAY / 2), label, _WEEKDAYS[day.weekday()], n % step != 0)

    def _weeks(self) -> Iterator[Tick]:
        """Each Monday."""
        first = self.local(self.begin)
        monday = first + (-first.weekday() % 7) * DAY
        step = _step("weeks", (self.end - self.begin) // (7 * DAY))
        n = 0
        while monday <= self.end:
            yield Tick(self.at(monday), f"{monday.month}/{monday.day}", "周一", n % step != 0)
            monday, n = monday + 7 * DAY, n + 1

    def _months(self) -> Iterator[Tick]:
        """The first of months: of each, each quarter or each year."""
        length = (self.end - self.begin) / DAY
        step = 1 if length < 400 else 3 if length < 1200 else 12
        first = self.local(self.begin)
        for n in range(first.year * 12 + first.month, first.year * 12 + first.month + int(length / 28) + 2):
            begun = first.replace(year=n // 12, month=n % 12 + 1, day=1)
            if (n % step) == 0 and begun <= self.end:
                year = str(begun.year) if begun.month == 1 or n - first.year * 12 - first.month < step else ""
                yield Tick(self.at(begun), f"{begun.month}月", year)


def _step(scale: str, number: int) -> int:
    """Of how many measures one is labelled, so that labels do not touch."""
    return next((step for step in _STEPS[scale] if number / step <= _MOST_LABELS[scale]), _STEPS[scale][-1])


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
