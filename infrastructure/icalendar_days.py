"""iCalendar (RFC 5545) 放假安排: which days its all-day events name, off or worked.

What is off and what is worked stands in X-APPLE-SPECIAL-DAY, in the categories, or in the summary: 春节(休),
国庆节(班), 劳动节补班, 元旦假期. A calendar that marks any event so means nothing by the others: they are festivals
on which people work. One that marks none is a list of holidays, as those of other countries are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import icalendar
from dateutil.rrule import rruleset, rrulestr

from application.importing.calendar_days import MOST_DAYS, NamedDay, NamedDays
from application.importing.report import Line, Outcome
from domain.registry.refusals import BadFile
from domain.workdays import FIRST_YEAR, LAST_YEAR

_SPECIAL = {"WORK-HOLIDAY": True, "ALTERNATE-WORKDAY": False}
_WORKED = re.compile(r"补班|调班|上班|补课|[（(\[【]\s*班\s*[）)\]】]|^班\s*[|｜]|班$")
_OFF = re.compile(r"休|假")
_EITHER = "调休"
_NEITHER = re.compile(r"不放假|不休|半天")
_RULES = re.compile(rb"FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY)\b")
_LONGEST = timedelta(days=60)
_MATTERS = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"}


@dataclass(frozen=True)
class _Event:
    number: int
    summary: str
    first: date
    length: int
    off: bool | None
    source: Any

    @property
    def recurs(self) -> bool:
        return "RRULE" in self.source or "RDATE" in self.source

    def begins(self, years: Collection[int]) -> Iterator[date]:
        """Each day it begins on, in `years` where it recurs."""
        if not self.recurs:
            yield self.first
            return
        rules = rruleset()
        start = datetime.combine(self.first, time.min)
        for rule in _several(self.source, "RRULE"):
            rules.rrule(rrulestr(rule.to_ical().decode(), dtstart=start, ignoretz=True))
        rules.rdate(start)
        for day in _dates(self.source, "RDATE"):
            rules.rdate(datetime.combine(day, time.min))
        for day in _dates(self.source, "EXDATE"):
            rules.exdate(datetime.combine(day, time.min))
        since, until = datetime(min(years), 1, 1), datetime(max(years), 12, 31)  # noqa: DTZ001  # days, not instants
        yield from (found.date() for found in rules.between(since, until, inc=True))


def read_icalendar(content: bytes, years: Collection[int] = ()) -> NamedDays:
    """The days that the file names in `years`, or in all years its single events name.

    Refuses `BadFile`: not iCalendar, nothing in it, only events that recur for ever while no year is asked for.
    """
    events, lines = _events(content)
    marked = any(event.off is not None for event in events)
    spoken = {day.year for event in events if not event.recurs for day in _span(event.first, event.length)}
    asked = set(years) or spoken
    if not events and not lines:
        raise BadFile(problem="文件中没有日程，看不出放假安排")
    if events and not asked:
        raise BadFile(problem="文件只有逐年重复的日子，请指明年份")
    days: list[NamedDay | Line] = [*lines]
    for event in events:
        if marked and event.off is None:
            days.append(Line(event.number, event.first.isoformat(), Outcome.LEFT_OUT, "没有写明放假或上班"))
        else:
            days += _named(event, asked)
        if len(days) > MOST_DAYS:
            raise BadFile(problem=f"文件列出的日期超过 {MOST_DAYS} 个")
    return NamedDays(tuple(days), whole=False)


def _named(event: _Event, asked: Collection[int]) -> Iterator[NamedDay | Line]:
    found = False
    try:
        begins = list(islice(event.begins(asked), MOST_DAYS))
    except (ValueError, AttributeError):
        yield Line(event.number, event.first.isoformat(), Outcome.REJECTED, "重复规则无法读取")
        return
    for begin in begins:
        for day in _span(begin, event.length):
            if day.year in asked:
                found = True
                yield NamedDay(event.number, day.year, day, event.off is not False, event.summary)
    if not found:
        yield Line(event.number, event.first.isoformat(), Outcome.LEFT_OUT, "不在所问的年份")


def _events(content: bytes) -> tuple[list[_Event], list[Line]]:
    try:
        calendar = icalendar.Calendar.from_ical(content.removeprefix(b"\xef\xbb\xbf"))
        found = list(calendar.walk("VEVENT"))
    except (ValueError, IndexError, KeyError) as wrong:
        raise BadFile(problem="不是有效的 iCalendar 文件") from wrong
    events, lines = [], []
    for number, source in enumerate(found, 1):
        if number > MOST_DAYS:
            raise BadFile(problem=f"文件列出的日程超过 {MOST_DAYS} 个")
        event = _event(number, source)
        if isinstance(event, Line):
            lines.append(event)
        else:
            events.append(event)
    return events, lines


def _event(number: int, source: Any) -> _Event | Line:
    summary = str(source.get("SUMMARY", ""))
    first = getattr(source.get("DTSTART"), "dt", None)
    # The library drops what it cannot read, and an event without its rule would be another event.
    if unread := sorted({str(name).upper() for name, _ in source.errors} & _MATTERS):
        return Line(number, "", Outcome.REJECTED, f"{'、'.join(unread)} 无法读取")
    if not isinstance(first, date):
        return Line(number, "", Outcome.REJECTED, "没有有效的起始日期")
    if isinstance(first, datetime):
        return Line(number, first.date().isoformat(), Outcome.LEFT_OUT, "不是全天的日程")
    last = getattr(source.get("DTEND"), "dt", None)
    length = getattr(source.get("DURATION"), "dt", None) or (last - first if isinstance(last, date) else None)
    if length is None:
        length = timedelta(days=1)
    if not timedelta(days=1) <= length <= _LONGEST or not FIRST_YEAR < first.year < LAST_YEAR:
        return Line(number, first.isoformat(), Outcome.REJECTED, f"自 {first} 起 {length.days} 天，请核对")
    if not all(_RULES.search(rule.to_ical()) for rule in _several(source, "RRULE")):
        return Line(number, first.isoformat(), Outcome.REJECTED, "重复规则应按年、月、周或日")
    off = _off(source, summary)
    if off is None and _EITHER in summary:
        return Line(number, first.isoformat(), Outcome.REJECTED, f"“{summary[:40]}”看不出是放假还是上班")
    return _Event(number, summary, first, length.days, off, source)


def _off(source: Any, summary: str) -> bool | None:
    """Whether it is marked as off, as worked, or not at all."""
    special = _SPECIAL.get(str(source.get("X-APPLE-SPECIAL-DAY", "")).strip().upper())
    if special is not None:
        return special
    categories = " ".join(str(one) for listed in _several(source, "CATEGORIES") for one in getattr(listed, "cats", ()))
    for said in (summary, categories):
        text = said.replace(_EITHER, "").strip()
        if _NEITHER.search(text):
            return None
        if _WORKED.search(text):
            return False
        if _OFF.search(text):
            return True
    return None


def _several(source: Any, name: str) -> list[Any]:
    held = source.get(name)
    return held if isinstance(held, list) else [] if held is None else [held]


def _dates(source: Any, name: str) -> Iterator[date]:
    for listed in _several(source, name):
        for one in listed.dts:
            yield one.dt.date() if isinstance(one.dt, datetime) else one.dt


def _span(first: date, length: int) -> Iterator[date]:
    return (first + timedelta(days=nth) for nth in range(length))
