"""签收: by the lead, while the clock runs since assignment."""

from domain.refusals import NotLead
from domain.stages import IssueStage
from tests.cases import ACCEPTED, ASSIGNED, FILED, REPORTED, assigned
from tests.spec import DAY, HANDLER, ISSUE, NINE, PARKS, WATER, WATER_HANDLER, act, given, past

TO_ASSIGNED = (REPORTED, FILED, ASSIGNED)


def test_a_handler_of_the_lead_accepts() -> None:
    issue = given(*TO_ASSIGNED).when(lambda issue: issue.accept(act(HANDLER))).then(ACCEPTED)
    assert (issue.stage, issue.handled_by) == (IssueStage.ACCEPTED, {HANDLER.id})


def test_no_handler_of_another_unit_accepts() -> None:
    refusal = given(*TO_ASSIGNED).when(lambda issue: issue.accept(act(WATER_HANDLER))).then_refused(NotLead)
    assert refusal.facts == {"lead": HANDLER.unit}


def test_a_unit_that_assists_or_gets_a_copy_does_not_accept() -> None:
    facts = (REPORTED, FILED, assigned(copies=[PARKS], assists=[WATER]))
    given(*facts).when(lambda issue: issue.accept(act(WATER_HANDLER))).then_refused(NotLead)


def test_acceptance_moves_no_clock() -> None:
    issue = past(*TO_ASSIGNED, id=ISSUE)
    before = issue.assignment
    issue.accept(act(HANDLER, NINE + DAY))
    assert issue.assignment == before
