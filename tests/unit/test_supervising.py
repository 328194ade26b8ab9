"""督办: orders from above, each with a clock of its own; answered by the lead, closed by the role that ordered."""

from __future__ import annotations

from typing import Any

import pytest

from domain import supervision_events
from domain.actor import Actor, Role
from domain.clock_refusals import AlreadyAnswered, NoSuchSupervision, NotLate
from domain.limit import Limit
from domain.refusals import DutyConflict, NotLead, ReasonMissing, WrongRole, WrongStage
from domain.stages import IssueStage
from domain.supervising import answer_supervision, close_supervision, order_supervision
from domain.vocabulary import SupervisionKind
from tests.cases import DUE, ISSUE_AT, TERMS, TO_ACCEPTED
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    ROADS,
    SUPERVISOR,
    WATER_HANDLER,
    Fact,
    act,
    fact,
    given,
    past,
    staff,
)

THREE = Limit.of(3, "workday")
WHY = "三日内报告进展"


def order(issue: Any, by: Actor = SUPERVISOR, kind: SupervisionKind = SupervisionKind.LEADER, at: Any = NINE) -> None:
    order_supervision(act(by, at, WHY), issue=issue, kind=kind, limit=THREE, terms=TERMS)


def ordered(nth: int = 1, by: Actor = SUPERVISOR, kind: str = "leader") -> Fact:
    return fact(
        supervision_events.SupervisionOrdered, by, reason=WHY, nth=nth, order_kind=kind, lead=ROADS, limit_amount=3,
        limit_unit="workday", calendar="office", calendar_version="cn-2026.1", provisional=False, start=NINE,
        due=NINE + 3 * DAY,
    )  # fmt: skip


def test_an_order_has_a_clock_of_its_own_and_moves_no_other() -> None:
    issue = given(*TO_ACCEPTED).when(order).then(ordered())
    assert (issue.stage, issue.assignment.due, issue.assignment.case_due) == (IssueStage.ACCEPTED, DUE, DUE)


def test_several_run_beside_each_other_and_are_told_apart() -> None:
    issue = past(*TO_ACCEPTED, ordered(), id=ISSUE)
    order(issue, DISPATCHER, SupervisionKind.KEY)
    answer_supervision(act(HANDLER, NINE + HOUR), issue=issue, nth=2, answer="已安排")
    close_supervision(act(DISPATCHER, NINE + HOUR), issue=issue, nth=2)
    order(issue, at=NINE + HOUR)
    assert [(one.nth, one.answered) for one in issue.grants.supervisions] == [(1, False), (3, False)]


def test_an_order_says_what_is_wanted() -> None:
    given(*TO_ACCEPTED).when(
        lambda i: order_supervision(act(SUPERVISOR), issue=i, kind=SupervisionKind.KEY, limit=THREE, terms=TERMS)
    ).then_refused(ReasonMissing)


def test_what_is_not_late_is_not_ordered_for_being_late() -> None:
    kind = SupervisionKind.OVERDUE
    given(*TO_ACCEPTED).when(lambda i: order(i, kind=kind, at=DUE)).then_refused(NotLate)
    issue = past(*TO_ACCEPTED, id=ISSUE)
    order(issue, kind=kind, at=DUE + HOUR)
    assert issue.grants.supervised == 1
    standing = past(*ISSUE_AT[IssueStage.SUSPENDED], id=ISSUE)
    with pytest.raises(NotLate):
        order(standing, kind=kind, at=DUE + 30 * DAY)


@pytest.mark.parametrize("stage", [IssueStage.REPORTED, IssueStage.FILED, IssueStage.RETURNED, IssueStage.CLOSED])
def test_there_is_no_order_where_nobody_leads_or_all_is_done(stage: IssueStage) -> None:
    given(*ISSUE_AT[stage]).when(lambda i: order(i, at=DUE)).then_refused(WrongStage)


