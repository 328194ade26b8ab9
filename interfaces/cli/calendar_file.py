"""工作日历文件: one calendar in JSON, as people write it, checked and told in Chinese where it makes no sense."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError
from pydantic_core import PydanticCustomError

from domain.workdays import LAST_YEAR, SATURDAY_SUNDAY, BadCalendar, WorkCalendar
from interfaces.http.words import problem_of

MOST_BYTES = 4 * 1024 * 1024
MOST_DAYS = 50_000
VERSION = "file"


class BadCalendarFile(Exception):
    """A file that is no calendar. What it says is in Chinese and names the file and the place in it."""


def _day(text: object) -> object:
    # A number would pass for seconds since 1970.
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return text
    raise PydanticCustomError("date_parsing", "不是有效的日期")


def _time(text: object) -> object:
    if text == "24:00":
        return time.min
    if isinstance(text, str) and re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?", text):
        return text
    raise PydanticCustomError("time_of_day", "不是有效的时刻")


Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[frozenset[Day], Field(max_length=MOST_DAYS)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Weekday = Annotated[int, Strict(), Field(ge=0, le=6)]


class CalendarFile(BaseModel):
    """What the file says. `known_until` is the last day whose holidays are known to it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=64)]
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    periods: Annotated[
        list[Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]], Field(min_length=1, max_length=24)
    ]
    weekend: frozenset[Weekday] = SATURDAY_SUNDAY
    holidays: Days = frozenset()
    workdays: Days = frozenset()
    known_until: Day | None = None

    def calendar(self) -> WorkCalendar:
        """As the engine knows it. Raises BadCalendar.

        A year is settled as a whole, so a file knows as far as the year of the last day it names. A file that names
        none is of an office that keeps no holidays; to say otherwise it has `known_until`.
        """
        named = self.holidays | self.workdays
        last_year = max(named).year if named else LAST_YEAR
        return WorkCalendar(
            name=self.name,
            version=VERSION,
            zone=self.time_zone,
            periods=[(start, end) for start, end in self.periods],
            weekend=self.weekend,
            holidays=self.holidays,
            workdays=self.workdays,
            known_until=self.known_until or date(last_year, 12, 31),
        )


def read_calendars(files: list[Path]) -> dict[str, WorkCalendar]:
    """The calendars of `files` by their names. Raises BadCalendarFile for one that is none, or of a name used twice."""
    found: dict[str, WorkCalendar] = {}
    for file in files:
        calendar = _read(file)
        if calendar.name in found:
            _refuse(file, f"日历名称 {calendar.name} 与前面的文件重复")
        found[calendar.name] = calendar
    return found


def _read(file: Path) -> WorkCalendar:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError:
        _refuse(file, "打不开，请核对路径和权限")
    if len(content) > MOST_BYTES:
        _refuse(file, f"超过 {MOST_BYTES} 字节")
    try:
        return CalendarFile.model_validate_json(content.removeprefix(b"\xef\xbb\xbf")).calendar()
    except ValidationError as wrong:
        _refuse(file, "；".join(_told(error) for error in wrong.errors(include_url=False)[:10]))
    except BadCalendar as wrong:
        _refuse(file, wrong.problem)


def _told(error: object) -> str:
    said = problem_of({**error, "loc": ("文件", *error["loc"])})  # type: ignore[dict-item, index]  # pydantic's own dict
    return f"{said['where'].removeprefix('文件').removeprefix('.') or '全文'} {said['problem']}"


def _refuse(file: Path, problem: str) -> NoReturn:
    raise BadCalendarFile(f"日历文件 {file}：{problem}")
