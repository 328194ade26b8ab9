"""案件的钟: the clocks of one case as people see them: state, used, left, colour, at any instant.

A due instant is what the event said. The calendar only measures what has run between the start and that, so a newer
version never moves a due instant here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from domain.assignment import Assignment
from domain.clock import Clock
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.measuring import reached, run_since
from domain.pauses import Pause, merged
from domain.stage_times import StageTimes
from domain.stages import JUDGED, IssueStage
from domain.workdays import WorkCalendar

S = IssueStage
_TICK, _NONE = timedelta(microseconds=1), timedelta()
_GREEN = Fraction(80, 100)
LEAD_RUNS = frozenset({S.ASSIGNED, S.ACCEPTED})
CASE_RUNS = LEAD_RUNS | {S.RETURN_ASKED, S.RETURNED}
"""Stages in which the case clock goes on: it does not wait for who is to lead."""
CalendarOf = Callable[[str], WorkCalendar]
"""The newest version of a calendar, by its name."""
_OVER = JUDGED | {S.VOIDED, S.MERGED}


class ClockName(StrEnum):
    """Which of a case's clocks."""

    LEAD = "lead"
    CASE = "case"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    CONTACT = "contact"
    FEEDBACK = "feedback"
    CHECK = "check"
    CALL_BACK = "call_back"

    @property
    def label(self) -> str:
        named = {ClockName.LEAD: "办理", ClockName.CASE: "案件"}.get(self)
        return f"{named or LimitStage(self.value).label}时限"


class Reading(StrEnum):
    """What a case's clock does at an instant; `DECIDED` once nothing it measures goes on."""

    RUNNING = "running"
    AT_REST = "at_rest"
    PAUSED = "paused"
    OVERDUE = "overdue"
    DECIDED = "decided"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Reading.RUNNING: "计时中", Reading.AT_REST: "休止", Reading.PAUSED: "已暂停", Reading.OVERDUE: "已超时",
    Reading.DECIDED: "已停止",
}  # fmt: skip


class Colour(StrEnum):
    """红绿灯: green up to 80 % of the limit, yellow up to the whole of it, red after; grey where nothing runs."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"

    @property
    def label(self) -> str:
        return {"green": "绿", "yellow": "黄", "red": "红", "grey": "灰"}[self.value]


@dataclass(frozen=True)
class CaseClock:
    """One clock of a case. `stopped_at` is since when it stands, None while it runs; `over` when for good.

    `added` is what extensions gave it, in the limit's unit.
    """

    name: ClockName
    limit: Limit
    start: datetime
    due: datetime
    calendar: WorkCalendar
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    over: bool = False
    added: int = 0

    @property
    def runs(self) -> bool:
        return self.stopped_at is None and not self.over

    @cached_property
    def total(self) -> timedelta:
        """All the time there is, in time that counts."""
        return self._run(self.due)

    def used(self, at: datetime) -> timedelta:
        """What has run by `at`; it stands still while the clock does."""
        return self._run(self._shown_at(at))

    def left(self, at: datetime) -> timedelta:
        """What is left at `at`; negative once late."""
        return self.total - self.used(at)

    def is_late(self, at: datetime) -> bool:
        """Strictly after the due instant; never becomes so while it stands."""
        return self._shown_at(at) > self.due

    def reading(self, at: datetime) -> Reading:
        if self.over:
            return Reading.DECIDED
        if self.is_late(at):
            return Reading.OVERDUE
        if self.stopped_at is not None:
            return Reading.PAUSED
        closed = self.limit.unit.on_workdays and self.calendar.next_opening(at) != at
        return Reading.AT_REST if closed else Reading.RUNNING

    def colour(self, at: datetime) -> Colour:
        if self.over:
            return Colour.GREY
        if self.is_late(at):
            return Colour.RED
        if self.stopped_at is not None:
            return Colour.GREY
        return Colour.YELLOW if self.used(at) > self.total * _GREEN.numerator / _GREEN.denominator else Colour.GREEN

    def when_used(self, percent: int) -> datetime:
        """The instant by which `percent` of the limit has run, in time that counts; from 100 on the due instant."""
        if percent >= 100:
            return self.due
        left, cursor = self.total * percent // 100, self.start
        for rest in self._rests:
            run = self._since_start(rest.start) - self._since_start(cursor)
            if left <= run or rest.end is None:
                break
            left, cursor = left - run, rest.end
        unit = self.limit.unit
        return min(self.due, max(cursor, reached(self.start, self._since_start(cursor) + left, unit, self.calendar)))

    @property
    def as_measured(self) -> Clock:
        """The clock the due instant followed from, for its explanation: `due` may differ by a grant or a calendar."""
        return Clock(self.limit, self.start, self.calendar, self.pauses, self.added)

    @cached_property
    def _rests(self) -> tuple[Pause, ...]:
        return merged(self.pauses, self.start)

    def _shown_at(self, at: datetime) -> datetime:
        return max(self.start, at if self.stopped_at is None else min(at, self.stopped_at))

    def _run(self, at: datetime) -> timedelta:
        run = self._since_start(at)
        for rest in self._rests:
            if rest.start >= at:
                break
            run -= self._since_start(min(rest.end or at, at)) - self._since_start(rest.start)
        return run

    def _since_start(self, at: datetime) -> timedelta:
        return run_since(self.start, at, self.limit.unit, self.calendar) if at > self.start else _NONE


class Clocked(Protocol):
    """What clocks are read from: an issue, or its row."""

    @property
    def stage(self) -> IssueStage: ...
    @property
    def assignment(self) -> Assignment | None: ...
    @property
    def case_clock(self) -> Assignment | None: ...
    @property
    def stage_times(self) -> StageTimes: ...


def case_clocks(issue: Clocked, calendar_of: CalendarOf) -> tuple[CaseClock, ...]:
    """The lead's clock and the case clock, each on its own calendar; none before an assignment.

    What was given back has no lead to be late. Clocks of stages are beside: `domain.waiting_stages`.
    """
    lead, first, stage = issue.assignment, issue.case_clock, issue.stage
    if lead is None or first is None:
        return ()
    over = stage in _OVER
    return (
        CaseClock(
            ClockName.LEAD, lead.limit, lead.clock_start, lead.due, calendar_of(lead.calendar), lead.provisional,
            lead.pauses, lead.stopped_at, over or stage is S.RETURNED, lead.added,
        ),
        CaseClock(
            ClockName.CASE, first.limit, first.clock_start, lead.case_due, calendar_of(first.calendar),
            first.provisional, first.pauses, None if stage in CASE_RUNS else lead.stopped_at, over, first.added,
        ),
    )  # fmt: skip
