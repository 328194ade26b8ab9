"""核查 and 返工: judged by somebody who did not handle it; a failed check sends it round once more."""

import pytest

from domain.actor import Actor, Role
from domain.grid_issue import GridIssue
from domain.refusals import ComplainedAbout, DutyConflict
from domain.stages import IssueStage
from tests.cases import (
    ACCEPTED,
    ASSIGNED,
    DUE,
    FAILED,
    FILED,
    ISSUE_AT,
    REPORTED,
    RESOLVED,
    SOLVED,
    TERMS,
    TO_RESOLVED,
    assigned,
    attached_request,
    clock,
    reported,
)
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    PARKS,
    ROADS,
    VERIFIER,
    WATER,
    WORKER,
    Fact,
    act,
    doing_all,
    fact,
    given,
    past,
    staff,
)

TWO_HANDS = doing_all("two-hands", ROADS)
NOON = NINE + 3 * HOUR


@pytest.mark.parametrize(("passed", "stage"), [(True, IssueStage.CHECKED), (False, IssueStage.FAILED)])
@pytest.mark.parametrize("facts", [TO_RESOLVED, (REPORTED, SOLVED)], ids=["resolved", "solved on the spot"])
def test_a_verifier_who_did_not_handle_it_checks(facts: tuple[Fact, ...], passed: bool, stage: IssueStage) -> None:
    issue = (
        given(*facts)
        .when(lambda issue: issue.check(act(VERIFIER, NOON), passed=passed, evidence=("照片-2",)))
        .then(fact(GridIssue.Checked, VERIFIER, passed=passed, evidence=["照片-2"]))
    )
    assert issue.stage is stage


@pytest.mark.parametrize(
    "facts",
    [
        (REPORTED, FILED, ASSIGNED, fact(GridIssue.Accepted, TWO_HANDS, role=Role.HANDLER), RESOLVED),
        (
            *TO_RESOLVED[:-1],
            fact(
                GridIssue.Resolved, TWO_HANDS, role=Role.HANDLER, measure="修复", evidence=[], level="street",
                overdue=False,
            ),
        ),
        (
            REPORTED, FILED, ASSIGNED, fact(GridIssue.ReturnAsked, TWO_HANDS, role=Role.HANDLER, code="duplicate"),
            fact(GridIssue.ReturnRefused, DISPATCHER, lead=ROADS, back_to="accepted", **clock()), RESOLVED,
        ),
        (REPORTED, fact(GridIssue.SolvedOnSpot, TWO_HANDS, role=Role.WORKER, measure="劝离", evidence=[])),
    ],
    ids=["accepted", "resolved", "asked for its return", "solved on the spot"],
)  # fmt: skip
def test_who_handled_it_in_any_way_never_checks(facts: tuple[Fact, ...]) -> None:
    refusal = (
        given(*facts).when(lambda issue: issue.check(act(TWO_HANDS, NOON), passed=True)).then_refused(DutyConflict)
    )
    assert refusal.facts == {"did": "办理", "wants": "核查"}


def test_who_handled_an_earlier_round_never_checks_a_later_one() -> None:
    again = fact(GridIssue.ReworkOrdered, VERIFIER, at=NOON, lead=ROADS, round=2, **clock())
    accepted = fact(GridIssue.Accepted, TWO_HANDS, role=Role.HANDLER)
    facts = (REPORTED, FILED, ASSIGNED, accepted, RESOLVED, FAILED, again, ACCEPTED, RESOLVED)
    given(*facts).when(lambda issue: issue.check(act(TWO_HANDS, NOON), passed=True)).then_refused(DutyConflict)


def test_who_only_reported_it_may_check() -> None:
    finder = staff("finder", Role.WORKER, Role.VERIFIER)
    facts = (reported(finder, role=Role.WORKER), *TO_RESOLVED[1:])
    issue = past(*facts, id=ISSUE)
    issue.check(act(finder, NOON), passed=True)
    assert issue.stage is IssueStage.CHECKED


def test_staff_of_a_unit_complained_about_do_not_check() -> None:
    accused = staff("accused", Role.VERIFIER, unit=WATER)
    facts = (REPORTED, attached_request(complained_about=WATER), *TO_RESOLVED[1:])
    given(*facts).when(lambda issue: issue.check(act(accused, NOON), passed=True)).then_refused(ComplainedAbout)


@pytest.mark.parametrize("actor", [VERIFIER, DISPATCHER], ids=lambda one: one.id)
def test_rework_goes_to_the_same_unit_whose_clock_resumes(actor: Actor) -> None:
    # Resolved on Monday at ten and sent back on Tuesday at ten: one office day, which the limit gets back.
    issue = (
        given(*ISSUE_AT[IssueStage.FAILED])
        .when(lambda issue: issue.order_rework(act(actor, NINE + 25 * HOUR), terms=TERMS))
        .then(fact(GridIssue.ReworkOrdered, actor, lead=ROADS, round=2, **clock(due=DUE + DAY)))
    )
    assert (issue.stage, issue.round, issue.assignment.stopped_at) == (IssueStage.ASSIGNED, 2, None)
    assert (issue.assignments, issue.returns, issue.assignment.case_due) == (1, 0, DUE)


def test_copies_and_assists_stay_through_rework() -> None:
    helped = assigned(copies=[PARKS], assists=[WATER])
    issue = past(REPORTED, FILED, helped, ACCEPTED, RESOLVED, FAILED, id=ISSUE)
    issue.order_rework(act(VERIFIER, NOON), terms=TERMS)
    assert issue.assignment.units == {ROADS, PARKS, WATER}


@pytest.mark.parametrize("terms", [None, TERMS], ids=["without terms", "with terms it does not need"])
def test_what_was_solved_on_the_spot_is_reported_anew(terms: object) -> None:
    issue = (
        given(REPORTED, SOLVED, FAILED)
        .when(lambda issue: issue.order_rework(act(VERIFIER, NOON), terms=terms))
        .then(fact(GridIssue.Reopened, VERIFIER, request=None, round=2))
    )
    assert (issue.stage, issue.round, issue.handled_by) == (IssueStage.REPORTED, 2, {WORKER.id})


def test_what_a_unit_leads_is_never_reported_anew_for_want_of_terms() -> None:
    issue = past(*ISSUE_AT[IssueStage.FAILED], id=ISSUE)
    with pytest.raises(ValueError, match="terms"):
        issue.order_rework(act(VERIFIER, NOON), terms=None)
    assert not issue.pending_events


def test_every_round_is_counted() -> None:
    issue = past(*ISSUE_AT[IssueStage.FAILED], id=ISSUE)
    issue.order_rework(act(VERIFIER, NOON), terms=TERMS)
    issue.accept(act(HANDLER, NOON))
    issue.resolve(act(HANDLER, NOON), measure="再修")
    issue.check(act(VERIFIER, NOON), passed=False)
    issue.order_rework(act(VERIFIER, NOON), terms=TERMS)
    assert issue.round == 3
