"""派遣: a lead with its copies, assists and two clocks. Returns and what they do to clocks: test_returning.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assignment import given as needed
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.refusals import ComplainedAbout, WrongStage
from domain.stages import IssueStage
from tests.cases import (
    ASSIGNED,
    CALENDAR,
    DUE,
    FILED,
    REPORTED,
    TERMS,
    absorbed,
    assigned,
    attached_request,
    clock,
)
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    PARKS,
    REQUEST,
    ROADS,
    WATER,
    act,
    fact,
    given,
    past,
)


def test_a_filed_issue_is_assigned_with_its_deadline() -> None:
    issue = (
        given(REPORTED, FILED).when(lambda issue: issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)).then(ASSIGNED)
    )
    assert (issue.stage, issue.lead, issue.assignments) == (IssueStage.ASSIGNED, ROADS, 1)
    assert (issue.assignment.due, issue.assignment.case_due, issue.assignment.stopped_at) == (DUE, DUE, None)


def test_copies_assists_and_a_matter_off_the_duty_list_are_facts_of_the_assignment() -> None:
    issue = (
        given(REPORTED, FILED)
        .when(
            lambda issue: issue.assign(
                act(DISPATCHER), lead=ROADS, terms=TERMS, copies=[PARKS], assists=[WATER], off_list=[WATER]
            )
        )
        .then(assigned(copies=[PARKS], assists=[WATER], off_list=True, off_list_units=[WATER]))
    )
    assert issue.assignment.units == issue.in_hands_of == {ROADS, WATER, PARKS}


def test_the_clock_runs_from_assignment_not_from_the_report_or_acceptance() -> None:
    start = NINE + DAY
    facts = assigned(at=start, **clock(start, start + 2 * DAY, start + 2 * DAY))
    issue = (
        given(REPORTED, FILED)
        .when(lambda issue: issue.assign(act(DISPATCHER, start), lead=ROADS, terms=TERMS))
        .then(facts)
    )
    issue.accept(act(HANDLER, start + 5 * HOUR))
    assert (issue.assignment.clock_start, issue.assignment.due) == (start, start + 2 * DAY)


def test_a_voice_or_a_merger_restarts_no_clock() -> None:
    issue = past(REPORTED, FILED, ASSIGNED, absorbed(), id=ISSUE)
    before = issue.assignment
    issue.attach_request(act(DISPATCHER, NINE + DAY), request=REQUEST)
    assert issue.assignment == before == past(REPORTED, FILED, ASSIGNED, id=ISSUE).assignment


def test_the_deadline_is_what_the_event_says_and_is_never_computed_again() -> None:
    odd = NINE + 7 * HOUR
    issue = (
        given(REPORTED, FILED, assigned(**clock(due=odd, case_due=odd)))
        .when(lambda issue: issue.accept(act(HANDLER)))
        .then(fact(GridIssue.Accepted, HANDLER))
    )
    assert issue.assignment.due == issue.assignment.case_due == odd


def test_a_limit_into_an_unpublished_year_is_marked_provisional() -> None:
    terms = replace(TERMS, limit=Limit.of(250, "workday"))
    issue = (
        given(REPORTED, FILED)
        .when(lambda issue: issue.assign(act(DISPATCHER), lead=ROADS, terms=terms))
        .then(
            assigned(
                **clock(due=NINE + 350 * DAY, case_due=NINE + 350 * DAY) | {"limit_amount": 250, "provisional": True}
            )
        )
    )
    assert issue.assignment.provisional
    assert issue.assignment.due.date() > CALENDAR.known_until


@pytest.mark.parametrize(
    "units", [{"lead": WATER}, {"lead": ROADS, "assists": [PARKS, WATER]}, {"lead": ROADS, "copies": [WATER]}]
)
def test_a_unit_complained_about_neither_leads_nor_assists_nor_gets_a_copy(units: dict[str, str]) -> None:
    refusal = (
        given(REPORTED, attached_request(complained_about=WATER), FILED)
        .when(lambda issue: issue.assign(act(DISPATCHER), terms=TERMS, **units))
        .then_refused(ComplainedAbout)
    )
    assert refusal.facts == {"unit": WATER}


def test_a_unit_that_only_an_absorbed_issue_complains_about_does_not_lead_either() -> None:
    given(REPORTED, FILED, absorbed(complained_about=[WATER])).when(
        lambda issue: issue.assign(act(DISPATCHER), lead=WATER, terms=TERMS)
    ).then_refused(ComplainedAbout)


def test_any_other_unit_may_lead_what_one_is_complained_about() -> None:
    given(REPORTED, attached_request(complained_about=WATER), FILED).when(
        lambda issue: issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)
    ).then(ASSIGNED)


def test_what_is_assigned_is_not_assigned_again_without_a_return() -> None:
    given(REPORTED, FILED, ASSIGNED).when(
        lambda issue: issue.assign(act(DISPATCHER), lead=WATER, terms=TERMS)
    ).then_refused(WrongStage)


def test_a_clock_without_an_assignment_or_terms_is_an_error_of_the_program() -> None:
    assert needed(TERMS) is TERMS
    with pytest.raises(ValueError, match="needs its assignment and the terms"):
        needed(None)
