"""Calendars from published data: China's holidays and worked weekends, from the package chinesecalendar."""

from collections.abc import Sequence
from datetime import date, time
from functools import cache

import chinese_calendar

from domain.registry.published_year import PublishedYear
from domain.workdays import Period, WorkCalendar

OFFICE_PERIODS = ((time(8, 30), time(12)), (time(14), time(17, 30)))


@cache
def chinese_office_calendar(periods: tuple[Period, ...] = OFFICE_PERIODS, name: str = "cn-office") -> WorkCalendar:
    """机关工作日历: office hours in China, for all years the installed package has.

    The version names the last published year and the release ("cn-2026-1.11.0"): the State Council may
    amend a year it has published, and a release then says so. A notice settles its year to the end, so the
    last known day is 31 December even when the last holiday is in October.
    """
    holidays, workdays = frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)
    last_year = max(holidays | workdays).year
    return WorkCalendar(
        name=name,
        version=f"cn-{last_year}-{chinese_calendar.__version__}",
        zone="Asia/Shanghai",
        periods=periods,
        holidays=holidays,
        workdays=workdays,
        known_until=date(last_year, 12, 31),
    )


@cache
def chinese_years() -> Sequence[PublishedYear]:
    """放假安排 of China by year, ascending: what the installed package has, for a calendar of the registry."""
    off, on = frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)
    source = f"chinesecalendar {chinese_calendar.__version__}"
    return tuple(
        PublishedYear.of(
            year,
            holidays=[day for day in off if day.year == year],
            workdays=[day for day in on if day.year == year],
            source=source,
        )
        for year in sorted({day.year for day in off | on})
    )
