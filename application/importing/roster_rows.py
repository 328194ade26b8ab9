"""Rows of a duty roster 值班表: one shift a line, under Chinese or English headings. Knows nothing registered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.refusals import Refused
from domain.registry.entry import local_code
from domain.registry.roster_refusals import BadShift
from domain.registry.shift import EVERY_DAY, DayKind, wall_time

HEADINGS = {
    "单位": "unit", "日期": "when", "起": "begins", "止": "ends", "值班人员": "member", "首日": "first_day",
    "末日": "last_day",
}  # fmt: skip
REQUIRED = ("单位", "日期", "起", "止", "值班人员")
_KINDS = {"工作日": DayKind.WORKDAYS, "休息日": DayKind.REST_DAYS, "每天": DayKind.ALL, "每日": DayKind.ALL}
_WEEK = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6}
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_PATTERN = re.compile(r"(周[周星期一二三四五六日天、，,至-]+)?(工作日|休息日|每天|每日)?")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line that is right by itself: a shift on `day`, or on `weekdays` of a kind."""

    line: int
    unit: str
    member: str
    begins: str
    ends: str
    day: date | None
    weekdays: tuple[int, ...]
    days: DayKind
    first_day: date | None
    last_day: date | None


def read_roster(content: bytes) -> Iterator[RosterRow | Line]:
    """Each line below the header: a shift, or a rejected line. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, REQUIRED, _row)


def _row(line: int, told: dict[str, str]) -> RosterRow | Line:
    told = {column: text[:MOST_SHOWN] for column, text in told.items()}
    try:
        return _shift(line, told)
    except Refused as refused:
        return Line(line, told["unit"], Outcome.REJECTED, refused.detail())


def _shift(line: int, told: dict[str, str]) -> RosterRow:
    first, last = (_day(told[name]) if told.get(name) else None for name in ("first_day", "last_day"))
    day, weekdays, days = _when(told["when"])
    if day is not None and (first or last):
        raise BadShift(problem="某一天的班不填首日和末日")
    return RosterRow(
        line, local_code(told["unit"], "单位代码"), local_code(told["member"], "人员编号"),
        wall_time(_padded(told["begins"]), "起"), wall_time(_padded(told["ends"]), "止"), day, weekdays, days, first,
        last,
    )  # fmt: skip


def _when(text: str) -> tuple[date | None, tuple[int, ...], DayKind]:
    """A date, or days of the week and of a kind ("周六、周日", "工作日", "周一至周五工作日"). Refuses `BadShift`."""
    if _DATE.fullmatch(text):
        return _day(text), (), DayKind.ALL
    match = _PATTERN.fullmatch(text.replace("星期", "周").replace("节假日", "休息日"))
    if not text or match is None:
        raise BadShift(problem=f"日期“{text}”应如 2026-02-17、每天、工作日、休息日、周六、周日 或 周一至周五")
    return None, _weekdays(match[1]) if match[1] else EVERY_DAY, _KINDS[match[2] or "每天"]


def _weekdays(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in re.split("[、，,]", text.replace("周", "")):
        first, _, last = part.replace("-", "至").partition("至")
        if first not in _WEEK or (last or first) not in _WEEK or _WEEK[first] > _WEEK[last or first]:
            raise BadShift(problem=f"星期“{text}”应如 周六、周日 或 周一至周五")
        found |= set(range(_WEEK[first], _WEEK[last or first] + 1))
    return tuple(sorted(found))


def _day(text: str) -> date:
    if match := _DATE.fullmatch(text):
        with suppress(ValueError):  # told below, as what is no date at all
            return date(*map(int, match.groups()))
    raise BadShift(problem=f"日期“{text}”应如 2026-02-17")


def _padded(clock: str) -> str:
    """ "8:30" as spreadsheets write it."""
    return f"0{clock}" if re.fullmatch("[0-9]:[0-9]{2}", clock) else clock
