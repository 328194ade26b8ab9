"""挂账: what cannot be done for now stands still up to an end granted by somebody else, once a case.

Meanwhile nothing is done about it and neither of its clocks runs; at the end it resumes by itself.
"""

from __future__ import annotations

from datetime import datetime

from domain import pausing_events as happened
from domain.actor import Act, Role, record
from domain.assignment import Terms, given
from domain.case_rules import not_the_asker, require_lead, require_reason, require_uninvolved
from domain.clock_refusals import (
    AlreadySuspended,
    BadSuspensionEnd,
    NoSuspensionAsked,
    NotYetOver,
    SuspensionPending,
)
from domain.grants import Ask
from domain.grid_issue import GridIssue
from domain.stages import IssueStage

IN_WORK = (IssueStage.ACCEPTED,)
DECIDING = (Role.DISPATCHER, Role.SUPERVISOR)
"""Who grants a suspension, and may end it early."""


def ask_suspension(act: Act, *, issue: GridIssue, until: datetime) -> None:
    """申请挂账 by who handles for the lead, with the reason and the end. One already late may be suspended too.

    Refuses `AlreadySuspended`, `SuspensionPending`, `BadSuspensionEnd` unless it ends within a year.
    """
    role = issue.gate(act, IN_WORK, Role.HANDLER)
    require_lead(act, issue.lead)
    require_reason(act)
    if issue.grants.suspensions:
        raise AlreadySuspended()
    if _pending(issue):
        raise SuspensionPending()
    _require_within_a_year(until, act.at)
    record(issue, happened.SuspensionAsked, act, role, lead=issue.lead, until=until)


def grant_suspension(act: Act, *, issue: GridIssue) -> None:
    """同意挂账 by somebody who neither asked nor handled. Refuses `BadSuspensionEnd` for an end that has passed."""
    role, until = _decided(act, issue)
    _require_within_a_year(until, max(act.at, issue.modified_on))
    record(issue, happened.Suspended, act, role, lead=issue.lead, until=until)


def refuse_suspension(act: Act, *, issue: GridIssue) -> None:
    """不同意挂账, with the reason."""
    role, _ = _decided(act, issue)
    require_reason(act)
    record(issue, happened.SuspensionRefused, act, role, lead=issue.lead)


def resume_suspension(act: Act, *, issue: GridIssue, terms: Terms | None) -> None:
    """挂账恢复, on `terms.calendar`. At the end by the program, the lead or those who may grant it.

    However late that is written down, the clocks run from the end. Earlier only by those who may grant it, with the
    reason; refuses `NotYetOver` to the lead.
    """
    role = issue.gate(act, (IssueStage.SUSPENDED,), *DECIDING, Role.HANDLER)
    until, at = given_end(issue), max(act.at, issue.modified_on)
    if at < until:
        if role not in DECIDING:
            raise NotYetOver(until=until)
        require_reason(act)
    if role is Role.HANDLER:
        require_lead(act, issue.lead)
    runs_from = min(at, until)
    clock = given(terms).resumed_both(given(issue.assignment), runs_from)
    record(issue, happened.Resumed, act, role, lead=issue.lead, until=until, runs_from=runs_from, **clock.facts())


def given_end(issue: GridIssue) -> datetime:
    """When a suspended issue resumes. Raises ValueError for one that is not suspended."""
    if issue.grants.suspended_until is None:
        raise ValueError("not suspended")
    return issue.grants.suspended_until


def _pending(issue: GridIssue) -> Ask | None:
    ask = issue.grants.suspension
    return ask if ask and ask.go == (issue.assignments, issue.round) else None


def _decided(act: Act, issue: GridIssue) -> tuple[Role, datetime]:
    role = issue.gate(act, IN_WORK, *DECIDING)
    ask = _pending(issue)
    if ask is None or ask.until is None:
        raise NoSuspensionAsked()
    not_the_asker(act, ask.by, did="申请挂账", wants="审批挂账")
    require_uninvolved(act, issue.handled_by, did="办理", wants="审批挂账")
    return role, ask.until


def _require_within_a_year(until: datetime, at: datetime) -> None:
    latest = _a_year_after(at)
    if not at < until <= latest:
        raise BadSuspensionEnd(until=until, earliest=at, latest=latest)


def _a_year_after(at: datetime) -> datetime:
    leap_day = (at.month, at.day) == (2, 29)
    return at.replace(year=at.year + 1, day=28 if leap_day else at.day)
