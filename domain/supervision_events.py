"""Events of supervision 督办: orders from above, each with a clock of its own beside that of the handling."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from domain.grants import Supervision
from domain.issue_events import IssueEvent

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class SupervisionOrdered(IssueEvent):
    """督办, the `nth` of the case, to be answered by `due` on a clock that began at `start`.

    `order_kind` is a `SupervisionKind`.
    """

    TOPIC = "issue.supervision_ordered"
    nth: int
    order_kind: str
    lead: str
    limit_amount: int
    limit_unit: str
    calendar: str
    calendar_version: str
    provisional: bool
    start: datetime
    due: datetime

    def apply(self, issue: GridIssue) -> None:
        orders = (*issue.grants.supervisions, Supervision(self.nth, self.role, self.due))
        issue.grants = replace(issue.grants, supervised=self.nth, supervisions=orders)


class SupervisionAnswered(IssueEvent):
    """督办答复 by the lead. Who answers has handled the case."""

    TOPIC = "issue.supervision_answered"
    nth: int
    answer: str
    overdue: bool

    def apply(self, issue: GridIssue) -> None:
        orders = tuple(replace(one, answered=True) if one.nth == self.nth else one for one in issue.grants.supervisions)
        issue.grants = replace(issue.grants, supervisions=orders)
        issue.handled_by.add(self.by)


class SupervisionClosed(IssueEvent):
    """督办办结, by the role that ordered it; `answered` is False for one withdrawn."""

    TOPIC = "issue.supervision_closed"
    nth: int
    answered: bool

    def apply(self, issue: GridIssue) -> None:
        issue.grants = replace(issue.grants, supervisions=issue.grants.without_supervision(self.nth))


EVENTS = (SupervisionOrdered, SupervisionAnswered, SupervisionClosed)
