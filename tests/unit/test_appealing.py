"""超时申诉: of a closed case that was late, by its unit, once, reviewed twice; the overdue stays a fact."""

from __future__ import annotations

from typing import Any

import pytest

from domain import appeal_events
from domain.actor import Role
from domain.appealing import appeal_overdue, endorse_appeal, grant_appeal, refuse_appeal
from domain.clock_refusals import (
    AlreadyAppealed,
    AppealAlreadyEndorsed,
    AppealNotEndorsed,
    NoAppealMade,
    NotLate,
)
from domain.exempting import ask_exemption
from domain.grid_issue import GridIssue
from domain.refusals import AlreadyExempt, DutyConflict, NotLead, ReasonMissing, WrongRole, WrongStage
from domain.stages import IssueStage
from tests.cases import CLOSED, DUE, ISSUE_AT, PASSED, RESOLVED, TERMS, TO_ACCEPTED
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    RECEIVER,
    REQUEST,
    ROADS,
    VERIFIER,
    WATER_HANDLER,
    Fact,
    act,
    doing_all,
    fact,
    given,
    past,
)

LATER, WHY = DUE + DAY, "暴雪红色预警期间不得登高作业"
LATE = Fact(GridIssue.Resolved, {**RESOLVED.facts, "overdue": True}, DUE + HOUR)
SETTLED = (*TO_ACCEPTED, LATE, Fact(PASSED.kind, PASSED.facts, LATER), Fact(CLOSED.kind, CLOSED.facts, LATER))
APPEALED = fact(appeal_events.OverdueAppealed, HANDLER, at=LATER, reason=WHY, lead=ROADS)
ENDORSED = fact(appeal_events.AppealEndorsed, DISPATCHER, at=LATER)


def appeal(issue: Any) -> None:
    appeal_overdue(act(HANDLER, LATER, WHY), issue=issue)


def test_the_unit_that_was_late_appeals_with_its_reason() -> None:
    issue = given(*SETTLED).when(appeal).then(APPEALED)
    assert (issue.exempt, issue.stage) == (False, IssueStage.CLOSED)


def test_only_the_unit_and_only_with_a_reason() -> None:
    given(*SETTLED).when(lambda i: appeal_overdue(act(WATER_HANDLER, LATER, WHY), issue=i)).then_refused(NotLead)
    given(*SETTLED).when(lambda i: appeal_overdue(act(DISPATCHER, LATER, WHY), issue=i)).then_refused(WrongRole)
    given(*SETTLED).when(lambda i: appeal_overdue(act(HANDLER, LATER), issue=i)).then_refused(ReasonMissing)


def test_only_what_was_late_and_only_once_it_is_closed() -> None:
    given(*ISSUE_AT[IssueStage.CLOSED]).when(appeal).then_refused(NotLate)
    given(*TO_ACCEPTED, LATE).when(appeal).then_refused(WrongStage)


def test_two_review_it_and_statistics_leave_it_out_while_it_stays_late() -> None:
    issue = past(*SETTLED, APPEALED, id=ISSUE)
    endorse_appeal(act(DISPATCHER, LATER), issue=issue)
    assert not issue.exempt
    grant_appeal(act(RECEIVER, LATER), issue=issue)
    assert (issue.exempt, issue.grants.late, issue.assignment.due) == (True, True, DUE)
    assert issue.assignment.is_late(LATER)


def test_the_second_review_waits_for_the_first_and_the_first_is_made_once() -> None:
    given(*SETTLED, APPEALED).when(lambda i: grant_appeal(act(RECEIVER, LATER), issue=i)).then_refused(
        AppealNotEndorsed
    )
    given(*SETTLED, APPEALED, ENDORSED).when(lambda i: endorse_appeal(act(DISPATCHER, LATER), issue=i)).then_refused(
        AppealAlreadyEndorsed
    )
    given(*SETTLED).when(lambda i: endorse_appeal(act(DISPATCHER, LATER), issue=i)).then_refused(NoAppealMade)


def test_reviews_are_of_two_people_neither_of_whom_appealed_or_handled() -> None:
    both = doing_all("both")
    endorsed = fact(appeal_events.AppealEndorsed, both, role=Role.DISPATCHER, at=LATER)
    given(*SETTLED, APPEALED, endorsed).when(lambda i: grant_appeal(act(both, LATER), issue=i)).then_refused(
        DutyConflict
    )
    asker = doing_all(HANDLER.id, ROADS)
    given(*SETTLED, APPEALED).when(lambda i: endorse_appeal(act(asker, LATER), issue=i)).then_refused(DutyConflict)
    given(*SETTLED, APPEALED, ENDORSED).when(lambda i: grant_appeal(act(asker, LATER), issue=i)).then_refused(
        DutyConflict
    )


@pytest.mark.parametrize("facts", [(APPEALED,), (APPEALED, ENDORSED)], ids=["first review", "second review"])
def test_either_review_refuses_with_a_reason_and_there_is_no_second_appeal(facts: tuple[Fact, ...]) -> None:
    reviewer = RECEIVER if len(facts) == 2 else DISPATCHER
    given(*SETTLED, *facts).when(lambda i: refuse_appeal(act(reviewer, LATER), issue=i)).then_refused(ReasonMissing)
    issue = (
        given(*SETTLED, *facts)
        .when(lambda i: refuse_appeal(act(reviewer, LATER, "预警已解除"), issue=i))
        .then(fact(appeal_events.AppealRefused, reviewer, reason="预警已解除"))
    )
    with pytest.raises(AlreadyAppealed):
        appeal(issue)
    assert not issue.exempt


def test_the_other_reviewer_does_not_refuse_out_of_turn() -> None:
    given(*SETTLED, APPEALED).when(lambda i: refuse_appeal(act(RECEIVER, LATER, "不"), issue=i)).then_refused(WrongRole)
    endorsed = given(*SETTLED, APPEALED, ENDORSED)
    endorsed.when(lambda i: refuse_appeal(act(DISPATCHER, LATER, "不"), issue=i)).then_refused(WrongRole)


def test_what_is_exempt_already_needs_no_appeal_and_the_other_way_round() -> None:
    exempt = fact(GridIssue.Exempted, doing_all("boss"), role=Role.SUPERVISOR, at=LATER)
    given(*SETTLED, exempt).when(appeal).then_refused(AlreadyExempt)
    granted = (*SETTLED, APPEALED, ENDORSED, fact(appeal_events.AppealGranted, RECEIVER, at=LATER))
    given(*granted).when(lambda i: ask_exemption(act(HANDLER, LATER, WHY), case=i)).then_refused(AlreadyExempt)


def test_a_redo_that_was_in_time_leaves_nothing_to_appeal_against() -> None:
    issue = past(*SETTLED, id=ISSUE)
    issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=TERMS)
    issue.accept(act(HANDLER, LATER))
    issue.resolve(act(HANDLER, LATER), measure="修复")
    issue.check(act(VERIFIER, LATER), passed=True)
    issue.close(act(RECEIVER, LATER))
    with pytest.raises(NotLate):
        appeal(issue)
