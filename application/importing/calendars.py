"""Importing published years 放假安排导入: a file becomes notices of a calendar, year by year, as often as it comes.

A year is taken as a whole: what the file says of it is all there is. A file whose years may not be whole (iCalendar)
changes a year already published only when that year is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from copy import deepcopy
from datetime import date

from application.importing.calendar_days import NamedDay, NamedDays, ReadDays, read_holiday_json
from application.importing.report import ImportPlan, ImportReport, Line, Outcome, carry_out
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.refusals import Refused
from domain.registry.calendar import Calendar
from domain.registry.entry import administer
from domain.registry.published_year import PublishedYear

_ICALENDAR = b"BEGIN:VCALENDAR"
_BOM = b"\xef\xbb\xbf"
_NOT_NAMED = "该年已公布且与文件不同；要以文件为准，请指明这一年"


class ImportingCalendars:
    """放假安排导入 into one registered calendar. `read_icalendar` reads what is not JSON."""

    def __init__(self, desk: RegistryDesk, read_icalendar: ReadDays) -> None:
        self._desk, self._read_icalendar = desk, read_icalendar

    async def run(
        self, act: Act, content: bytes, *, calendar: str, source: str, years: Collection[int] = (),
        dry_run: bool = False, skip_rejected: bool = False,
    ) -> ImportReport:  # fmt: skip
        """Take the years of a file, or only `years` of it. Open deadlines are re-set by another order.

        Refuses `BadFile`, `NoSuchEntry`, `WrongRole`, `OutsideArea`.
        """
        administer(act, self._desk.city)
        await self._desk.registry.refresh()
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        known = deepcopy(self._desk.registry.find(Calendar, calendar))
        named = self._named(content, years)
        plan = ImportPlan()
        by_year = _by_year(plan, named, years)
        for year in known.in_turn(by_year):
            days = by_year[year]
            if not named.whole and year not in years and year in known.years:
                _only_compare(plan, known, days)
            else:
                self._publish(plan, act, known, days, source)
        if known.pending_events:
            plan.work.append(known)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _named(self, content: bytes, years: Collection[int]) -> NamedDays:
        if content.removeprefix(_BOM).lstrip().startswith(_ICALENDAR):
            return self._read_icalendar(content, years)
        return read_holiday_json(content)

    def _publish(self, plan: ImportPlan, act: Act, known: Calendar, days: list[NamedDay], source: str) -> None:
        year = days[0].year
        before = known.years.get(year)
        try:
            notice = _notice(days, source)
            if notice.same_days(before):
                for one in days:
                    plan.note(one.number, one.day.isoformat(), Outcome.UNCHANGED)
                return
            known.publish(act, city=self._desk.city, notice=notice)
        except Refused as refused:
            for one in days:
                plan.note(one.number, one.day.isoformat(), Outcome.REJECTED, refused.detail())
            return
        for one in days:
            plan.note(one.number, one.day.isoformat(), _outcome(one, before), _worded(one))
        kept = {one.day.isoformat() for one in days}
        for day in sorted({*before.holidays, *before.workdays} - kept) if before else ():
            plan.note(0, day, Outcome.CHANGED, f"文件中没有，{year} 年原有的安排取消")


def _by_year(plan: ImportPlan, named: NamedDays, years: Collection[int]) -> dict[int, list[NamedDay]]:
    """The days to be taken; all others are noted in the plan."""
    found: dict[int, list[NamedDay]] = defaultdict(list)
    said: dict[tuple[int, date], NamedDay] = {}
    for one in named.days:
        if isinstance(one, Line):
            plan.lines.append(one)
        elif years and one.year not in years:
            plan.note(one.number, one.day.isoformat(), Outcome.LEFT_OUT, "不在所问的年份")
        elif (before := said.get((one.year, one.day))) is None:
            said[one.year, one.day] = one
            found[one.year].append(one)
        elif before.off == one.off:
            plan.note(one.number, one.day.isoformat(), Outcome.UNCHANGED, f"与第 {before.number} 条相同")
        else:
            plan.note(one.number, one.day.isoformat(), Outcome.REJECTED, f"与第 {before.number} 条矛盾：又休又班")
    return found


def _notice(days: list[NamedDay], source: str) -> PublishedYear:
    return PublishedYear.of(
        days[0].year,
        holidays=[one.day for one in days if one.off],
        workdays=[one.day for one in days if not one.off],
        source=source,
    )


def _only_compare(plan: ImportPlan, known: Calendar, days: list[NamedDay]) -> None:
    same = _notice(days, "-").same_days(known.years[days[0].year])
    for one in days:
        outcome, note = (Outcome.UNCHANGED, "") if same else (Outcome.LEFT_OUT, _NOT_NAMED)
        plan.note(one.number, one.day.isoformat(), outcome, note)


def _outcome(one: NamedDay, before: PublishedYear | None) -> Outcome:
    day = one.day.isoformat()
    listed, other = (before.holidays, before.workdays) if before else ((), ())
    if not one.off:
        listed, other = other, listed
    return Outcome.UNCHANGED if day in listed else Outcome.CHANGED if day in other else Outcome.ADDED


def _worded(one: NamedDay) -> str:
    return f"{one.name or '未写名称'}，{'休' if one.off else '班'}"
