"""Events of the appeal against an overdue 超时申诉. The overdue stays a fact; statistics alone use the flag."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.grants import Ask
from domain.issue_events import IssueEvent

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class OverdueAppealed(IssueEvent):
    """超时申诉 of the unit that was late, once a case."""

    TOPIC = "issue.overdue_appealed"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        ask = Ask(self.by, self.timestamp, (issue.assignments, issue.round))
        issue.grants = replace(issue.grants, appeal=ask, appealed=True)


class AppealEndorsed(IssueEvent):
    """申诉初审通过: the first of two reviews, by a dispatcher."""

    TOPIC = "issue.appeal_endorsed"

    def apply(self, issue: GridIssue) -> None:
        ask = issue.grants.appeal
        issue.grants = replace(issue.grants, appeal=ask and replace(ask, endorsed_by=self.by))


class AppealGranted(IssueEvent):
    """申诉复审通过, by a receiver: exempt in statistics, as by 剔除, and late all the same."""

    TOPIC = "issue.appeal_granted"

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, appeal=None)
        issue.exempt = True


class AppealRefused(IssueEvent):
    """申诉不通过, at either review. There is no second appeal."""

    TOPIC = "issue.appeal_refused"

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, appeal=None)


EVENTS = (OverdueAppealed, AppealEndorsed, AppealGranted, AppealRefused)
