"""Events of `GridIssue`: what was decided about one problem in one grid. Topics are for ever.

`apply` only assigns: it runs again on every replay.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.assignment import Assignment
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.stages import IssueStage
from domain.step import Step

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue


class IssueEvent(Step):
    """Base of the events of `GridIssue`."""


class Created(IssueEvent, Aggregate.Created):
    """Never recorded; the library wants it named."""

    TOPIC = "issue.created"


class Reported(Created):
    """上报. `sealed`: the SHA-256, in hex, of each field kept under `subject`, as it is kept.

    `attachments` are digests of files.
    """

    TOPIC = "issue.reported"
    VERSION = 3
    grid: str
    grid_edition: int
    category: str
    channel: str
    urgency: str
    longitude: float | None
    latitude: float | None
    subject: UUID
    sealed: dict[str, str]
    attachments: list[str]


class Voided(IssueEvent):
    """作废: reported by mistake; kept, never deleted."""

    TOPIC = "issue.voided"

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.VOIDED


class Filed(IssueEvent):
    """立案: under one filing condition of the catalogue."""

    TOPIC = "issue.filed"
    category: str
    edition: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage, issue.category, issue.edition = IssueStage.FILED, self.category, self.edition
        issue.stage_times = replace(issue.stage_times, filed_on=self.timestamp)


class ConsultationOpened(IssueEvent):
    """派前会商 opened."""

    TOPIC = "issue.consultation_opened"
    units: list[str]

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.CONSULTING


class ConsultationConcluded(IssueEvent):
    """派前会商 concluded, with the lead it proposes."""

    TOPIC = "issue.consultation_concluded"
    proposed_lead: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.FILED


class ClockEvent(IssueEvent):
    """An event that sets the lead's clock; the deadline is its data and is never recomputed."""

    lead: str
    limit_amount: int
    limit_unit: str
    calendar: str
    calendar_version: str
    provisional: bool
    edition: str
    clock_start: datetime
    due: datetime
    case_due: datetime

    def clock(self) -> Assignment:
        limit = Limit.of(self.limit_amount, self.limit_unit)
        return Assignment(
            self.lead, (), (), limit, self.calendar, self.calendar_version, self.provisional, self.edition,
            self.clock_start, self.due, self.case_due,
        )  # fmt: skip


class Assigned(ClockEvent):
    """派遣. `nth` counts assignments; `again` says a unit gets back what it had returned (ping-pong).

    `off_list_units` are those of lead and assists whose duty list did not hold the class that day. `basis` is what
    named the lead (`domain.lead_basis.LeadBasis`), "" where it was not kept; of a rule, `rules` is the edition.
    """

    TOPIC = "issue.assigned"
    VERSION = 3
    copies: list[str]
    assists: list[str]
    nth: int
    again: bool
    off_list: bool
    off_list_units: list[str]
    basis: str
    rules: str
    rule: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.ASSIGNED
        issue.assignments += 1
        issue.ping_pong += self.again
        clock = self.clock() if issue.assignment is None else issue.assignment.followed_by(self.clock(), self.timestamp)
        issue.assignment = replace(clock, copies=tuple(self.copies), assists=tuple(self.assists))
        issue.case_clock = issue.case_clock or issue.assignment
        issue.stage_times = issue.stage_times.with_end(LimitStage.DISPATCH, self.timestamp)


class Accepted(IssueEvent):
    """签收: the clock has run since assignment."""

    TOPIC = "issue.accepted"

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.ACCEPTED
        issue.handler = self.by
        issue.handled_by.add(self.by)
        issue.stage_times = issue.stage_times.with_end(LimitStage.ACCEPT, self.timestamp)


class ReturnAsked(IssueEvent):
    """申请退单, with a reason code."""

    TOPIC = "issue.return_asked"
    code: str

    def apply(self, issue: GridIssue) -> None:
        issue.before_return, issue.stage = issue.stage, IssueStage.RETURN_ASKED
        issue.return_asked_by = self.by
        issue.handled_by.add(self.by)
        issue.stop_clock(self.timestamp)


class ReturnGranted(IssueEvent):
    """同意退单; `lead` gave it back."""

    TOPIC = "issue.return_granted"
    lead: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.RETURNED
        issue.returned_by.add(self.lead)
        issue.returns += 1
        issue.return_granted_by.add(self.by)


class ReturnRefused(ClockEvent):
    """不同意退单: the lead goes on, its clock resumed; `back_to` is the stage before the asking."""

    TOPIC = "issue.return_refused"
    back_to: str

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage(self.back_to)
        issue.set_clock(self.clock(), self.timestamp)


class Resolved(IssueEvent):
    """办理反馈: measure, evidence, level at which it was solved."""

    TOPIC = "issue.resolved"
    measure: str
    evidence: list[str]
    level: str
    overdue: bool

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.RESOLVED
        issue.grants = replace(issue.grants, late=self.overdue)
        issue.handled_by.add(self.by)
        issue.stop_clock(self.timestamp)


class SolvedOnSpot(IssueEvent):
    """自行处置: found and solved inside the grid."""

    TOPIC = "issue.solved_on_spot"
    measure: str
    evidence: list[str]

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.SOLVED
        issue.handled_by.add(self.by)


class Checked(IssueEvent):
    """核查 by somebody who did not handle it."""

    TOPIC = "issue.checked"
    passed: bool
    evidence: list[str]

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.CHECKED if self.passed else IssueStage.FAILED
        issue.stage_times = issue.stage_times.with_end(LimitStage.CHECK, self.timestamp)


class ReworkOrdered(ClockEvent):
    """返工 after a failed check: same unit, its clock resumed, one round more."""

    TOPIC = "issue.rework_ordered"
    round: int

    def apply(self, issue: GridIssue) -> None:
        issue.stage, issue.round = IssueStage.ASSIGNED, self.round
        issue.set_clock(self.clock(), self.timestamp)


class RedoOrdered(ClockEvent):
    """重办 after an unsatisfied call-back: a new clock, one round more."""

    TOPIC = "issue.redo_ordered"
    request: UUID
    round: int

    def apply(self, issue: GridIssue) -> None:
        issue.stage, issue.round = IssueStage.ASSIGNED, self.round
        # Never the old clock going on, not even when it begins at the same instant.
        before, clock = issue.assignment, self.clock()
        issue.assignment = replace(clock, copies=before.copies, assists=before.assists) if before else clock


class Reopened(IssueEvent):
    """重新上报: solved on the spot, but a check or the requester said no; starts again, one round more."""

    TOPIC = "issue.reopened"
    request: UUID | None
    round: int

    def apply(self, issue: GridIssue) -> None:
        issue.stage, issue.round = IssueStage.REPORTED, self.round


class Closed(IssueEvent):
    """结案."""

    TOPIC = "issue.closed"

    def apply(self, issue: GridIssue) -> None:
        issue.stage = IssueStage.CLOSED
