"""办理反馈: measure, evidence and level by the lead; whether it was late is a fact of the event."""

from datetime import datetime

import pytest

from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.refusals import NotLead, WrongStage
from domain.stages import IssueStage
from domain.vocabulary import SolvedLevel
from tests.cases import ASSIGNED, DUE, FILED, REPORTED, TO_ACCEPTED
from tests.spec import DAY, HANDLER, HOUR, ISSUE, NINE, WATER_HANDLER, act, fact, given, past

TO_ASSIGNED = (REPORTED, FILED, ASSIGNED)


def test_the_lead_resolves_what_it_accepted_with_measure_evidence_and_level() -> None:
    issue = (
        given(*TO_ACCEPTED)
        .when(
            lambda issue: issue.resolve(
                act(HANDLER, NINE + HOUR), measure="修复", evidence=("照片-1",), level=SolvedLevel.COMMUNITY
            )
        )
        .then(fact(GridIssue.Resolved, HANDLER, measure="修复", evidence=["照片-1"], level="community", overdue=False))
    )
    assert (issue.stage, issue.assignment.stopped_at) == (IssueStage.RESOLVED, NINE + HOUR)


def test_another_unit_does_not_resolve_it() -> None:
    given(*TO_ACCEPTED).when(lambda issue: issue.resolve(act(WATER_HANDLER), measure="修复")).then_refused(NotLead)


def test_nothing_is_resolved_before_it_was_accepted() -> None:
    given(*TO_ASSIGNED).when(lambda issue: issue.resolve(act(HANDLER), measure="修复")).then_refused(WrongStage)


@pytest.mark.parametrize(("at", "overdue"), [(DUE, False), (DUE + HOUR / 3600, True), (DUE + 30 * DAY, True)])
def test_overdue_is_a_fact_from_the_first_instant_after_the_due_one(at: datetime, overdue: bool) -> None:
    given(*TO_ACCEPTED).when(lambda issue: issue.resolve(act(HANDLER, at), measure="修复")).then(
        fact(GridIssue.Resolved, HANDLER, measure="修复", evidence=[], level="street", overdue=overdue)
    )


def test_whoever_accepted_resolves_or_a_colleague_does_and_both_have_handled_it() -> None:
    colleague = Actor("colleague", HANDLER.roles, HANDLER.unit, HANDLER.areas)
    issue = past(*TO_ACCEPTED, id=ISSUE)
    issue.resolve(act(colleague), measure="修复")
    assert issue.handled_by == {HANDLER.id, colleague.id}
