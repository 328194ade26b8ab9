"""计算方式: from when to when the days of a limit run, as a policy beside the time of day.

By the time of day a limit of days ends at the time at which it began. By the Civil Code (民法典) the first day is not
counted (art. 201), a last day that is a rest day moves to the next working day, and the last day ends when business
does (art. 203). Hours are counted from the start under both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from domain.limit import Limit, LimitUnit
from domain.pauses import Pause
from domain.workdays import LAST_YEAR, TooLittleWorkingTime, WorkCalendar

_DAY = timedelta(days=1)
_LAST_DAY = date(LAST_YEAR, 12, 31)


class Counting(Enum):
    """How the days of a limit are counted."""

    TIME_OF_DAY = "time_of_day"
    CIVIL_CODE = "civil_code"

    def in_whole_days(self, unit: LimitUnit) -> bool:
        """Whether a limit in `unit` is counted by whole days."""
        return self is Counting.CIVIL_CODE and unit in {LimitUnit.WORKDAY, LimitUnit.NATURAL_DAY}


@dataclass(frozen=True, slots=True)
class WholeDays:
    """A limit counted by whole days: `first` is not counted, `due` is when business ends on the last.

    `counted_until` is the last day by number alone; when that is a rest day, the last day comes after it.
    """

    first: date
    counted_until: date
    last: date
    due: datetime


def whole_days(limit: Limit, start: datetime, rests: Sequence[Pause], calendar: WorkCalendar) -> WholeDays | None:
    """The days of `limit`, which begins at `start` and stands still during `rests`; None when one of them never ends.

    A day counts when the clock runs at its close, so a limit never ends while it is paused, and a pause that
    begins and ends between two closings takes no day. Raises TooLittleWorkingTime past the last year.
    """
    days = _Days(rests, calendar)
    found = days.running(calendar.local(start).date())
    first, left = found, limit.amount
    while left and found is not None:
        found = days.running(found + _DAY)
        if found is not None and (limit.unit is LimitUnit.NATURAL_DAY or calendar.is_workday(found)):
            left -= 1
    last = found
    while last is not None and not calendar.is_workday(last):
        last = days.running(last + _DAY)
    if first is None or found is None or last is None:
        return None
    return WholeDays(first, found, last, close_of(last, calendar))


def uncounted(days: WholeDays, start: datetime, unit: LimitUnit, calendar: WorkCalendar) -> Iterator[Pause]:
    """What of the time up to the due instant lies on days that are not counted: the first, and rest days at the end."""
    yield Pause(start, calendar.midnight(days.first + _DAY))
    if unit is LimitUnit.NATURAL_DAY:
        yield Pause(calendar.midnight(days.counted_until), calendar.midnight(days.last))


def close_of(day: date, calendar: WorkCalendar) -> datetime:
    """When business ends on the local `day`; on a day without, when the day does."""
    spans = calendar.spans(day)
    return spans[-1][1] if spans else calendar.midnight(day + _DAY)


class _Days:
    """Which days count: those at whose close the clock runs."""

    def __init__(self, rests: Sequence[Pause], calendar: WorkCalendar) -> None:
        self._stood = [_stood(pause, calendar) for pause in rests]
        self._calendar = calendar

    def running(self, day: date) -> date | None:
        """`day` or the first after it that counts; None when the clock stands from there on."""
        for first, last in self._stood:
            if first <= day and (last is None or day <= last):
                if last is None:
                    return None
                day = last + _DAY
        if day > _LAST_DAY:
            raise TooLittleWorkingTime(f"calendar {self._calendar.name}: too little working time up to {LAST_YEAR}")
        return day


def _stood(pause: Pause, calendar: WorkCalendar) -> tuple[date, date | None]:
    """The first and the last day at whose close the clock stands; the last is the earlier one when there is none."""
    first = calendar.local(pause.start).date()
    if pause.start >= close_of(first, calendar):
        first += _DAY
    if pause.end is None:
        return first, None
    last = calendar.local(pause.end).date()
    return first, last if pause.end >= close_of(last, calendar) else last - _DAY
