"""退单: asked with a reason code, decided by somebody else; what it does to clocks and counts."""

from datetime import datetime

import pytest

from domain.actor import Actor, Role
from domain.grid_issue import GridIssue
from domain.merging import merge, unmerge
from domain.refusals import DutyConflict, NotLead, ReasonMissing
from domain.stages import IssueStage
from domain.vocabulary import ReturnReason
from tests.cases import (
    ACCEPTED,
    ASSIGNED,
    DUE,
    FILED,
    ISSUE_AT,
    PASSED,
    REPORTED,
    RESOLVED,
    RETURN_ASKED,
    RETURN_GRANTED,
    TERMS,
    assigned,
    clock,
)
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    PARKS,
    RECEIVER,
    ROADS,
    SECOND_DISPATCHER,
    WATER,
    WATER_HANDLER,
    Fact,
    act,
    doing_all,
    fact,
    given,
    past,
)

MONDAY_15, TUESDAY_10, WEDNESDAY_15 = NINE + 6 * HOUR, NINE + 25 * HOUR, NINE + 54 * HOUR
"""Asked on Monday at three and decided on Tuesday at ten: four office hours, which the limit gets back."""

TO_ASSIGNED = (REPORTED, FILED, ASSIGNED)


def asked(at: datetime = MONDAY_15) -> tuple[Fact, ...]:
    return (*TO_ASSIGNED, ACCEPTED, fact(GridIssue.ReturnAsked, HANDLER, at=at, code="not_our_duty"))


def granted(at: datetime = MONDAY_15) -> tuple[Fact, ...]:
    return (*asked(at), fact(GridIssue.ReturnGranted, DISPATCHER, at=at, lead=ROADS))


def refused(due: datetime, back_to: str = "accepted") -> Fact:
    return fact(GridIssue.ReturnRefused, DISPATCHER, reason="属本单位", lead=ROADS, back_to=back_to, **clock(due=due))


@pytest.mark.parametrize("facts", [TO_ASSIGNED, (*TO_ASSIGNED, ACCEPTED)], ids=["assigned", "accepted"])
def test_the_lead_asks_for_a_return_and_its_clock_stands(facts: tuple[Fact, ...]) -> None:
    issue = (
        given(*facts)
        .when(lambda issue: issue.ask_return(act(HANDLER, MONDAY_15), code=ReturnReason.NOT_OUR_DUTY))
        .then(RETURN_ASKED)
    )
    assert (issue.stage, issue.assignment.stopped_at, issue.assignment.due) == (
        IssueStage.RETURN_ASKED, MONDAY_15, DUE,
    )  # fmt: skip


def test_another_unit_does_not_return_it() -> None:
    given(*TO_ASSIGNED).when(
        lambda issue: issue.ask_return(act(WATER_HANDLER), code=ReturnReason.DUPLICATE)
    ).then_refused(NotLead)


def test_a_dispatcher_grants_it_and_it_is_counted() -> None:
    issue = given(*asked()).when(lambda issue: issue.grant_return(act(DISPATCHER, TUESDAY_10))).then(RETURN_GRANTED)
    assert (issue.stage, issue.returns, issue.ping_pong) == (IssueStage.RETURNED, 1, 0)
    assert (issue.lead, issue.in_hands_of) == ("", set())


def test_a_return_asked_for_but_refused_is_not_counted() -> None:
    issue = (
        given(*asked())
        .when(lambda issue: issue.refuse_return(act(DISPATCHER, TUESDAY_10, "属本单位"), terms=TERMS))
        .then(refused(WEDNESDAY_15))
    )
    assert (issue.stage, issue.returns, issue.assignment.stopped_at) == (IssueStage.ACCEPTED, 0, None)


def test_who_asked_does_not_grant() -> None:
    asker = doing_all("asker", ROADS)
    facts = (*TO_ASSIGNED, fact(GridIssue.ReturnAsked, asker, role=Role.HANDLER, code="duplicate"))
    refusal = given(*facts).when(lambda issue: issue.grant_return(act(asker))).then_refused(DutyConflict)
    assert refusal.facts == {"did": "申请退单", "wants": "审批退单"}


def test_who_asked_does_not_refuse_either() -> None:
    asker = doing_all("asker", ROADS)
    facts = (*TO_ASSIGNED, fact(GridIssue.ReturnAsked, asker, role=Role.HANDLER, code="duplicate"))
    given(*facts).when(lambda issue: issue.refuse_return(act(asker, reason="不退"), terms=TERMS)).then_refused(
        DutyConflict
    )


def test_a_return_is_not_refused_without_a_reason() -> None:
    given(*asked()).when(lambda issue: issue.refuse_return(act(DISPATCHER, TUESDAY_10), terms=TERMS)).then_refused(
        ReasonMissing
    )


def test_a_refused_return_leads_back_to_where_it_was_asked() -> None:
    facts = (*TO_ASSIGNED, fact(GridIssue.ReturnAsked, HANDLER, at=MONDAY_15, code="duplicate"))
    issue = (
        given(*facts)
        .when(lambda issue: issue.refuse_return(act(DISPATCHER, TUESDAY_10, "属本单位"), terms=TERMS))
        .then(refused(WEDNESDAY_15, back_to="assigned"))
    )
    assert issue.stage is IssueStage.ASSIGNED


