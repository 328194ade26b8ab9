"""时限预览: when limits would be due, and why; reckoned, never recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.command import EARLIEST
from domain.clock import Clock
from domain.counting import Counting
from domain.explaining import Explanation, explain
from domain.limit import Limit, LimitUnit
from domain.limit_refusals import CalendarExhausted, LimitOutOfBounds, PauseBackwards
from domain.pauses import Pause
from domain.refusals import ImplausibleTime
from domain.workdays import TooLittleWorkingTime, WorkCalendar

LATEST = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Question:
    """A limit as somebody asks about it. A pause without an end lasts."""

    start: datetime
    amount: int
    unit: LimitUnit
    pauses: Sequence[tuple[datetime, datetime | None]] = ()
    extended: int = 0
    counting: Counting = Counting.TIME_OF_DAY

    def instants(self) -> Iterator[datetime]:
        """All that it names."""
        yield self.start
        for start, end in self.pauses:
            yield start
            yield from () if end is None else (end,)


def preview(questions: Sequence[Question], calendar: WorkCalendar) -> list[tuple[Clock, Explanation]]:
    """The clocks asked about and how they come to their due instants, in the same order.

    Refuses `ImplausibleTime`, `LimitOutOfBounds`, `PauseBackwards`, `CalendarExhausted`.
    """
    clocks = [_clock(question, number, calendar) for number, question in enumerate(questions, 1)]
    return [(clock, _explained(clock, number)) for number, clock in enumerate(clocks, 1)]


def _clock(question: Question, number: int, calendar: WorkCalendar) -> Clock:
    unit, whole = question.unit, question.amount + question.extended
    if question.amount < 1 or question.extended < 0 or whole > unit.longest:
        raise LimitOutOfBounds(number=number, unit=unit.label, longest=unit.longest, amount=whole)
    for at in question.instants():
        if not EARLIEST <= at <= LATEST:
            raise ImplausibleTime(at=at, earliest=EARLIEST, latest=LATEST)
    for start, end in question.pauses:
        if end is not None and end < start:
            raise PauseBackwards(number=number, start=start, end=end)
    pauses = tuple(Pause(start, end) for start, end in question.pauses)
    limit = Limit(question.amount, unit)
    return Clock(limit, question.start, calendar, pauses, question.extended, question.counting)


def _explained(clock: Clock, number: int) -> Explanation:
    try:
        return explain(clock)
    except TooLittleWorkingTime:
        raise CalendarExhausted(number=number, calendar=clock.calendar.name) from None
