"""One question of `wangge due`, a line of JSON, and its answer, another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import orjson

from domain.almanac import Span
from domain.clock import Clock
from domain.counting import Counting
from domain.explaining import explain
from domain.limit import Limit, LimitUnit
from domain.pauses import Pause
from domain.workdays import FIRST_YEAR, LAST_YEAR, TooLittleWorkingTime, WorkCalendar

KNOWN = {"id", "start", "amount", "unit", "calendar", "pauses", "extended", "counting"}
NEEDED = ("start", "amount", "unit")
UNITS = {unit.value: unit for unit in LimitUnit}
COUNTINGS = {counting.value: counting for counting in Counting}
MOST_PAUSES = 1_000
SPANS_KEPT = 1 << 13
EXAMPLE = "2026-09-30T16:40:00+08:00"


class BadLine(Exception):
    """A question that cannot be answered; what it says is in Chinese."""


class Answers:
    """Answers lines by the calendars of given names."""

    def __init__(self, calendars: Mapping[str, WorkCalendar]) -> None:
        self._calendars = calendars
        # Most spans of a year are met again and again: those of whole periods, nights and weekends.
        self._written = {name: lru_cache(SPANS_KEPT)(_writer(calendar)) for name, calendar in calendars.items()}

    def answer(self, line: bytes) -> bytes:
        """The answer, as JSON without its newline. Raises BadLine."""
        asked = _parsed(line)
        clock = self._clock(asked)
        try:
            due, explanation = clock.due, explain(clock)
        except TooLittleWorkingTime:
            raise BadLine(f"日历 {clock.calendar.name} 在所及的年份内工作时间不足") from None
        except ValueError as wrong:
            raise BadLine(f"时限连同延期过长，或到期在 {LAST_YEAR} 年之后") from wrong
        written = self._written[clock.calendar.name]
        answer = {
            "due": due and clock.calendar.local(due).isoformat(),
            "explanation": {"sentence": explanation.sentence, "spans": [written(one) for one in explanation.spans]},
            "provisional": clock.provisional,
        }
        return orjson.dumps({"id": asked["id"]} | answer if "id" in asked else answer)

    def _clock(self, asked: dict[str, Any]) -> Clock:
        pauses, counting, extended = asked.get("pauses"), asked.get("counting"), asked.get("extended", 0)
        if type(extended) is not int or extended < 0:
            _refuse(f"extended 应为不小于 0 的整数，实为 {_shown(extended)}")
        return Clock(
            _limit(asked["amount"], asked["unit"]),
            _instant(asked["start"], "start"),
            self._calendar(asked.get("calendar")),
            _pauses(pauses) if pauses is not None else (),
            extended,
            Counting.TIME_OF_DAY if counting is None else _counting(counting),
        )

    def _calendar(self, name: object) -> WorkCalendar:
        if name is None and len(self._calendars) == 1:
            return next(iter(self._calendars.values()))
        if name is None:
            _refuse("缺少 calendar：有多个日历时须指明用哪一个")
        if type(name) is not str or name not in self._calendars:
            _refuse(f"没有名为 {_shown(name)} 的日历，已有：{'、'.join(self._calendars)}")
        return self._calendars[name]


def refusal(number: int, problem: str) -> bytes:
    """What is answered in place of line `number`."""
    return orjson.dumps({"line": number, "error": f"第 {number} 行：{problem}"})


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        asked = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise BadLine("不是有效的 JSON") from None
    if type(asked) is not dict:
        _refuse("应为 JSON 对象")
    if strange := asked.keys() - KNOWN:
        _refuse(f"没有此项：{'、'.join(sorted(_shown(name) for name in strange))}")
    if missing := [name for name in NEEDED if name not in asked]:
        _refuse(f"缺少 {'、'.join(missing)}")
    return asked


def _limit(amount: object, unit: object) -> Limit:
    if type(unit) is not str or unit not in UNITS:
        _refuse(f"unit 应为 {'、'.join(UNITS)} 之一，实为 {_shown(unit)}")
    if type(amount) is not int or not 1 <= amount <= UNITS[unit].longest:
        _refuse(f"amount 应为 1 至 {UNITS[unit].longest} 的整数，实为 {_shown(amount)}")
    return _kept(amount, UNITS[unit])


_kept = lru_cache(4096)(Limit)


def _counting(counting: object) -> Counting:
    if type(counting) is not str or counting not in COUNTINGS:
        _refuse(f"counting 应为 {'、'.join(COUNTINGS)} 之一，实为 {_shown(counting)}")
    return COUNTINGS[counting]


def _pauses(pauses: object) -> tuple[Pause, ...]:
    if type(pauses) is not list or len(pauses) > MOST_PAUSES:
        _refuse(f"pauses 应为列表，每项为 [起, 止]，不多于 {MOST_PAUSES} 项")
    found = []
    for number, pause in enumerate(pauses, 1):
        if type(pause) is not list or len(pause) != 2:
            _refuse(f"pauses 第 {number} 项应为 [起, 止]，尚未结束的止为 null")
        start = _instant(pause[0], f"pauses 第 {number} 项的起")
        end = None if pause[1] is None else _instant(pause[1], f"pauses 第 {number} 项的止")
        if end is not None and end < start:
            _refuse(f"pauses 第 {number} 项的止早于起")
        found.append(Pause(start, end))
    return tuple(found)


def _instant(text: object, name: str) -> datetime:
    """An instant of RFC 3339."""
    # `fromisoformat` also takes week dates, hours alone and digits without marks between them.
    if type(text) is not str or len(text) < 16 or text[4] + text[7] + text[13] != "--:" or text[10] not in "Tt ":
        _refuse(f"{name} 应为时间，如 {EXAMPLE}，实为 {_shown(text)}")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"{name} 不是有效的时间，应如 {EXAMPLE}，实为 {_shown(text)}") from None
    if instant.tzinfo is None:
        _refuse(f"{name} 须带时区，如 {EXAMPLE}，实为 {_shown(text)}")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        _refuse(f"{name} 须在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间，实为 {_shown(text)}")
    return instant


def _writer(calendar: WorkCalendar) -> Callable[[Span], orjson.Fragment]:
    def written(span: Span) -> orjson.Fragment:
        seconds = span.counted.total_seconds()
        said = {
            "from": calendar.local(span.start).isoformat(),
            "to": span.end and calendar.local(span.end).isoformat(),
            "counted": span.reason.counts,
            "counted_seconds": int(seconds) if seconds.is_integer() else seconds,
            "reason": span.reason.value,
            "label": span.label,
        }
        return orjson.Fragment(orjson.dumps(said))

    return written


def _shown(value: object) -> str:
    """What was given, cut short."""
    return value[:64] if isinstance(value, str) else orjson.dumps(value)[:64].decode(errors="replace")


def _refuse(problem: str) -> NoReturn:
    raise BadLine(problem)
