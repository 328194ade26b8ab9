"""时限的钟: one limit at work, with its start, calendar, extensions and pauses; what it shows at any instant.

A clock is a value: whoever stops, resumes or extends it holds another one. It never reads the present, and what it
was paused for survives a change of limit or calendar, because a pause is kept as the two instants it lay between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import cached_property

from domain.counting import Counting, WholeDays, uncounted, whole_days
from domain.limit import Deadline, Limit, LimitUnit, due_instant, is_provisional, resume
from domain.measuring import reached, run_since
from domain.pauses import Pause, merged
from domain.workdays import WorkCalendar, as_utc

_NONE = timedelta()


class ClockState(Enum):
    """What a clock does at an instant. 休止: only working time counts, and there is none just then."""

    NOT_STARTED = "未起算"
    RUNNING = "计时中"
    AT_REST = "休止"
    PAUSED = "已暂停"
    OVERDUE = "已超时"


@dataclass(frozen=True)
class Clock:
    """A limit that began at `start`. `extended` is what was granted on top, in the limit's own unit.

    `pauses` may overlap, begin before the start, and come in any order; one may still last. Raises ValueError for a
    naive instant, and for a limit of more than about ten years with what was granted on top.
    """

    limit: Limit
    start: datetime
    calendar: WorkCalendar
    pauses: tuple[Pause, ...] = ()
    extended: int = 0
    counting: Counting = Counting.TIME_OF_DAY

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start, "start"))
        if type(self.extended) is not int or self.extended < 0:
            raise ValueError(f"extended must be a whole number from 0, got {self.extended!r}")

    # --- what is done to it ---------------------------------------------------------------------

    def stopped(self, at: datetime) -> Clock:
        """挂账, 结案: the clock that stands from `at` on."""
        return replace(self, pauses=(*self.pauses, Pause(at)))

    def resumed(self, at: datetime) -> Clock:
        """恢复: the clock that goes on at `at`, whatever it stood for."""
        going = tuple(Pause(one.start, max(one.start, at)) if one.end is None else one for one in self.pauses)
        return replace(self, pauses=going)

    def extended_by(self, amount: int) -> Clock:
        """延期: the clock with `amount` of the limit's unit more."""
        return replace(self, extended=self.extended + amount)

    # --- what it comes to -----------------------------------------------------------------------

    @cached_property
    def whole(self) -> Limit:
        """The limit with what was granted on top."""
        return Limit(self.limit.amount + self.extended, self.limit.unit) if self.extended else self.limit

    @cached_property
    def rests(self) -> tuple[Pause, ...]:
        """The pauses after the start, ascending, none touching another."""
        return merged(self.pauses, self.start) if self.pauses else ()

    @cached_property
    def days(self) -> WholeDays | None:
        """The days of a limit counted by whole days, unless its clock stands for ever; None for all others."""
        if not self.counting.in_whole_days(self.limit.unit):
            return None
        return whole_days(self.whole, self.start, self.rests, self.calendar)

    @cached_property
    def due(self) -> datetime | None:
        """When the limit is due; None while a pause lasts that began before. Kept up to and including it."""
        if self.counting.in_whole_days(self.limit.unit):
            return self.days.due if self.days else None
        end = due_instant(self.whole, self.start, self.calendar)
        for rest in self.rests:
            if rest.start > end:
                break
            if rest.end is None:
                return None
            end = self._moved(end, rest.start, rest.end)
        return end

    @cached_property
    def provisional(self) -> bool:
        """暂定: whether the due instant may still move, by holidays not published yet or by a pause that lasts."""
        if self.due is None:
            return True
        if self.counting.in_whole_days(self.limit.unit):
            return self.calendar.local(self.due).date() > self.calendar.known_until
        return is_provisional(self.whole, self.due, self.calendar)

    def deadline(self) -> Deadline:
        """What an event keeps of it. Raises ValueError while a pause lasts."""
        if self.due is None:
            raise ValueError("a clock that stands has no due instant yet")
        name, version = self.calendar.name, self.calendar.version
        return Deadline(self.whole, name, version, self.start, self.due, self.provisional)

    # --- what it shows --------------------------------------------------------------------------

    def used(self, at: datetime) -> timedelta:
        """What has run by `at`, in time that counts (see `run_since`) and without what it stood for; never falls.

        It goes on after the due instant.
        """
        return sum((self._run(since, until) for since, until in self._runs(as_utc(at, "at"))), _NONE)

    def remaining(self, at: datetime) -> timedelta:
        """What is left at `at`; negative once late. It does not change while the clock stands."""
        return self.total - self.used(at)

    @cached_property
    def total(self) -> timedelta:
        """All the time there is, measured as `used` is; what a pause that lasts may add is not in it."""
        finished = tuple(rest for rest in self.rests if rest.end is not None)
        clock = self if len(finished) == len(self.rests) else replace(self, pauses=finished)
        return clock.used(clock.due) if clock.due else _NONE

    def state(self, at: datetime) -> ClockState:
        """What it does at `at`. Once overdue it stays so; it never becomes so while it is paused."""
        now = as_utc(at, "at")
        if now < self.start:
            return ClockState.NOT_STARTED
        if self.is_late(now):
            return ClockState.OVERDUE
        if any(rest.lasts_at(now) for rest in self.rests):
            return ClockState.PAUSED
        closed = self.limit.unit.on_workdays and self.calendar.next_opening(now) != now
        return ClockState.AT_REST if closed else ClockState.RUNNING

    def is_late(self, at: datetime) -> bool:
        """Whether what is done at `at` is done late: strictly after the due instant."""
        return self.due is not None and as_utc(at, "at") > self.due

    def when_used(self, share: Fraction) -> datetime | None:
        """预警: the instant by which `share` of the limit has run, in time that counts; None if it stands till then.

        At 1 and above it is the due instant: closing and the next opening are one reading of the work clock.
        """
        if share >= 1:
            return self.due
        left = self.total * share.numerator // share.denominator
        for since, until in self._runs(self.due or self.rests[-1].start):
            run = self._run(since, until)
            if left <= run:
                wanted = run_since(self.start, since, self.limit.unit, self.calendar) + left
                return max(since, reached(self.start, wanted, self.limit.unit, self.calendar))
            left -= run
        return None

    # --- how it is measured ---------------------------------------------------------------------

    @cached_property
    def holes(self) -> tuple[Pause, ...]:
        """Where nothing runs for another reason than the calendar: while it stands, on days that do not count."""
        if self.days is None:
            return self.rests
        return merged((*self.rests, *uncounted(self.days, self.start, self.limit.unit, self.calendar)), self.start)

    def _moved(self, due: datetime, stopped: datetime, resumed: datetime) -> datetime:
        """What `due` becomes by a pause that began before it."""
        if self.limit.unit is not LimitUnit.NATURAL_DAY:
            return resume(self.whole, due, stopped, resumed, self.calendar)
        # Not from `due`, which may be an hour that clocks skipped: the days and what it stood for, from the start.
        stood = sum((self._run(rest.start, rest.end) for rest in self.rests if rest.end and rest.end <= resumed), _NONE)
        whole = timedelta(days=self.whole.amount)
        return max(due, resumed, self.calendar.add_local(self.start, whole + stood))

    def _runs(self, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches from the start up to `until` outside the holes."""
        cursor = self.start
        for hole in self.holes:
            if hole.start >= until:
                break
            yield cursor, hole.start
            if hole.end is None:
                return
            cursor = hole.end
        if cursor < until:
            yield cursor, until

    def _run(self, since: datetime, until: datetime) -> timedelta:
        unit, calendar = self.limit.unit, self.calendar
        return run_since(self.start, until, unit, calendar) - run_since(self.start, since, unit, calendar)
