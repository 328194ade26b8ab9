"""Events that tie a `GridIssue` to requests, other issues, people and statistics: voices, mergers, hand-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from domain.issue_events import IssueEvent
from domain.stages import IssueStage

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class RequestAttached(IssueEvent):
    """关联诉求: one more voice, and the unit it complains about ("" for none)."""

    TOPIC = "issue.request_attached"
    request: UUID
    complained_about: str

    def apply(self, issue: GridIssue) -> None:
        issue.requests[self.request] = self.complained_about


class RequestDetached(IssueEvent):
    """解除关联."""

    TOPIC = "issue.request_detached"
    request: UUID

    def apply(self, issue: GridIssue) -> None:
        issue.requests.pop(self.request)


class MergedInto(IssueEvent):
    """并案: this issue goes on in `into`; its voices stay with it."""

    TOPIC = "issue.merged_into"
    into: UUID

    def apply(self, issue: GridIssue) -> None:
        issue.before_merger, issue.stage = issue.stage, IssueStage.MERGED
        issue.merged_into = self.into


class Unmerged(IssueEvent):
    """撤销并案: back to the stage before."""

    TOPIC = "issue.unmerged"
    into: UUID
    back_to: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage(self.back_to)
        issue.merged_into = None


class Absorbed(IssueEvent):
    """并入: `issue` goes on in this one, with the units its voices complain about.

    Who handled it or granted a return of it is kept from judging this one, also after an undoing.
    """

    TOPIC = "issue.absorbed"
    issue: UUID
    complained_about: list[str]
    handled_by: list[str]
    return_granted_by: list[str]

    def apply(self, issue: GridIssue) -> None:
        issue.absorbed[self.issue] = self.complained_about
        issue.handled_by.update(self.handled_by)
        issue.return_granted_by.update(self.return_granted_by)


class Released(IssueEvent):
    """撤销并入."""

    TOPIC = "issue.released"
    issue: UUID

    def apply(self, issue: GridIssue) -> None:
        issue.absorbed.pop(self.issue)


class HandedOver(IssueEvent):
    """交接: `to_staff` goes on where `from_staff` stood. Both have handled it, so neither judges it."""

    TOPIC = "issue.handed_over"
    from_staff: str
    to_staff: str

    def apply(self, issue: GridIssue) -> None:
        issue.handler = self.to_staff
        issue.handled_by.update((self.from_staff, self.to_staff))


class ExemptionAsked(IssueEvent):
    """申请剔除: out of the denominator, beside it, never erased."""

    TOPIC = "issue.exemption_asked"

    def apply(self, issue: GridIssue) -> None:
        issue.exemption_asked_by = self.by


class Exempted(IssueEvent):
    """同意剔除. The overdue stays a fact; statistics alone use the flag."""

    TOPIC = "issue.exempted"

    def apply(self, issue: GridIssue) -> None:
        issue.exemption_asked_by = ""
        issue.exempt = True


class ExemptionRefused(IssueEvent):
    """不同意剔除."""

    TOPIC = "issue.exemption_refused"

    def apply(self, issue: GridIssue) -> None:
        issue.exemption_asked_by = ""


EVENTS = (RequestAttached, RequestDetached, MergedInto, Unmerged, Absorbed, Released, HandedOver)
"""Those that `GridIssue` does not hold by name: other modules record them."""
