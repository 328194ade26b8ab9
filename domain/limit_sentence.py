"""时限说明 in one Chinese sentence: from when, what did not count, how long it stood, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil

from domain.almanac import Reason, Span
from domain.clock import Clock
from domain.limit import Limit
from domain.measuring import run_since
from domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
_NONE = timedelta()
_CLOCK_CHANGE = timedelta(hours=2)
_CLOSED = {Reason.OUTSIDE, Reason.WEEKEND, Reason.HOLIDAY}
_PARTS = (("天", _DAY), ("小时", timedelta(hours=1)), ("分", timedelta(minutes=1)), ("秒", timedelta(seconds=1)))


def sentence(clock: Clock, spans: Sequence[Span]) -> str:
    """What `spans`, which explain `clock`, come to."""
    calendar, due = clock.calendar, clock.due
    said = [f"{_amount(clock)}：{_read(clock.start, calendar)}起", _opening(clock, spans)]
    if clock.counting.in_whole_days(clock.limit.unit):
        said.append("，当日不计入（民法典第二百零一条）")
        last = any(span.reason is Reason.REST_DAYS_LAST for span in spans)
        said.append("，末日逢休息日，顺延至下一工作日（民法典第二百零三条）" if last else "")
    if clock.limit.unit.on_workdays:
        said.append(_rest_days(spans, calendar))
    if due is None:
        stood = _read(clock.rests[-1].start, calendar)
        return "".join([*said, _pauses(clock, spans), f"，{stood}起暂停，恢复后方可确定到期时间。"])
    certain = "（暂定，所涉节假日尚未公布）" if clock.provisional else ""
    return "".join([*said, _pauses(clock, spans), f"，{_read(due, calendar)}到期{certain}。"])


def _amount(clock: Clock) -> str:
    if not clock.extended:
        return str(clock.limit)
    return f"{clock.whole}（原{clock.limit}，延期{Limit(clock.extended, clock.limit.unit)}）"


def _opening(clock: Clock, spans: Sequence[Span]) -> str:
    """From when a clock counts that began outside the periods."""
    if not clock.limit.unit.on_workdays or not spans:
        return ""
    first = spans[0]
    if first.reason.joins:
        counted, label = clock.calendar.next_opening(clock.start), Reason.OUTSIDE.label
    elif first.reason in _CLOSED:
        counted = next((span.start for span in spans if span.reason.counts), first.start)
        label = first.reason.label
    else:
        return ""
    return "" if counted == clock.start else f"（{label}），自{_read(counted, clock.calendar)}起算"


def _rest_days(spans: Sequence[Span], calendar: WorkCalendar) -> str:
    """What is said of days that do not count, and of rest days that do."""
    weekend, holidays, worked = 0, 0, set[date]()
    weeks = years = False
    for start, end, _, reason, _ in spans:
        if end is None:
            continue
        if reason is Reason.WEEKEND:
            weekend += _days(end - start)
        elif reason is Reason.HOLIDAY:
            holidays += _days(end - start)
        elif reason is Reason.WORKED_REST_DAY:
            first = calendar.local(start).date()
            worked |= {first + n * _DAY for n in range(_days(end - start))}
        weeks, years = weeks or reason is Reason.WORKING_WEEKS, years or reason is Reason.WORKING_YEAR
    if years:
        said = "，其间周末、节假日不计"
    else:
        named = (("周末", weekend), ("节假日", holidays))
        rested = ["周末"] if weeks else []
        rested += [f"{name}{days}天" for name, days in named if days and not (weeks and name == "周末")]
        said = f"，其间{'、'.join(rested)}不计" if rested else ""
    return said + (f"，调休上班{len(worked)}天计入" if worked else "")


def _days(length: timedelta) -> int:
    """Days that were touched, on which clocks may have changed."""
    return max(1, ceil((length - _CLOCK_CHANGE) / _DAY))


def _pauses(clock: Clock, spans: Sequence[Span]) -> str:
    if not clock.rests:
        return ""
    ended = [(span.start, span.end) for span in spans if span.pause and span.end is not None]
    if not ended:
        return ""
    unit, calendar = clock.limit.unit, clock.calendar
    readings = [[run_since(clock.start, one, unit, calendar) for one in stood] for stood in ended]
    stood = sum((until - since for since, until in readings), _NONE)
    kind = "工作时间" if unit.on_workdays else ""
    return f"，暂停{len(ended)}次共{kind}{_lasting(stood, whole_days=not unit.on_workdays)}不计"


def _lasting(length: timedelta, *, whole_days: bool) -> str:
    """A length in Chinese; in hours at most unless its days are of 24 hours."""
    said, left = "", length
    for name, measure in _PARTS if whole_days else _PARTS[1:]:
        amount, left = divmod(left, measure)
        said += f"{amount}{name}" if amount else ""
    return said or "0分"


def _read(instant: datetime, calendar: WorkCalendar) -> str:
    """What the wall clock shows, with seconds where there are some."""
    local = calendar.local(instant)
    return local.isoformat(" ")[: 19 if local.second else 16]
