"""试算 of one case: the recorded steps under another limit, by the same rules of stopping and resuming."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import Terms
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.refusals import Refused
from domain.vocabulary import ReturnReason
from domain.what_if import Course, as_it_went, under
from tests.cases import CALENDAR, TERMS
from tests.handled_case import begun, handled, steps_of
from tests.spec import (
    DISPATCHER,
    HANDLER,
    HOUR,
    NINE,
    RECEIVER,
    REQUEST,
    ROADS,
    SECOND_DISPATCHER,
    VERIFIER,
    WATER,
    WATER_HANDLER,
    act,
)

MOVES = ("accept", "resolve", "ask", "refuse", "grant", "same", "other", "fail", "rework", "redo")
LIMITS = [Limit.of(2, "work_hour"), Limit.of(1, "natural_day"), Limit.of(30, "minute"), Limit.of(6, "urgent_hour")]


def move(issue: GridIssue, name: str, at: datetime, terms: Terms) -> None:
    """One step, if it may be taken now."""
    handler = WATER_HANDLER if issue.lead == WATER else HANDLER
    with suppress(Refused):
        match name:
            case "accept":
                issue.accept(act(handler, at))
            case "resolve":
                issue.resolve(act(handler, at), measure="修复")
            case "ask":
                issue.ask_return(act(handler, at), code=ReturnReason.NOT_OUR_DUTY)
            case "refuse":
                issue.refuse_return(act(SECOND_DISPATCHER, at, "应办"), terms=terms)
            case "grant":
                issue.grant_return(act(SECOND_DISPATCHER, at))
            case "same" | "other":
                issue.assign(act(DISPATCHER, at), lead=ROADS if name == "same" else WATER, terms=terms)
            case "fail":
                issue.check(act(VERIFIER, at), passed=False)
            case "rework":
                issue.order_rework(act(VERIFIER, at), terms=terms)
            case "redo":
                issue.order_redo(act(RECEIVER, at), request=REQUEST, terms=terms)


@given(
    st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 4_000)), max_size=25), st.sampled_from([*LIMITS, None])
)
def test_the_terms_a_case_ran_under_give_the_course_it_took(moves: list[tuple[str, int]], limit: Limit | None) -> None:
    terms = TERMS if limit is None else replace(TERMS, limit=limit)
    issue, at = begun(), NINE
    issue.assign(act(DISPATCHER, at), lead=ROADS, terms=terms)
    for name, minutes in moves:
        at += timedelta(minutes=minutes)
        move(issue, name, at, terms)
    assert under(terms, steps_of(issue)) == as_it_went(steps_of(issue))


@pytest.mark.parametrize(("hours", "late"), [(1.9, False), (2, False), (2.1, True)])
def test_a_shorter_limit_makes_late_what_took_longer(hours: float, late: bool) -> None:
    shorter = Terms(limit=Limit.of(2, "work_hour"), edition="2026.2", calendar=CALENDAR)
    steps = handled(hours)
    assert as_it_went(steps) == Course(TERMS.limit, steps[0].due, late=False)  # type: ignore[attr-defined]
    assert under(shorter, steps) == Course(shorter.limit, NINE + 2 * HOUR, late)


def test_a_case_that_was_never_assigned_has_no_course() -> None:
    assert as_it_went([]) is None
    assert under(TERMS, []) is None


def test_one_not_resolved_is_late_once_its_due_has_passed() -> None:
    running = as_it_went(handled(1)[:1])
    assert running is not None
    assert running.late is None
    assert not running.is_late(running.due)
    assert running.is_late(running.due + timedelta(seconds=1))


def test_nothing_is_recorded_by_a_trial() -> None:
    issue = begun()
    issue.assign(act(DISPATCHER, NINE), lead=ROADS, terms=TERMS)
    before = (issue.version, len(issue.pending_events), issue.assignment)
    under(Terms(limit=LIMITS[0], edition="x", calendar=CALENDAR), steps_of(issue))
    assert (issue.version, len(issue.pending_events), issue.assignment) == before
