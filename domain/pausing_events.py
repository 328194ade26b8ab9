"""Events of an issue's clock beside the straight way: extensions 延期 and the suspension 挂账. Topics are for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from domain.grants import Ask
from domain.issue_events import ClockEvent, IssueEvent
from domain.pauses import Pause
from domain.stages import IssueStage

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class ExtensionAsked(IssueEvent):
    """申请延期. The clock goes on while others decide."""

    TOPIC = "issue.extension_asked"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        ask = Ask(self.by, self.timestamp, (issue.assignments, issue.round))
        issue.grants = replace(issue.grants, extension=ask)
        issue.handled_by.add(self.by)


class ExtensionEndorsed(IssueEvent):
    """单位审核同意延期: the first of two approvals, by somebody else of the lead unit."""

    TOPIC = "issue.extension_endorsed"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        ask = issue.grants.extension
        issue.grants = replace(issue.grants, extension=ask and replace(ask, endorsed_by=self.by))


class Extended(ClockEvent):
    """批准延期, the `nth` of the case: `added` of the limit's unit on top of what was left. The limit stays the first.

    `case_added` is what the case clock got: the same, or 0 once it was over.
    """

    TOPIC = "issue.extended"
    nth: int
    added: int
    case_added: int

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, extension=None, extensions=self.nth)
        issue.set_clock(self.clock(), self.timestamp)
        issue.assignment = issue.assignment and replace(issue.assignment, added=issue.assignment.added + self.added)
        whole = issue.case_clock
        if whole and self.case_added:
            of_one_unit = whole.limit.unit.value == self.limit_unit
            # A case clock that got time of another unit has from now on a limit of its own.
            more = {"added": whole.added + self.case_added} if of_one_unit else {"case_due": self.case_due}
            issue.case_clock = replace(whole, **more)


class ExtensionRefused(IssueEvent):
    """不同意延期, by either of the two. It is not counted."""

    TOPIC = "issue.extension_refused"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, extension=None)


class SuspensionAsked(IssueEvent):
    """申请挂账 up to `until`. The clock goes on while somebody else decides."""

    TOPIC = "issue.suspension_asked"
    lead: str
    until: datetime

    def apply(self, issue: GridIssue) -> None:
        ask = Ask(self.by, self.timestamp, (issue.assignments, issue.round), until=self.until)
        issue.grants = replace(issue.grants, suspension=ask)
        issue.handled_by.add(self.by)


class Suspended(IssueEvent):
    """同意挂账: nothing is done about it and no clock of it runs until `until`, or until it is resumed before."""

    TOPIC = "issue.suspended"
    lead: str
    until: datetime

    def apply(self, issue: GridIssue) -> None:
        grants = issue.grants
        issue.stage = IssueStage.SUSPENDED
        issue.grants = replace(
            grants, suspension=None, suspensions=grants.suspensions + 1, suspended_until=self.until
        )  # fmt: skip
        issue.stop_clock(self.timestamp)


class SuspensionRefused(IssueEvent):
    """不同意挂账. It may be asked again."""

    TOPIC = "issue.suspension_refused"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, suspension=None)


class Resumed(ClockEvent):
    """挂账恢复: the lead goes on. Its clock runs from `runs_from`: never later than the end granted, `until`."""

    TOPIC = "issue.resumed"
    until: datetime
    runs_from: datetime

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.ACCEPTED
        issue.grants = replace(issue.grants, suspended_until=None)
        stood = issue.assignment and issue.assignment.stopped_at
        issue.set_clock(self.clock(), self.runs_from)
        if stood and issue.case_clock:
            whole = issue.case_clock
            issue.case_clock = replace(whole, pauses=(*whole.pauses, Pause(min(stood, self.runs_from), self.runs_from)))


EVENTS = (
    ExtensionAsked, ExtensionEndorsed, Extended, ExtensionRefused,
    SuspensionAsked, Suspended, SuspensionRefused, Resumed,
)  # fmt: skip
