"""Work calendars 工作日历 of the demonstration: two bureaus keep one of their own, which a day off is added to.

What they have open by then is due later, by an event that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from application.demonstration.places import CITY, DISTRICT
from application.demonstration.play import Tale
from application.registry.registry import Entry
from application.services import Services
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.recalculating import RUNNING, recalculate
from domain.registry.calendar import Calendar
from domain.registry.calendar_use import UNIT, CalendarUse, use_code
from domain.registry.entry import civil_day
from domain.registry.published_year import PublishedYear
from domain.workdays import WorkCalendar

BUREAUS = ("cg", "zj")
CODE = "genhe-bureaus"
_REGISTRAR = Actor("demonstration", frozenset({Role.ADMIN}), "", (CITY,))
_FIRST_YEAR = 2020
_SOURCE = "国务院办公厅关于{}年部分节假日安排的通知"
_SNOW = "根河市人民政府关于暴雪停工一天的通知"


def calendars(act: Act, since: date, built_in: WorkCalendar) -> list[Entry]:
    """The bureaus' calendar with all years known, and its use from `since` on."""
    calendar = Calendar.open(
        act, city=CITY, code=CODE, name="根河市城管住建工作日历", zone=built_in.zone,
        periods=built_in.periods, weekend=built_in.weekend,
    )  # fmt: skip
    for year in range(_FIRST_YEAR, built_in.known_until.year + 1):
        calendar.publish(act, city=CITY, notice=_notice(built_in, year))
    uses = [
        CalendarUse.begin(act, code=use_code(UNIT, code), place=DISTRICT, calendar=CODE, since=since)
        for code in BUREAUS
    ]
    return [calendar, *uses]


async def add_a_day_off(services: Services, tales: Sequence[Tale], at: datetime) -> None:
    """停工一天: the next working day is off, and what the bureaus have open is due by it. Twice changes nothing."""
    act = Act(_REGISTRAR, at, _SNOW, stated=False)
    calendars, log = services.issues.calendars, services.logs.named(DISTRICT)
    calendar = await services.logs.city.load(Calendar, services.registry.find(Calendar, CODE).id)
    for notice in _amended(calendar, calendars.usual, _next_working_day(calendars.usual, civil_day(at))):
        if not notice.same_days(calendar.years.get(notice.year)):
            calendar.publish(act, city=CITY, notice=notice)
    if calendar.pending_events:
        await services.logs.city.save(calendar)
    await services.registry.refresh()
    for case in [tale.ids["issue"] for tale in tales if "issue" in tale.ids]:
        issue = await log.load(GridIssue, case)
        if issue.stage in RUNNING and recalculate(act, issue=issue, calendar_of=calendars.newest):
            await log.save(issue)


def _amended(calendar: Calendar, built_in: WorkCalendar, off: date) -> list[PublishedYear]:
    """The years still unpublished up to the day off, and its own with that day."""
    between = [_notice(built_in, year) for year in range(max(calendar.years) + 1, off.year)]
    notice = _notice(built_in, off.year)
    holidays = tuple(sorted({*notice.holidays, off.isoformat()}))
    return [*between, replace(notice, holidays=holidays, source=_SNOW)]


def _next_working_day(built_in: WorkCalendar, day: date) -> date:
    following = (day + timedelta(days=nth) for nth in range(1, 60))
    # One that is worked by exception is not taken away again.
    return next(one for one in following if built_in.is_workday(one) and one not in built_in.workdays)


def _notice(built_in: WorkCalendar, year: int) -> PublishedYear:
    return PublishedYear.of(
        year,
        holidays=[day for day in built_in.holidays if day.year == year],
        workdays=[day for day in built_in.workdays if day.year == year],
        source=_SOURCE.format(year),
    )
