"""计时: how much of a limit has run at an instant, by what the limit's unit counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.limit import LimitUnit
from domain.workdays import WorkCalendar

_TICK = timedelta(microseconds=1)


def run_since(start: datetime, at: datetime, unit: LimitUnit, calendar: WorkCalendar) -> timedelta:
    """What `unit` counts from `start` to `at`, which is not before it; never falls as `at` goes on.

    Work hours and workdays: working time. Natural days: what the local clock has moved on by, so a day is 24 hours
    whatever its length; when clocks go back it stands until they show something new. Others: as it elapses.
    """
    if unit.on_workdays:
        return calendar.between(start, at)
    if unit is LimitUnit.NATURAL_DAY:
        return _shown(at, start, calendar) - _wall(start, calendar)
    return at - start


def reached(start: datetime, run: timedelta, unit: LimitUnit, calendar: WorkCalendar) -> datetime:
    """The first instant at which `run` has run since `start`."""
    if unit.on_workdays:
        return calendar.add(start, run)
    if unit is LimitUnit.NATURAL_DAY:
        return calendar.add_local(start, run)
    return start + run


def _wall(instant: datetime, calendar: WorkCalendar) -> datetime:
    return calendar.local(instant).replace(tzinfo=None)


def _shown(instant: datetime, start: datetime, calendar: WorkCalendar) -> datetime:
    """The latest time that the local clock has shown since `start`."""
    wall, back = _wall(instant, calendar), calendar.fold_began(instant)
    if back is None or back <= start:
        return wall
    return max(wall, _wall(back - _TICK, calendar) + _TICK)
