"""结案: of what was checked or solved on the spot, by somebody who did not handle it."""

import pytest

from domain.actor import Actor, Role
from domain.grid_issue import GridIssue
from domain.refusals import ComplainedAbout, DutyConflict, WrongStage
from domain.stages import OPEN_ISSUE, IssueStage
from tests.cases import CLOSED, ISSUE_AT, PASSED, REPORTED, SOLVED, TO_RESOLVED, attached_request
from tests.spec import (
    DISPATCHER,
    HANDLER,
    HOUR,
    NINE,
    RECEIVER,
    VERIFIER,
    WATER,
    WORKER,
    Fact,
    act,
    fact,
    given,
    staff,
)

NOON = NINE + 3 * HOUR


@pytest.mark.parametrize("facts", [(*TO_RESOLVED, PASSED), (REPORTED, SOLVED)], ids=["checked", "solved on the spot"])
def test_a_receiver_closes(facts: tuple[Fact, ...]) -> None:
    issue = given(*facts).when(lambda issue: issue.close(act(RECEIVER, NOON))).then(CLOSED)
    assert issue.stage is IssueStage.CLOSED
    assert issue.stage not in OPEN_ISSUE


@pytest.mark.parametrize("actor", [VERIFIER, DISPATCHER], ids=lambda one: one.id)
def test_the_verifier_who_checked_or_the_dispatcher_who_assigned_may_close(actor: Actor) -> None:
    given(*TO_RESOLVED, PASSED).when(lambda issue: issue.close(act(actor, NOON))).then(fact(GridIssue.Closed, actor))


@pytest.mark.parametrize(
    ("facts", "id"),
    [((*TO_RESOLVED, PASSED), HANDLER.id), ((REPORTED, SOLVED), WORKER.id)],
    ids=["resolved it", "solved it on the spot"],
)
def test_who_handled_it_does_not_close(facts: tuple[Fact, ...], id: str) -> None:
    handler = staff(id, Role.RECEIVER, Role.DISPATCHER, Role.VERIFIER)
    refusal = given(*facts).when(lambda issue: issue.close(act(handler, NOON))).then_refused(DutyConflict)
    assert refusal.facts == {"did": "办理", "wants": "结案"}


def test_staff_of_a_unit_complained_about_do_not_close() -> None:
    accused = staff("accused", Role.RECEIVER, unit=WATER)
    facts = (REPORTED, attached_request(complained_about=WATER), SOLVED)
    given(*facts).when(lambda issue: issue.close(act(accused, NOON))).then_refused(ComplainedAbout)


@pytest.mark.parametrize("stage", [IssueStage.RESOLVED, IssueStage.FAILED], ids=str)
def test_what_a_unit_resolved_is_not_closed_before_it_passed_a_check(stage: IssueStage) -> None:
    given(*ISSUE_AT[stage]).when(lambda issue: issue.close(act(RECEIVER, NOON))).then_refused(WrongStage)
