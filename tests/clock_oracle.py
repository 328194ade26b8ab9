"""A clock ticked minute by minute: slow, and written without a word of the engine it is held against.

Beside it the calendars that it is held against on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.workdays import WorkCalendar

CHINA, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
OFFICE = WorkCalendar(
    name="office",
    version="cn-2026.1",
    zone="Asia/Shanghai",
    periods=((time(8, 30), time(12)), (time(14), time(17, 30))),
    known_until=date(2026, 12, 31),
    holidays=frozenset(date(2026, 2, day) for day in range(15, 24)),
    workdays=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)
ABROAD = WorkCalendar(
    name="abroad",
    version="1",
    zone="America/New_York",
    periods=((time(9), time(17)),),
    known_until=date(2026, 12, 31),
    holidays=frozenset({date(2026, 11, 3)}),
)
LORD_HOWE = replace(ABROAD, zone="Australia/Lord_Howe", holidays=frozenset())
Stood = Sequence[tuple[int, int]]
"""Pauses in minutes from the origin."""


class Ticks(NamedTuple):
    """The minutes from an origin; how many of each sort had passed before each of them."""

    origin: datetime
    works: list[bool]
    wall: list[int]

    def at(self, minute: int) -> datetime:
        return self.origin + minute * MINUTE

    def run(self, unit: str, paused: Stood, start: int, until: int) -> int:
        """Minutes of `unit` that ran from `start` to `until`, one after the other."""
        return sum(
            self._counts(unit, minute)
            for minute in range(start, until)
            if not any(since <= minute < end for since, end in paused)
        )

    def due(self, unit: str, amount: int, day: int, paused: Stood, start: int) -> int:
        """The minute at which `amount` of `unit` has run; a workday is `day` minutes of working time."""
        each = {"minute": 1, "urgent_hour": 60, "work_hour": 60, "workday": day, "natural_day": 24 * 60}[unit]
        left, minute = amount * each, start
        while left > 0:
            if not any(since <= minute < end for since, end in paused):
                left -= self._counts(unit, minute)
            minute += 1
        while True:
            stands = [end for since, end in paused if since <= minute < end]
            if stands:
                minute = max(stands)
            elif unit == "workday" and not self.works[minute]:
                minute += 1
            else:
                return minute

    def _counts(self, unit: str, minute: int) -> int:
        if unit in ("work_hour", "workday"):
            return int(self.works[minute])
        return self.wall[minute + 1] - self.wall[minute] if unit == "natural_day" else 1


def ticks(calendar: WorkCalendar, origin: datetime, days: int) -> Ticks:
    """The minutes of `days` from `origin`, read off the wall."""
    zone = ZoneInfo(calendar.zone)
    walls = [(origin.astimezone(UTC) + n * MINUTE).astimezone(zone) for n in range(days * 24 * 60 + 1)]
    works = [_works(calendar, wall) for wall in walls]
    shown = [int((wall.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / MINUTE) for wall in walls]
    # The last minute before clocks go back has shown the hour it ends at.
    ended = [shown[0], *(max(now, before + 1) for before, now in pairwise(shown))]
    return Ticks(origin.astimezone(UTC), works, list(accumulate(ended, max)))


def _works(calendar: WorkCalendar, wall: datetime) -> bool:
    ordinary = wall.weekday() not in calendar.weekend and wall.date() not in calendar.holidays
    if not ordinary and wall.date() not in calendar.workdays:
        return False
    at = wall.hour * 60 + wall.minute
    return any(
        start.hour * 60 + start.minute <= at < (end.hour * 60 + end.minute or 24 * 60)
        for start, end in calendar.periods
    )
