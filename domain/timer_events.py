"""Events that the program records by itself when their time has come. Topics are for ever.

They are no acts: an act that happened before one and is told after it is none the worse for it, so they leave alone
when a case was last changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.issue_events import IssueEvent
from domain.request_events import RequestEvent
from domain.step import Step
from domain.timers import MISSED, Fired

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue
    from domain.resident_request import ResidentRequest


class TimerEvent(Step):
    """Base of what fires by itself."""

    def mutate(self, aggregate: Any) -> Any:
        before = aggregate.modified_on
        aggregate = super().mutate(aggregate)
        aggregate.modified_on = before
        return aggregate


class DeadlineWarned(TimerEvent, IssueEvent):
    """预警: `percent` of the limit of `clock` had run at `reached_at`, in time that counts."""

    TOPIC = "issue.deadline_warned"
    clock: str
    lead: str
    percent: int
    clock_start: datetime
    added: int
    due: datetime
    reached_at: datetime

    def apply(self, issue: GridIssue) -> None:
        one = Fired(self.clock, self.clock_start, self.added, self.due, self.percent, self.reached_at)
        issue.timers = issue.timers.with_fired(one, self.originator_version)


class DeadlineMissed(TimerEvent, IssueEvent):
    """超时: the due instant of `clock` passed at `reached_at`, and it ran. A fact, whatever comes after."""

    TOPIC = "issue.deadline_missed"
    clock: str
    lead: str
    clock_start: datetime
    added: int
    due: datetime
    reached_at: datetime

    def apply(self, issue: GridIssue) -> None:
        one = Fired(self.clock, self.clock_start, self.added, self.due, MISSED, self.reached_at)
        issue.timers = issue.timers.with_fired(one, self.originator_version)


class CallBackCameDue(TimerEvent, RequestEvent):
    """应回访: the limit of `issue`, in which the request is handled, ended at `due`; the requester can be asked."""

    TOPIC = "request.call_back_came_due"
    issue: UUID
    due: datetime

    def apply(self, request: ResidentRequest) -> None:
        request.limit_ended = self.due
        request.timers = request.timers.with_fired(None, self.originator_version)


ISSUE_EVENTS = (DeadlineWarned, DeadlineMissed)
"""Those of `GridIssue`."""
