"""超时申诉: the unit that was late asks not to be counted; reviewed twice, once a case. That it was late stays a fact.

Beside 剔除 (`domain.exempting`), which is about the matter, is open to more people and decided by a supervisor.
"""

from __future__ import annotations

from domain import appeal_events as happened
from domain.actor import Act, Role, record
from domain.assignment import given
from domain.case_rules import not_the_asker, require_lead, require_reason, require_uninvolved
from domain.clock_refusals import AlreadyAppealed, AppealAlreadyEndorsed, AppealNotEndorsed, NoAppealMade, NotLate
from domain.grants import Ask
from domain.grid_issue import GridIssue
from domain.refusals import AlreadyExempt
from domain.stages import IssueStage

SETTLED = (IssueStage.CLOSED,)


def appeal_overdue(act: Act, *, issue: GridIssue) -> None:
    """超时申诉 of a closed issue by the unit that led it, with the reason.

    Refuses `NotLate`, `AlreadyAppealed` whatever became of the first, `AlreadyExempt`.
    """
    role = issue.gate(act, SETTLED, Role.HANDLER)
    require_lead(act, issue.lead)
    require_reason(act)
    if not issue.grants.late:
        raise NotLate(due=given(issue.assignment).due)
    if issue.grants.appealed:
        raise AlreadyAppealed()
    if issue.exempt:
        raise AlreadyExempt()
    record(issue, happened.OverdueAppealed, act, role, lead=issue.lead)


def endorse_appeal(act: Act, *, issue: GridIssue) -> None:
    """初审通过, by a dispatcher who neither appealed nor handled. Refuses `AppealAlreadyEndorsed`."""
    role, ask = _decided(act, issue, Role.DISPATCHER)
    if ask.endorsed_by:
        raise AppealAlreadyEndorsed()
    record(issue, happened.AppealEndorsed, act, role)


def grant_appeal(act: Act, *, issue: GridIssue) -> None:
    """复审通过, by a receiver who is none of those before. Refuses `AppealNotEndorsed`."""
    record(issue, happened.AppealGranted, act, _second(act, issue))


def refuse_appeal(act: Act, *, issue: GridIssue) -> None:
    """不通过, with the reason: by a dispatcher at the first review, by a receiver at the second."""
    ask = issue.grants.appeal
    role = _second(act, issue) if ask and ask.endorsed_by else _decided(act, issue, Role.DISPATCHER)[0]
    require_reason(act)
    record(issue, happened.AppealRefused, act, role)


def _second(act: Act, issue: GridIssue) -> Role:
    role, ask = _decided(act, issue, Role.RECEIVER)
    if not ask.endorsed_by:
        raise AppealNotEndorsed()
    require_uninvolved(act, (ask.endorsed_by,), did="初审申诉", wants="复审申诉")
    return role


def _decided(act: Act, issue: GridIssue, reviewer: Role) -> tuple[Role, Ask]:
    role = issue.gate(act, SETTLED, reviewer)
    ask = issue.grants.appeal
    if ask is None:
        raise NoAppealMade()
    not_the_asker(act, ask.by, did="超时申诉", wants="审查申诉")
    require_uninvolved(act, issue.handled_by, did="办理", wants="审查申诉")
    return role, ask
