"""Assignment 派遣: who leads, who helps, and the two clocks that run from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from domain.clock import Clock
from domain.limit import Limit, deadline, is_provisional, resume
from domain.pauses import Pause
from domain.workdays import WorkCalendar


@dataclass(frozen=True)
class Assignment:
    """The lead unit, copies and assists, with the lead's clock and the case clock that never restarts.

    `calendar` and its version measured `due`; provisional when that runs into a year not yet published.
    `stopped_at` is when the lead's clock last stopped (return asked, resolved), None while it runs; `pauses` are those
    it stood for since `clock_start`, without one that lasts; `added` is what extensions gave it, in the limit's unit.
    """

    lead: str
    copies: tuple[str, ...]
    assists: tuple[str, ...]
    limit: Limit
    calendar: str
    calendar_version: str
    provisional: bool
    edition: str
    clock_start: datetime
    due: datetime
    case_due: datetime
    stopped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    added: int = 0

    @property
    def units(self) -> set[str]:
        """All it was sent to."""
        return {self.lead, *self.copies, *self.assists}

    def followed_by(self, clock: Assignment, at: datetime) -> Assignment:
        """`clock`, set at `at`; with what this one stood for and was given when it is this one going on."""
        if (self.lead, self.clock_start) != (clock.lead, clock.clock_start):
            return clock
        stood = () if self.stopped_at is None else (Pause(min(self.stopped_at, at), at),)
        return replace(clock, pauses=(*self.pauses, *stood), added=self.added)

    def due_on(self, calendar: WorkCalendar, at: datetime) -> datetime:
        """When the lead is due as `calendar` measures it, from the start and with all it stood for, seen at `at`.

        What is past stays: a settled due instant that has gone by. No other moves back beyond `at`, nor beyond itself
        once it has gone by.
        """
        now = self.stopped_at or at
        if (now > self.due and not self.provisional) or not self.limit.unit.on_workdays:
            return self.due
        due = Clock(self.limit, self.clock_start, calendar, self.pauses, self.added).due
        return self.due if due is None or due < min(now, self.due) else due

    def is_late(self, at: datetime) -> bool:
        """Whether what is done at `at` is done late. It never becomes so while the clock stands."""
        return (min(at, self.stopped_at) if self.stopped_at else at) > self.due

    def facts(self) -> dict[str, object]:
        """The clock as event data: an event never leaves its deadline to be computed again."""
        return {
            "limit_amount": self.limit.amount,
            "limit_unit": self.limit.unit.value,
            "calendar": self.calendar,
            "calendar_version": self.calendar_version,
            "provisional": self.provisional,
            "edition": self.edition,
            "clock_start": self.clock_start,
            "due": self.due,
            "case_due": self.case_due,
        }


@dataclass(frozen=True)
class Terms:
    """What an assignment runs under: limit, the rule edition it came from, the calendar that measures it.

    Without a `case_limit` of its own the case clock is due with the first lead's.
    """

    limit: Limit
    edition: str
    calendar: WorkCalendar
    case_limit: Limit | None = None

    def fresh(self, lead: str, at: datetime, case_due: datetime | None) -> Assignment:
        """A clock that starts now. The case clock, once set, stays."""
        clock = deadline(self.limit, at, self.calendar)
        return Assignment(
            lead, (), (), self.limit, clock.calendar, clock.calendar_version, clock.provisional, self.edition,
            clock.clock_start, clock.due, case_due or self._case_due(at) or clock.due,
        )  # fmt: skip

    def _case_due(self, at: datetime) -> datetime | None:
        return deadline(self.case_limit, at, self.calendar).due if self.case_limit else None

    def resumed(self, before: Assignment, at: datetime) -> Assignment:
        """The same lead's clock going on where it stopped, under the limit it began with."""
        stopped = min(before.stopped_at or at, at)
        due = resume(before.limit, self._due_before(before, stopped), stopped, at, self.calendar)
        return Assignment(
            before.lead, (), (), before.limit, self.calendar.name, self.calendar.version,
            is_provisional(before.limit, due, self.calendar), before.edition, before.clock_start, due, before.case_due,
        )  # fmt: skip

    def _due_before(self, before: Assignment, at: datetime) -> datetime:
        """When it was due as this calendar measures it. One that has stood still for a year may meet a newer one."""
        known = (before.calendar, before.calendar_version) == (self.calendar.name, self.calendar.version)
        return before.due if known else before.due_on(self.calendar, at)

    def resumed_both(self, before: Assignment, at: datetime) -> Assignment:
        """挂账恢复: the lead's clock and the case clock, both of which stood."""
        stopped = min(before.stopped_at or at, at)
        case_due = resume(self.case_limit or before.limit, before.case_due, stopped, at, self.calendar)
        return replace(self.resumed(before, at), case_due=case_due)

    def extended(self, before: Assignment, amount: int, asked_at: datetime) -> Assignment:
        """延期: `amount` of the limit's unit more, for the lead, and for the case unless it was over when asked."""
        more = Limit(amount, before.limit.unit)
        lead = deadline(more, self._due_before(before, asked_at), self.calendar)
        over = asked_at > before.case_due
        case_due = before.case_due if over else deadline(more, before.case_due, self.calendar).due
        return replace(
            before, calendar=lead.calendar, calendar_version=lead.calendar_version, provisional=lead.provisional,
            due=lead.due, case_due=case_due, added=before.added + amount,
        )  # fmt: skip


T = TypeVar("T", Assignment, Terms)


def given(value: T | None) -> T:
    """What a lead's clock needs. Raises ValueError without it: the program is wrong, nobody is refused."""
    if value is None:
        raise ValueError("a lead's clock needs its assignment and the terms it runs under")
    return value
