"""督办: orders from above about one issue, several beside each other, each with its own limit and clock.

They move no clock of the handling. A leader's order answered late is a fact of its own.
"""

from __future__ import annotations

from domain import supervision_events as happened
from domain.actor import Act, Role, record
from domain.assignment import Terms, given
from domain.case_rules import require_lead, require_reason, require_uninvolved
from domain.clock_refusals import AlreadyAnswered, NoSuchSupervision, NotLate
from domain.grants import Supervision
from domain.grid_issue import GridIssue
from domain.limit import Limit, deadline
from domain.stages import IssueStage
from domain.vocabulary import SupervisionKind

S = IssueStage
LED = (S.ASSIGNED, S.ACCEPTED, S.RETURN_ASKED, S.SUSPENDED, S.RESOLVED, S.FAILED, S.CHECKED)
"""Stages of an open issue that some unit leads: whoever leads it has to answer."""


def order_supervision(
    act: Act, *, issue: GridIssue, kind: SupervisionKind, limit: Limit, terms: Terms | None
) -> None:  # fmt: skip
    """督办 by a supervisor or dispatcher, who says in the reason what is wanted within `limit` on `terms.calendar`.

    Refuses `NotLate` for 超时督办 of one whose lead is not late.
    """
    role = issue.gate(act, LED, Role.SUPERVISOR, Role.DISPATCHER)
    require_reason(act)
    if kind is SupervisionKind.OVERDUE and issue.assignment and not issue.assignment.is_late(act.at):
        raise NotLate(due=issue.assignment.due)
    start = max(act.at, issue.modified_on)
    clock = deadline(limit, start, given(terms).calendar)
    record(
        issue, happened.SupervisionOrdered, act, role, nth=issue.grants.supervised + 1, order_kind=kind.value,
        lead=issue.lead, limit_amount=limit.amount, limit_unit=limit.unit.value, calendar=clock.calendar,
        calendar_version=clock.calendar_version, provisional=clock.provisional, start=clock.clock_start, due=clock.due,
    )  # fmt: skip


def answer_supervision(act: Act, *, issue: GridIssue, nth: int, answer: str) -> None:
    """督办答复 by the lead, also once the issue is closed. Refuses `NoSuchSupervision`, `AlreadyAnswered`."""
    role = issue.gate(act, (*LED, S.CLOSED), Role.HANDLER)
    require_lead(act, issue.lead)
    order = _open(issue, nth)
    if order.answered:
        raise AlreadyAnswered(nth=nth)
    late = max(act.at, issue.modified_on) > order.due
    record(issue, happened.SupervisionAnswered, act, role, nth=nth, answer=answer, overdue=late)


def close_supervision(act: Act, *, issue: GridIssue, nth: int) -> None:
    """督办办结 in the role it was ordered in, by somebody who did not handle the case; unanswered, with the reason."""
    act.as_one_of(Role.SUPERVISOR, Role.DISPATCHER)
    act.within(issue.place)
    order = _open(issue, nth)
    role = issue.gate(act, frozenset(S), Role(order.role))
    require_uninvolved(act, issue.handled_by, did="办理", wants="办结督办")
    if not order.answered:
        require_reason(act)
    record(issue, happened.SupervisionClosed, act, role, nth=nth, answered=order.answered)


def _open(issue: GridIssue, nth: int) -> Supervision:
    order = issue.grants.supervision(nth)
    if order is None:
        raise NoSuchSupervision(nth=nth)
    return order
