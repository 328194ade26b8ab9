"""时限: how long a step may take, when it is due, and what a stopped clock does to that.

A limit is measured in its own unit and on its own calendar, and so is every pause: a weekend takes nothing
from a limit in work hours and adds nothing to it. Nothing here reads a clock; instants come back in UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from domain.workdays import WorkCalendar, as_utc


class LimitUnit(Enum):
    """What a limit counts. Minutes and urgent hours run through nights and holidays."""

    MINUTE = "minute"
    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORKDAY = "workday"
    NATURAL_DAY = "natural_day"

    @property
    def label(self) -> str:
        return _LABEL[self]

    @property
    def longest(self) -> int:
        """The largest amount a limit may have."""
        return _LONGEST[self]

    @property
    def on_workdays(self) -> bool:
        """Whether rest days stop the clock, so that the calendar decides when a limit is due."""
        return self is LimitUnit.WORKDAY or self is LimitUnit.WORK_HOUR


_LABEL = {
    LimitUnit.MINUTE: "分钟",
    LimitUnit.URGENT_HOUR: "紧急工作时",
    LimitUnit.WORK_HOUR: "工作时",
    LimitUnit.WORKDAY: "工作日",
    LimitUnit.NATURAL_DAY: "自然日",
}
_NAMED = {unit.value: unit for unit in LimitUnit} | {label: unit for unit, label in _LABEL.items()}

# About ten years of each: longer than any limit of the field, and within the calendar's horizon.
_LONGEST = {
    LimitUnit.MINUTE: 5_270_400,
    LimitUnit.URGENT_HOUR: 87_840,
    LimitUnit.WORK_HOUR: 20_000,
    LimitUnit.WORKDAY: 2_500,
    LimitUnit.NATURAL_DAY: 3_660,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """时限: an amount of one unit. Raises ValueError below 1 and above about ten years."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if type(self.amount) is not int or not 1 <= self.amount <= _LONGEST[self.unit]:
            raise ValueError(f"{self.unit.value}: 1 to {_LONGEST[self.unit]}, got {self.amount!r}")

    @classmethod
    def of(cls, amount: int, unit: str) -> "Limit":
        """From its stored form: `unit` by its value ("workday") or label ("工作日"), else ValueError."""
        if unit not in _NAMED:
            raise ValueError(f"no such unit of a limit: {unit!r}; known: {', '.join(_NAMED)}")
        return cls(amount, _NAMED[unit])

    def __str__(self) -> str:
        measure = "" if self.unit is LimitUnit.MINUTE else "个"
        return f"{self.amount}{measure}{self.unit.label}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """What an event keeps of a limit once set.

    `clock_start` is the start as given, not the opening it counts from: with a newer calendar another
    opening may be the first. `provisional` says that `due` lies beyond the calendar's last published day.
    """

    limit: Limit
    calendar: str
    calendar_version: str
    clock_start: datetime
    due: datetime
    provisional: bool


def deadline(limit: Limit, start: datetime, calendar: WorkCalendar) -> Deadline:
    """The instant by which `limit` is kept when its clock starts at `start`; kept up to and including it.

    Raises ValueError for a naive `start`, and when the calendar has too little working time left.
    """
    begin = as_utc(start, "start")
    due = due_instant(limit, begin, calendar)
    provisional = is_provisional(limit, due, calendar)
    return Deadline(limit, calendar.name, calendar.version, begin, due, provisional)


def is_provisional(limit: Limit, due: datetime, calendar: WorkCalendar) -> bool:
    """Whether holidays not published yet may still move `due`."""
    return limit.unit.on_workdays and calendar.local(as_utc(due, "due")).date() > calendar.known_until


def remaining(limit: Limit, at: datetime, due: datetime, calendar: WorkCalendar) -> timedelta:
    """What is left at `at`, on the limit's own calendar; negative once late.

    Work hours and workdays: working time, so a workday counts as the hours of its calendar's day. Natural
    days: by the local clock, so a day is 24 hours whatever its length. Minutes, urgent hours: as it elapses.
    """
    now, end = as_utc(at, "at"), as_utc(due, "due")
    if limit.unit.on_workdays:
        return calendar.between(now, end)
    if limit.unit is LimitUnit.NATURAL_DAY:
        left = _by_local_clock(now, end, calendar)
        return max(left, timedelta()) if now <= end else min(left, timedelta())
    return end - now


def resume(limit: Limit, due: datetime, stopped_at: datetime, resumed_at: datetime, calendar: WorkCalendar) -> datetime:
    """挂账恢复: when the limit is due after its clock stood still from `stopped_at` to `resumed_at`.

    What remained at the stop remains at the resumption: a pause without working time moves no limit in work
    hours or workdays. A limit overdue when stopped stays due when it was; no other is due before it resumes.
    Raises ValueError for a naive instant and for a resumption before the stop.
    """
    end, stopped = as_utc(due, "due"), as_utc(stopped_at, "stopped_at")
    resumed = as_utc(resumed_at, "resumed_at")
    if resumed < stopped:
        raise ValueError(f"resumed_at {resumed.isoformat()} is before stopped_at {stopped.isoformat()}")
    if stopped > end:
        return end
    if limit.unit.on_workdays:
        moved = _after_pause(limit, end, calendar.between(stopped, resumed), calendar)
    elif limit.unit is LimitUnit.NATURAL_DAY:
        moved = calendar.add_local(end, _by_local_clock(stopped, resumed, calendar))
    else:
        moved = end + (resumed - stopped)
    # A clock that stands still never makes a limit late, nor, where clocks go back, due earlier.
    return max(moved, end, resumed)


def due_instant(limit: Limit, start: datetime, calendar: WorkCalendar) -> datetime:
    """When `limit` is due, as `deadline` reckons it. Raises ValueError as that does."""
    match limit.unit:
        case LimitUnit.MINUTE:
            return start + timedelta(minutes=limit.amount)
        case LimitUnit.URGENT_HOUR:
            return start + timedelta(hours=limit.amount)
        case LimitUnit.WORK_HOUR:
            return calendar.add(start, timedelta(hours=limit.amount))
        case LimitUnit.WORKDAY:
            return calendar.add_workdays(start, limit.amount)
        case LimitUnit.NATURAL_DAY:
            return calendar.add_local(start, timedelta(days=limit.amount))


def _after_pause(limit: Limit, due: datetime, paused: timedelta, calendar: WorkCalendar) -> datetime:
    if not paused:
        return due
    moved = calendar.add(due, paused)
    # Closing and the next opening are one reading of the work clock: hours end at the one, workdays, which
    # keep the time of day of a start inside the periods, at the other.
    return calendar.next_opening(moved) if limit.unit is LimitUnit.WORKDAY else moved


def _by_local_clock(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    # Two datetimes of one zone are subtracted by their wall clocks: a trap elsewhere, here the very rule.
    return calendar.local(end) - calendar.local(start)
