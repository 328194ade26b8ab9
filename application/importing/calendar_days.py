"""放假安排文件: the days a file names, off or worked, and the year each belongs to; here of the holiday-cn JSON shape.

`{"year": 2026, "papers": [...], "days": [{"name", "date", "isOffDay"}]}`, one such object or a list of them. A
notice's year is the object's, also for days it names in the December before. iCalendar is read by another module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.importing.csv_file import decoded
from application.importing.report import Line, Outcome
from domain.registry.refusals import BadFile

MOST_DAYS = 20_000


@dataclass(frozen=True)
class NamedDay:
    """One day as a file names it. `year` is the notice's."""

    number: int
    year: int
    day: date
    off: bool
    name: str = ""


@dataclass(frozen=True)
class NamedDays:
    """What a file says. `whole` tells that each year in it is whole: a list that only begins in a year says less."""

    days: tuple[NamedDay | Line, ...]
    whole: bool


ReadDays = Callable[[bytes, Collection[int]], NamedDays]
"""Reads a file for the years asked for, none for all it names. Refuses `BadFile`."""


def read_holiday_json(content: bytes) -> NamedDays:
    """Refuses `BadFile`: not JSON, not of that shape, too many days."""
    try:
        told = json.loads(decoded(content))
    except (ValueError, RecursionError):
        raise BadFile(problem="文件既不是 JSON 也不是 iCalendar") from None
    notices = told if isinstance(told, list) else [told]
    days: list[NamedDay | Line] = []
    for notice in notices:
        days += _days(notice, len(days))
    if not days:
        raise BadFile(problem="文件中没有列出任何日期")
    return NamedDays(tuple(days), whole=True)


def _days(notice: Any, before: int) -> Iterator[NamedDay | Line]:
    year = notice.get("year") if isinstance(notice, dict) else None
    listed = notice.get("days") if isinstance(notice, dict) else None
    if type(year) is not int or not isinstance(listed, list):
        raise BadFile(problem="应有 year（年份）和 days（日期列表）")
    if before + len(listed) > MOST_DAYS:
        raise BadFile(problem=f"文件列出的日期超过 {MOST_DAYS} 个")
    for number, entry in enumerate(listed, before + 1):
        yield _day(entry, number, year)


def _day(entry: Any, number: int, year: int) -> NamedDay | Line:
    text, off = (entry.get("date"), entry.get("isOffDay")) if isinstance(entry, dict) else (None, None)
    if not isinstance(text, str) or len(text) != len("2026-01-01"):
        return Line(number, "", Outcome.REJECTED, "没有 date，应如 2026-01-01")
    if type(off) is not bool:
        return Line(number, text, Outcome.REJECTED, "isOffDay 应为 true 或 false")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Line(number, text, Outcome.REJECTED, "不是有效的日期")
    return NamedDay(number, year, day, off, str(entry.get("name") or ""))
