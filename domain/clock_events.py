"""Events that move a running clock of a `GridIssue` by what became known, not by what was done about the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from domain.issue_events import ClockEvent

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class DeadlineRecalculated(ClockEvent):
    """时限重算: a new version of the calendar moves what is due, or settles what was provisional.

    The clock's start, limit and pauses stay. `case_calendar` measures the case clock; it may be another unit's.
    """

    TOPIC = "issue.deadline_recalculated"
    calendar_version_before: str
    due_before: datetime
    case_due_before: datetime
    case_calendar: str
    case_calendar_version: str
    case_provisional: bool

    def apply(self, issue: GridIssue) -> None:
        issue.assignment = issue.assignment and replace(
            issue.assignment, calendar_version=self.calendar_version, provisional=self.provisional, due=self.due,
            case_due=self.case_due,
        )  # fmt: skip
        issue.case_clock = issue.case_clock and replace(
            issue.case_clock, calendar_version=self.case_calendar_version, provisional=self.case_provisional
        )


EVENTS = (DeadlineRecalculated,)
"""Those that `GridIssue` does not hold by name: other modules record them."""
