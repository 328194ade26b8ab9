"""延期: more time for a lead that asked before it was late, agreed by its own unit and then by a dispatcher.

Each extension adds one original limit to the lead's clock and to the case clock; the count is the case's.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain import pausing_events as happened
from domain.actor import Act, Role, record
from domain.assignment import Terms, given
from domain.case_rules import not_the_asker, require_lead, require_reason, require_uninvolved
from domain.clock_refusals import (
    AlreadyOverdue,
    ExtensionAlreadyEndorsed,
    ExtensionNotEndorsed,
    ExtensionPending,
    ExtensionsUsedUp,
    NoExtensionAsked,
)
from domain.grants import Ask
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.stages import IssueStage

IN_WORK = (IssueStage.ACCEPTED,)


@dataclass(frozen=True)
class ExtensionPolicy:
    """延期办法: how many a case may have, and how many original limits each adds. Raises ValueError below 0 and 1."""

    most: int = 2
    limits_each: int = 1

    def __post_init__(self) -> None:
        if self.most < 0 or self.limits_each < 1:
            raise ValueError(f"most from 0 and limits_each from 1, got {self.most} and {self.limits_each}")

    def added(self, limit: Limit) -> int:
        """What one extension adds, in the limit's own unit."""
        return self.limits_each * limit.amount


USUAL = ExtensionPolicy()
"""Two, of one original limit each: what city-management practice does."""


def ask_extension(act: Act, *, issue: GridIssue, policy: ExtensionPolicy = USUAL) -> None:
    """申请延期 by who handles for the lead, with the reason.

    Refuses `AlreadyOverdue`, `ExtensionPending`, `ExtensionsUsedUp`.
    """
    role = issue.gate(act, IN_WORK, Role.HANDLER)
    require_lead(act, issue.lead)
    require_reason(act)
    due = given(issue.assignment).due
    if act.at > due:
        raise AlreadyOverdue(due=due)
    if _pending(issue):
        raise ExtensionPending()
    _require_some_left(issue, policy)
    record(issue, happened.ExtensionAsked, act, role, lead=issue.lead)


def endorse_extension(act: Act, *, issue: GridIssue) -> None:
    """单位审核: by somebody of the lead unit who neither asked nor handled. Refuses `ExtensionAlreadyEndorsed`."""
    role, ask = _of_the_unit(act, issue)
    if ask.endorsed_by:
        raise ExtensionAlreadyEndorsed()
    record(issue, happened.ExtensionEndorsed, act, role, lead=issue.lead)


def grant_extension(act: Act, *, issue: GridIssue, terms: Terms | None, policy: ExtensionPolicy = USUAL) -> None:
    """批准延期 by a dispatcher, once the unit has endorsed it. What was asked in time is granted in time, if late.

    Refuses `ExtensionNotEndorsed`, `ExtensionsUsedUp`.
    """
    role, ask = _dispatching(act, issue)
    _require_some_left(issue, policy)
    clock = given(issue.assignment)
    added = policy.added(clock.limit)
    longer = given(terms).extended(clock, added, ask.at)
    record(
        issue, happened.Extended, act, role, lead=issue.lead, nth=issue.grants.extensions + 1, added=added,
        case_added=0 if longer.case_due == clock.case_due else added, **longer.facts(),
    )  # fmt: skip


def refuse_extension(act: Act, *, issue: GridIssue) -> None:
    """不同意延期: by the unit's reviewer, or by a dispatcher once the unit has endorsed it; with the reason."""
    ask = issue.grants.extension
    role, _ = _dispatching(act, issue) if ask and ask.endorsed_by else _of_the_unit(act, issue)
    require_reason(act)
    record(issue, happened.ExtensionRefused, act, role, lead=issue.lead)


def _pending(issue: GridIssue) -> Ask | None:
    """What was asked in this go of the handling and is not decided."""
    ask = issue.grants.extension
    return ask if ask and ask.go == (issue.assignments, issue.round) else None


def _require_some_left(issue: GridIssue, policy: ExtensionPolicy) -> None:
    if issue.grants.extensions >= policy.most:
        raise ExtensionsUsedUp(most=policy.most, granted=issue.grants.extensions)


def _of_the_unit(act: Act, issue: GridIssue) -> tuple[Role, Ask]:
    role = issue.gate(act, IN_WORK, Role.SUPERVISOR, Role.HANDLER)
    require_lead(act, issue.lead)
    return role, _decided(act, issue, "审核延期")


def _dispatching(act: Act, issue: GridIssue) -> tuple[Role, Ask]:
    role = issue.gate(act, IN_WORK, Role.DISPATCHER)
    ask = _decided(act, issue, "批准延期")
    if not ask.endorsed_by:
        raise ExtensionNotEndorsed(lead=issue.lead)
    require_uninvolved(act, (ask.endorsed_by,), did="审核延期", wants="批准延期")
    return role, ask


def _decided(act: Act, issue: GridIssue, wants: str) -> Ask:
    """The ask to be decided, by somebody who neither asked nor handled."""
    ask = _pending(issue)
    if ask is None:
        raise NoExtensionAsked()
    not_the_asker(act, ask.by, did="申请延期", wants=wants)
    require_uninvolved(act, issue.handled_by, did="办理", wants=wants)
    return ask
