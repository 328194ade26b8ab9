"""Events of moving 移格: an open case goes on in another grid, or in the next drawing of its own. Topics are for ever.

What is closed stays where it was, and what was counted stays counted there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.issue_events import IssueEvent
from domain.request_events import RequestEvent

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue
    from domain.resident_request import ResidentRequest


class IssueMoved(IssueEvent):
    """移格 of an issue, from grid and edition to grid and edition; `cause` is a `GridMove`."""

    TOPIC = "issue.moved"
    from_grid: str
    from_edition: int
    grid: str
    grid_edition: int
    cause: str

    def apply(self, issue: GridIssue) -> None:
        issue.grid, issue.grid_edition = self.grid, self.grid_edition


class RequestMoved(RequestEvent):
    """移格 of a request whose place is a grid; `cause` is a `GridMove`."""

    TOPIC = "request.moved"
    from_place: str
    place: str
    cause: str

    def apply(self, request: ResidentRequest) -> None:
        request.place = self.place
