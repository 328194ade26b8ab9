"""时限台账: a case's clocks as people are shown them at an instant: state, used, left, colour, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.case_clocks import CalendarOf, CaseClock, Clocked
from domain.explaining import Explanation, explain
from domain.waiting_stages import all_clocks
from domain.workdays import TooLittleWorkingTime, WorkCalendar

_SECOND = timedelta(seconds=1)
_PARTS = (("天", timedelta(days=1)), ("小时", timedelta(hours=1)), ("分", timedelta(minutes=1)))


@dataclass(frozen=True)
class ClockView:
    """一个时限的钟. Lengths are of time that counts: working time of limits in work hours and workdays.

    What is left is negative once late.
    """

    name: str
    label: str
    state: str
    state_label: str
    colour: str
    colour_label: str
    limit: str
    start: datetime
    due: datetime
    provisional: bool
    late: bool
    used_seconds: int
    left_seconds: int
    total_seconds: int
    used_text: str
    left_text: str
    percent: int


@dataclass(frozen=True)
class ExplainedClock(ClockView):
    """一个时限的钟, and why it is due when it is."""

    why: str


class CaseClocks(Protocol):
    """The clocks of issues, from the board."""

    async def of(self, log_ids: Collection[str], issues: Collection[UUID]) -> dict[UUID, Clocked]:
        """Those that have clocks, by id. Whether the asker may look is asked before."""


def shown(clock: CaseClock, at: datetime) -> ClockView:
    """What `clock` shows at `at`."""
    used, left, reading, colour = clock.used(at), clock.left(at), clock.reading(at), clock.colour(at)
    told = _in_hours if clock.limit.unit.on_workdays else lasting
    return ClockView(
        name=clock.name.value, label=clock.name.label, state=reading.value, state_label=reading.label,
        colour=colour.value, colour_label=colour.label, limit=str(clock.as_measured.whole),
        start=clock.start, due=clock.due, provisional=clock.provisional, late=clock.is_late(at),
        used_seconds=used // _SECOND, left_seconds=left // _SECOND, total_seconds=clock.total // _SECOND,
        used_text=told(used), left_text=told(left),
        percent=int(used * 100 // clock.total) if clock.total else 100,
    )  # fmt: skip


def explained(clock: CaseClock, at: datetime) -> ExplainedClock:
    """What `clock` shows at `at`, and the sentence that tells how it comes to its due instant."""
    return ExplainedClock(**vars(shown(clock, at)), why=why(clock)[0])


def why(clock: CaseClock) -> tuple[str, Explanation | None]:
    """Why it is due when it is: a sentence, and the spans it sums up.

    What was decided otherwise than by today's calendar, a grant on a late clock or a clock that stands, is told so.
    """
    try:
        explanation = explain(clock.as_measured)
    except TooLittleWorkingTime:
        return f"日历 {clock.calendar.name} 的工作时间不足以推算。", None
    told = explanation.sentence
    if clock.stopped_at is not None and not clock.over:
        told += f"现自 {_minute(clock.stopped_at, clock.calendar)} 起暂停，恢复后顺延。"
    if clock.as_measured.due != clock.due:
        told += f"以办理记录所定的 {_minute(clock.due, clock.calendar)} 为准。"
    return told, explanation


def clocks_of(issue: Clocked, calendar_of: CalendarOf, at: datetime) -> list[ClockView]:
    return [shown(clock, at) for clock in all_clocks(issue, calendar_of)]


def explained_clocks_of(issue: Clocked, calendar_of: CalendarOf, at: datetime) -> list[ExplainedClock]:
    return [explained(clock, at) for clock in all_clocks(issue, calendar_of)]


def lasting(length: timedelta) -> str:
    """A length in Chinese, to the minute; what is over is told as such."""
    minutes = abs(length) // timedelta(minutes=1)
    left, said = minutes * timedelta(minutes=1), ""
    for name, measure in _PARTS:
        amount, left = divmod(left, measure)
        said += f"{amount}{name}" if amount else ""
    return ("超 " if length < timedelta() else "") + (said or "不足1分")


def _in_hours(length: timedelta) -> str:
    """Working time: a day of it has not 24 hours."""
    minutes = abs(length) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    said = (f"{hours}小时" if hours else "") + (f"{rest}分" if rest else "")
    return ("超 " if length < timedelta() else "") + "工作时间" + (said or "不足1分")


def _minute(instant: datetime, calendar: WorkCalendar) -> str:
    return calendar.local(instant).isoformat(" ")[:16]