def test_a_merger_undone_before_the_decision_does_not_change_where_it_leads_back_to() -> None:
    issue, into = past(*asked(), id=ISSUE), past(REPORTED, id=OTHER_ISSUE)
    merge(act(DISPATCHER, TUESDAY_10), issue=issue, into=into)
    unmerge(act(DISPATCHER, TUESDAY_10, "不是一事"), issue=issue, into=into)
    issue.refuse_return(act(DISPATCHER, TUESDAY_10, "属本单位"), terms=TERMS)
    assert issue.stage is IssueStage.ACCEPTED


def test_copies_and_assists_stay_when_a_return_is_refused() -> None:
    helped = assigned(copies=[PARKS], assists=[WATER])
    issue = past(REPORTED, FILED, helped, RETURN_ASKED, id=ISSUE)
    issue.refuse_return(act(DISPATCHER, reason="属本单位"), terms=TERMS)
    assert (issue.assignment.copies, issue.assignment.assists) == ((PARKS,), (WATER,))


def test_the_same_unit_gets_it_back_and_its_clock_resumes() -> None:
    issue = (
        given(*granted())
        .when(lambda issue: issue.assign(act(DISPATCHER, TUESDAY_10), lead=ROADS, terms=TERMS))
        .then(assigned(nth=2, again=True, **clock(due=WEDNESDAY_15)))
    )
    assert (issue.assignments, issue.ping_pong, issue.assignment.stopped_at) == (2, 1, None)


def test_another_unit_gets_a_clock_of_its_own_and_the_case_clock_goes_on() -> None:
    issue = (
        given(*granted())
        .when(lambda issue: issue.assign(act(DISPATCHER, TUESDAY_10), lead=WATER, terms=TERMS))
        .then(assigned(WATER, nth=2, **clock(TUESDAY_10, TUESDAY_10 + 2 * DAY)))
    )
    assert (issue.assignments, issue.ping_pong, issue.assignment.case_due) == (2, 0, DUE)


def test_a_unit_that_gets_back_what_it_once_returned_is_counted_as_ping_pong() -> None:
    then, later = TUESDAY_10, TUESDAY_10 + DAY
    facts = (
        *granted(),
        assigned(WATER, at=then, nth=2, **clock(then, then + 2 * DAY)),
        fact(GridIssue.ReturnAsked, WATER_HANDLER, at=then, code="not_our_area"),
        fact(GridIssue.ReturnGranted, DISPATCHER, at=then, lead=WATER),
    )
    issue = (
        given(*facts)
        .when(lambda issue: issue.assign(act(DISPATCHER, later), lead=ROADS, terms=TERMS))
        .then(assigned(nth=3, again=True, **clock(later, later + 2 * DAY)))
    )
    assert (issue.returns, issue.ping_pong, issue.assignment.case_due) == (2, 1, DUE)


def test_a_night_between_asking_and_deciding_moves_no_limit_in_workdays() -> None:
    closing, opening = NINE + 8.5 * HOUR, NINE + 23.5 * HOUR
    given(*asked(closing)).when(
        lambda issue: issue.refuse_return(act(DISPATCHER, opening, "属本单位"), terms=TERMS)
    ).then(refused(DUE))


def test_a_return_asked_for_when_overdue_does_not_make_it_timely_again() -> None:
    given(*granted(DUE + HOUR)).when(
        lambda issue: issue.assign(act(DISPATCHER, DUE + 3 * DAY), lead=ROADS, terms=TERMS)
    ).then(assigned(nth=2, again=True, **clock(due=DUE)))


def test_who_grants_a_return_may_assign_again() -> None:
    issue = past(*granted(), id=ISSUE)
    issue.assign(act(DISPATCHER, TUESDAY_10), lead=WATER, terms=TERMS)
    assert issue.return_granted_by == {DISPATCHER.id}


def test_who_grants_a_return_may_not_pass_that_case_on_to_closing() -> None:
    facts = (*granted(), assigned(WATER, nth=2), ACCEPTED, RESOLVED, PASSED)
    refusal = given(*facts).when(lambda issue: issue.close(act(DISPATCHER, DUE))).then_refused(DutyConflict)
    assert refusal.facts == {"did": "审批退单", "wants": "结案"}


def test_who_grants_a_return_may_not_check_that_case_either() -> None:
    granter = doing_all("granter")
    facts = (
        *asked(),
        fact(GridIssue.ReturnGranted, granter, role=Role.DISPATCHER, lead=ROADS),
        assigned(WATER, nth=2),
        ACCEPTED,
        RESOLVED,
    )
    given(*facts).when(lambda issue: issue.check(act(granter, DUE), passed=True)).then_refused(DutyConflict)


@pytest.mark.parametrize("actor", [SECOND_DISPATCHER, RECEIVER], ids=lambda one: one.id)
def test_others_pass_a_returned_case_on_to_closing(actor: Actor) -> None:
    facts = (*granted(), assigned(WATER, nth=2), ACCEPTED, RESOLVED, PASSED)
    issue = past(*facts, id=ISSUE)
    issue.close(act(actor, DUE))
    assert issue.stage is IssueStage.CLOSED


def test_who_refused_a_return_may_close() -> None:
    issue = past(*asked(), refused(DUE), RESOLVED, PASSED, id=ISSUE)
    issue.close(act(DISPATCHER, DUE))
    assert issue.stage is IssueStage.CLOSED


def test_who_asked_for_a_return_has_handled_the_case() -> None:
    assert past(*ISSUE_AT[IssueStage.RETURN_ASKED], id=ISSUE).handled_by == {HANDLER.id}
