"""重办: only for a requester who was not content; the issue goes to the same lead with a new clock."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from application.issues import Issues
from domain.actor import Actor, Role
from domain.extending import ask_extension, endorse_extension, grant_extension
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.redo_policy import RedoPolicy
from domain.refusals import LimitStillRunning, RequesterContent, WrongStage
from domain.registry.entry import civil_day
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import Satisfaction, Solved
from tests.cases import (
    ACCEPTED,
    ATTACHED,
    CALENDAR,
    CALLED_BACK,
    DUE,
    FED_BACK,
    FILED,
    ISSUE_AT,
    RECEIVED,
    REPORTED,
    RESOLVED,
    SOLVED,
    TERMS,
    assigned,
    called_back,
    clock,
)
from tests.handled_case import begun
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    PARKS,
    RECEIVER,
    REQUEST,
    ROADS,
    SECOND_DISPATCHER,
    VERIFIER,
    WATER,
    act,
    fact,
    given,
    past,
    staff,
)

LATER = DUE + DAY
JUDGED = (IssueStage.RESOLVED, IssueStage.FAILED, IssueStage.CHECKED, IssueStage.CLOSED)
REDO = fact(ResidentRequest.RedoOrdered, VERIFIER, round=2)


@pytest.mark.parametrize(
    ("solved", "satisfaction"),
    [("unsolved", "dissatisfied"), ("unsolved", "satisfied"), ("solved", "dissatisfied"), ("partly", "dissatisfied")],
)
def test_who_says_unsolved_or_is_dissatisfied_may_have_it_redone(solved: str, satisfaction: str) -> None:
    request = (
        given(RECEIVED, ATTACHED, FED_BACK, called_back(solved=solved, satisfaction=satisfaction), id=REQUEST)
        .when(lambda request: request.order_redo(act(VERIFIER, LATER)))
        .then(REDO)
    )
    assert (request.stage, request.round, request.issue) == (RequestStage.ATTACHED, 2, ISSUE)


@pytest.mark.parametrize(
    ("solved", "satisfaction"),
    [("solved", "satisfied"), ("solved", "basically"), ("partly", "basically"), ("partly", "unrated"), (None, None)],
)
def test_nothing_is_redone_for_a_requester_who_did_not_complain(solved: str | None, satisfaction: str | None) -> None:
    answer = called_back(solved=solved, satisfaction=satisfaction)
    given(RECEIVED, ATTACHED, FED_BACK, answer, id=REQUEST).when(
        lambda request: request.order_redo(act(VERIFIER, LATER))
    ).then_refused(RequesterContent)


@pytest.mark.parametrize("stage", [stage for stage in RequestStage if stage is not RequestStage.CALLED_BACK])
def test_nothing_is_redone_before_the_call_back_or_after_closing(stage: RequestStage) -> None:
    facts = {
        RequestStage.ATTACHED: (RECEIVED, ATTACHED),
        RequestStage.FED_BACK: (RECEIVED, ATTACHED, FED_BACK),
        RequestStage.CLOSED: (RECEIVED, ATTACHED, CALLED_BACK, fact(ResidentRequest.Closed, VERIFIER, at=DUE)),
    }.get(stage, (RECEIVED,))
    given(*facts, id=REQUEST).when(lambda request: request.order_redo(act(VERIFIER, LATER))).then_refused(WrongStage)


def test_a_redone_request_is_fed_back_and_called_back_once_more() -> None:
    request = past(RECEIVED, ATTACHED, FED_BACK, called_back(solved="unsolved"), REDO, id=REQUEST)
    request.feed_back(act(HANDLER, LATER), lead=ROADS)
    request.call_back(
        act(VERIFIER, LATER + DAY), due=LATER + DAY, handlers=(), valid=True, contacted=True,
        solved=Solved.SOLVED, satisfaction=Satisfaction.BASICALLY,
    )  # fmt: skip
    assert (request.stage, request.content, request.round) == (RequestStage.CALLED_BACK, True, 2)


@pytest.mark.parametrize("stage", JUDGED, ids=str)
@pytest.mark.parametrize("actor", [VERIFIER, DISPATCHER, RECEIVER], ids=lambda one: one.id)
def test_the_lead_gets_it_back_with_a_new_clock_and_the_case_clock_goes_on(stage: IssueStage, actor: Actor) -> None:
    redo = fact(GridIssue.RedoOrdered, actor, lead=ROADS, request=REQUEST, round=2, **clock(LATER, LATER + 4 * DAY))
    issue = (
        given(*ISSUE_AT[stage])
        .when(lambda issue: issue.order_redo(act(actor, LATER), request=REQUEST, terms=TERMS))
        .then(redo)
    )
    assert (issue.stage, issue.round, issue.assignments) == (IssueStage.ASSIGNED, 2, 1)
    assert (issue.assignment.stopped_at, issue.assignment.case_due) == (None, DUE)


def test_copies_and_assists_stay_through_a_redo() -> None:
    helped = assigned(copies=[PARKS], assists=[WATER])
    issue = past(REPORTED, FILED, helped, ACCEPTED, RESOLVED, id=ISSUE)
    issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=TERMS)
    assert issue.assignment.units == {ROADS, PARKS, WATER}


@pytest.mark.parametrize("terms", [None, TERMS], ids=["without terms", "with terms it does not need"])
def test_what_was_solved_on_the_spot_is_reported_anew_for_its_requester(terms: object) -> None:
    issue = (
        given(REPORTED, SOLVED)
        .when(lambda issue: issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=terms))
        .then(fact(GridIssue.Reopened, VERIFIER, request=REQUEST, round=2))
    )
    assert (issue.stage, issue.round, issue.assignment) == (IssueStage.REPORTED, 2, None)


def test_what_a_unit_leads_needs_terms_to_be_redone() -> None:
    issue = past(*ISSUE_AT[IssueStage.CLOSED], id=ISSUE)
    with pytest.raises(ValueError, match="terms"):
        issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=None)
    assert not issue.pending_events


# --- a limit of its own ------------------------------------------------------------------------------


def test_a_redo_runs_under_the_limit_policy_gives_it_and_else_under_the_one_before() -> None:
    assert RedoPolicy().terms(TERMS) is TERMS
    three_days = RedoPolicy(Limit.of(3, "workday"), "redo.1").terms(TERMS)
    assert (three_days.limit, three_days.edition, three_days.calendar) == (
        Limit.of(3, "workday"), "redo.1", TERMS.calendar,
    )  # fmt: skip


def test_orders_of_a_redo_ask_the_policy_of_the_house() -> None:
    own, on = RedoPolicy(Limit.of(3, "workday"), "redo.1"), civil_day(LATER)
    registry = cast(Any, SimpleNamespace(unit=lambda code: None))
    issues = Issues(cast(Any, None), registry, CALENDAR, cast(Any, None), own)
    measuring = SimpleNamespace(measure=lambda name: CALENDAR, of_unit=lambda unit, day: CALENDAR)
    issues.calendars = cast(Any, measuring)
    led, on_the_spot = past(*ISSUE_AT[IssueStage.CLOSED], id=ISSUE), past(*ISSUE_AT[IssueStage.SOLVED], id=ISSUE)
    redo = issues.redo_terms(led, on)
    assert redo
    assert (redo.limit, redo.edition) == (Limit.of(3, "workday"), "redo.1")
    assert issues.redo_terms(on_the_spot, on) is None


def test_after_a_redo_its_own_deadline_holds_and_the_old_one_is_past() -> None:
    issue = past(*ISSUE_AT[IssueStage.CLOSED], id=ISSUE)
    own = RedoPolicy(Limit.of(4, "urgent_hour"), "redo.1").terms(TERMS)
    issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=own)
    (event,) = issue.pending_events
    assert (event.limit_amount, event.limit_unit, event.edition) == (4, "urgent_hour", "redo.1")
    assert (event.clock_start, event.due, event.case_due) == (LATER, LATER + 4 * HOUR, DUE)
    issue.accept(act(HANDLER, LATER + HOUR))
    issue.resolve(act(HANDLER, LATER + 4 * HOUR), measure="更换灯杆")
    assert issue.pending_events[-1].overdue is False


def test_a_redo_later_than_its_own_limit_is_late_again() -> None:
    issue = past(*ISSUE_AT[IssueStage.CLOSED], id=ISSUE)
    own = RedoPolicy(Limit.of(4, "urgent_hour"), "redo.1").terms(TERMS)
    issue.order_redo(act(VERIFIER, LATER), request=REQUEST, terms=own)
    issue.accept(act(HANDLER, LATER + HOUR))
    issue.resolve(act(HANDLER, LATER + 5 * HOUR), measure="更换灯杆")
    assert issue.pending_events[-1].overdue is True


def test_the_call_back_after_a_redo_waits_for_the_limit_of_the_redo() -> None:
    request = past(RECEIVED, ATTACHED, FED_BACK, called_back(solved="unsolved"), REDO, id=REQUEST)
    with pytest.raises(LimitStillRunning):
        request.call_back(act(VERIFIER, LATER + 3 * HOUR), due=LATER + 4 * HOUR, handlers=(), valid=False)
    request.call_back(act(VERIFIER, LATER + 4 * HOUR), due=LATER + 4 * HOUR, handlers=(), valid=False)


@given_(st.lists(st.sampled_from([2, 4, 8]), min_size=1, max_size=4))
def test_rounds_are_counted_and_each_has_its_own_limit_while_the_case_clock_never_moves(hours: list[int]) -> None:
    issue, at = past(*ISSUE_AT[IssueStage.CLOSED], id=ISSUE), LATER
    for nth, amount in enumerate(hours, start=2):
        terms = RedoPolicy(Limit.of(amount, "urgent_hour"), f"redo.{nth}").terms(TERMS)
        issue.order_redo(act(VERIFIER, at), request=REQUEST, terms=terms)
        assert (issue.round, issue.assignment.due) == (nth, at + amount * HOUR)
        assert (issue.assignment.case_due, issue.assignment.edition) == (DUE, f"redo.{nth}")
        issue.accept(act(HANDLER, at))
        issue.resolve(act(HANDLER, at + HOUR), measure="修复")
        at += DAY


def test_a_redo_has_none_of_what_the_clock_before_was_given_even_at_the_instant_that_one_began() -> None:
    issue = begun()
    issue.assign(act(DISPATCHER, NINE), lead=ROADS, terms=TERMS)
    issue.accept(act(HANDLER, NINE))
    ask_extension(act(HANDLER, NINE, "备件在途"), issue=issue)
    endorse_extension(act(staff("colleague", Role.HANDLER, unit=ROADS), NINE), issue=issue)
    grant_extension(act(SECOND_DISPATCHER, NINE), issue=issue, terms=TERMS)
    issue.resolve(act(HANDLER, NINE), measure="修复")
    issue.order_redo(act(VERIFIER, NINE), request=REQUEST, terms=TERMS)
    assert issue.assignment is not None
    assert (issue.assignment.added, issue.assignment.pauses, issue.assignment.due) == (0, (), DUE)
