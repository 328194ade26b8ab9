"""Assignment 派遣: who leads, who helps, and the two clocks that run from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from domain.limit import Limit, deadline, is_provisional, resume
from domain.workdays import WorkCalendar


@dataclass(frozen=True)
class Assignment:
    """The lead unit, copies and assists, with the lead's clock and the case clock that never restarts.

    `calendar` and its version measured `due`; provisional when that runs into a year not yet published.
    `stopped_at` is when the lead's clock last stopped (return asked, resolved), None while it runs.
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

    @property
    def units(self) -> set[str]:
        """All it was sent to."""
        return {self.lead, *self.copies, *self.assists}

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
    """What an assignment runs under: limit, the rule edition it came from, the calendar that measures it."""

    limit: Limit
    edition: str
    calendar: WorkCalendar

    def fresh(self, lead: str, at: datetime, case_due: datetime | None) -> Assignment:
        """A clock that starts now. The case clock, once set, stays."""
        clock = deadline(self.limit, at, self.calendar)
        return Assignment(
            lead, (), (), self.limit, clock.calendar, clock.calendar_version, clock.provisional, self.edition,
            clock.clock_start, clock.due, case_due or clock.due,
        )  # fmt: skip

    def resumed(self, before: Assignment, at: datetime) -> Assignment:
        """The same lead's clock going on where it stopped, under the limit it began with."""
        stopped = min(before.stopped_at or at, at)
        due = resume(before.limit, before.due, stopped, at, self.calendar)
        return Assignment(
            before.lead, (), (), before.limit, self.calendar.name, self.calendar.version,
            is_provisional(before.limit, due, self.calendar), before.edition, before.clock_start, due, before.case_due,
        )  # fmt: skip


T = TypeVar("T", Assignment, Terms)


def given(value: T | None) -> T:
    """What a lead's clock needs. Raises ValueError without it: the program is wrong, nobody is refused."""
    if value is None:
        raise ValueError("a lead's clock needs its assignment and the terms it runs under")
    return value