@pytest.mark.parametrize(("at", "late"), [(NINE + 3 * DAY, False), (NINE + 3 * DAY + HOUR, True)])
def test_the_lead_answers_and_whether_it_was_late_is_a_fact(at: Any, late: bool) -> None:
    issue = (
        given(*TO_ACCEPTED, ordered())
        .when(lambda i: answer_supervision(act(HANDLER, at), issue=i, nth=1, answer="已到货"))
        .then(fact(supervision_events.SupervisionAnswered, HANDLER, nth=1, answer="已到货", overdue=late))
    )
    assert issue.grants.supervision(1).answered


def test_another_unit_does_not_answer_nor_is_one_answered_twice_nor_one_that_is_not_there() -> None:
    def answer(by: Actor, nth: int = 1) -> Any:
        return lambda i: answer_supervision(act(by), issue=i, nth=nth, answer="已到货")

    answered = fact(supervision_events.SupervisionAnswered, HANDLER, nth=1, answer="已到货", overdue=False)
    given(*TO_ACCEPTED, ordered()).when(answer(WATER_HANDLER)).then_refused(NotLead)
    given(*TO_ACCEPTED, ordered()).when(answer(SUPERVISOR)).then_refused(WrongRole)
    given(*TO_ACCEPTED, ordered()).when(answer(HANDLER, 2)).then_refused(NoSuchSupervision)
    given(*TO_ACCEPTED, ordered(), answered).when(answer(HANDLER)).then_refused(AlreadyAnswered)


def test_the_role_that_ordered_it_closes_it_by_whoever_holds_it() -> None:
    other = staff("other", Role.SUPERVISOR)
    answered = fact(supervision_events.SupervisionAnswered, HANDLER, nth=1, answer="已到货", overdue=False)
    facts = (*TO_ACCEPTED, ordered(), answered)
    given(*facts).when(lambda i: close_supervision(act(DISPATCHER), issue=i, nth=1)).then_refused(WrongRole)
    given(*facts).when(lambda i: close_supervision(act(HANDLER), issue=i, nth=1)).then_refused(WrongRole)
    issue = (
        given(*facts)
        .when(lambda i: close_supervision(act(other), issue=i, nth=1))
        .then(fact(supervision_events.SupervisionClosed, other, nth=1, answered=True))
    )
    with pytest.raises(NoSuchSupervision):
        close_supervision(act(SUPERVISOR), issue=issue, nth=1)


def test_one_without_an_answer_is_withdrawn_with_a_reason() -> None:
    given(*TO_ACCEPTED, ordered()).when(lambda i: close_supervision(act(SUPERVISOR), issue=i, nth=1)).then_refused(
        ReasonMissing
    )
    given(*TO_ACCEPTED, ordered()).when(
        lambda i: close_supervision(act(SUPERVISOR, reason="已并入专项"), issue=i, nth=1)
    ).then(fact(supervision_events.SupervisionClosed, SUPERVISOR, reason="已并入专项", nth=1, answered=False))


def test_who_handled_the_case_does_not_close_an_order_about_it() -> None:
    handler = staff(HANDLER.id, Role.SUPERVISOR)
    given(*TO_ACCEPTED, ordered()).when(
        lambda i: close_supervision(act(handler, reason="撤销"), issue=i, nth=1)
    ).then_refused(DutyConflict)


def test_a_suspended_case_may_be_ordered_about_and_answered_for() -> None:
    issue = past(*ISSUE_AT[IssueStage.SUSPENDED], id=ISSUE)
    order(issue, at=DUE)
    answer_supervision(act(HANDLER, DUE), issue=issue, nth=1, answer="待化冻")
    assert (issue.stage, issue.assignment.due) == (IssueStage.SUSPENDED, DUE)


def test_an_order_outlives_the_closing_and_is_answered_then() -> None:
    closed = past(*TO_ACCEPTED, ordered(), *ISSUE_AT[IssueStage.CLOSED][4:], id=ISSUE)
    answer_supervision(act(HANDLER, DUE), issue=closed, nth=1, answer="已办结")
    close_supervision(act(SUPERVISOR, DUE), issue=closed, nth=1)
    assert closed.grants.supervisions == ()
