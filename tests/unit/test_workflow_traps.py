"""Defects that other systems have shown in the steps of the work, each as the rule that rules it out here.

The numbers are those of the list. Those of the engine are in `test_deadline_traps.py`; 2, 3, 4 and 18 of a
suspension 挂账 in `test_suspending.py`. 13, the scan that starves or fires twice, is in `test_a_year_of_timers.py`
and the integration test `test_timers.py`; 16, a stage's shorter limit that moves another's, in `test_stage_clocks.py`
and `test_stage_clocks_on_the_board.py`; 21, rules by the order of their rows, in `test_limit_rules.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain.actor import Role
from domain.assignment import Terms
from domain.extending import ask_extension, endorse_extension, grant_extension
from domain.grid_issue import GridIssue
from domain.issue_beside import EVENTS
from domain.issue_events import ClockEvent
from domain.limit import Limit, LimitUnit
from domain.pausing_events import Extended
from domain.stages import IssueStage
from domain.supervising import order_supervision
from domain.vocabulary import ReturnReason, SupervisionKind
from domain.workdays import WorkCalendar
from tests.cases import CALENDAR, CLOSED, DUE, PASSED, TERMS, TO_ACCEPTED, TO_RESOLVED
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    RECEIVER,
    REQUEST,
    ROADS,
    VERIFIER,
    WATER,
    Fact,
    act,
    past,
    staff,
)

COLLEAGUE = staff("colleague", Role.HANDLER, unit=ROADS)
MAY_MOVE = {
    "issue.assigned", "issue.return_refused", "issue.rework_ordered", "issue.redo_ordered", "issue.extended",
    "issue.resumed", "issue.deadline_recalculated",
}  # fmt: skip
"""The only events that set a clock. There is no event of a comment at all."""


def longer(issue: Any, at: Any, terms: Terms = TERMS) -> None:
    ask_extension(act(HANDLER, at, "灯杆定制"), issue=issue)
    endorse_extension(act(COLLEAGUE, at), issue=issue)
    grant_extension(act(DISPATCHER, at), issue=issue, terms=terms)


@pytest.mark.parametrize("unit", LimitUnit)
def test_03_a_return_asked_at_birth_keeps_the_whole_limit(unit: LimitUnit) -> None:
    terms = Terms(Limit(2, unit), "2026.1", CALENDAR)
    issue = past(*TO_ACCEPTED[:2], id=ISSUE)
    issue.assign(act(DISPATCHER), lead=ROADS, terms=terms)
    issue.ask_return(act(HANDLER), code=ReturnReason.DUPLICATE)
    issue.refuse_return(act(DISPATCHER, NINE + 2 * DAY, "属本单位"), terms=terms)
    assert issue.assignment.due == terms.fresh(ROADS, NINE + 2 * DAY, None).due


def test_03_two_returns_in_one_minute_count_to_the_second() -> None:
    terms = Terms(Limit.of(4, "urgent_hour"), "2026.1", CALENDAR)
    issue = past(*TO_ACCEPTED[:2], id=ISSUE)
    issue.assign(act(DISPATCHER), lead=ROADS, terms=terms)
    second = HOUR / 3600
    for start, end in ((5, 15), (30, 50)):
        issue.ask_return(act(HANDLER, NINE + start * second), code=ReturnReason.DUPLICATE)
        issue.refuse_return(act(DISPATCHER, NINE + end * second, "属本单位"), terms=terms)
    assert issue.assignment.due == NINE + 4 * HOUR + 30 * second
    assert [one.end - one.start for one in issue.assignment.pauses] == [10 * second, 20 * second]


def test_04_what_it_stood_for_survives_an_extension_and_another_calendar() -> None:
    issue = past(*TO_ACCEPTED, id=ISSUE)
    issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.DUPLICATE)
    issue.refuse_return(act(DISPATCHER, NINE + 3 * HOUR, "属本单位"), terms=TERMS)
    newer = WorkCalendar(
        name="office", version="cn-2026.2", zone="Asia/Shanghai", periods=CALENDAR.periods,
        known_until=CALENDAR.known_until, holidays=frozenset({(NINE + DAY).date()}),
    )  # fmt: skip
    longer(issue, NINE + 4 * HOUR, Terms(TERMS.limit, TERMS.edition, newer))
    holiday_two_hours_and_a_weekend = 1 * DAY + 2 * HOUR + 2 * DAY
    assert issue.assignment.due == NINE + 4 * DAY + holiday_two_hours_and_a_weekend
    assert issue.assignment.due_on(newer, NINE + 4 * HOUR) == issue.assignment.due


def test_05_the_same_unit_resumes_another_begins_anew_and_the_case_clock_goes_on() -> None:
    for lead, due in ((ROADS, DUE + DAY), (WATER, NINE + DAY + HOUR + 2 * DAY)):
        issue = past(*TO_ACCEPTED, id=ISSUE)
        issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
        issue.grant_return(act(DISPATCHER, NINE + 2 * HOUR))
        issue.assign(act(DISPATCHER, NINE + DAY + HOUR), lead=lead, terms=TERMS)
        assert (issue.assignment.due, issue.assignment.case_due) == (due, DUE)


def test_06_nothing_but_the_steps_named_here_moves_a_clock() -> None:
    """Not a voice more, a supervision order, a hand-over, a move, nor any comment; the chart's test tries them all."""
    events: list[Any] = [*vars(GridIssue).values(), *EVENTS]
    clocks: set[Any] = {one for one in events if isinstance(one, type) and issubclass(one, ClockEvent)}
    assert {one.TOPIC for one in clocks} == MAY_MOVE
    issue = past(*TO_ACCEPTED, id=ISSUE)
    issue.attach_request(act(RECEIVER, NINE + HOUR), request=REQUEST)
    order_supervision(
        act(DISPATCHER, NINE + HOUR, "报告进展"), issue=issue, kind=SupervisionKind.KEY, limit=TERMS.limit, terms=TERMS
    )
    assert (issue.assignment.due, issue.assignment.clock_start, issue.assignment.stopped_at) == (DUE, NINE, None)


def test_07_what_was_decided_stays_as_it_was_whatever_limit_comes_later() -> None:
    late = Fact(TO_RESOLVED[-1].kind, {**TO_RESOLVED[-1].facts, "overdue": True}, DUE + HOUR)
    closing = [Fact(one.kind, one.facts, DUE + HOUR) for one in (PASSED, CLOSED)]
    issue = past(*TO_ACCEPTED, late, *closing, id=ISSUE)
    before = issue.assignment
    ample = Terms(Limit.of(20, "workday"), "2027.1", CALENDAR)
    issue.order_redo(act(VERIFIER, DUE + DAY), request=REQUEST, terms=ample)
    assert (before.due, before.is_late(DUE + HOUR), issue.grants.late) == (DUE, True, True)


def test_15_a_clock_that_was_stopped_by_the_resolution_stands_whoever_writes_last() -> None:
    issue = past(*TO_RESOLVED, PASSED, id=ISSUE)
    issue.attach_request(act(RECEIVER, DUE + 30 * DAY), request=REQUEST)
    assert not issue.assignment.is_late(DUE + 30 * DAY)
    issue.close(act(RECEIVER, DUE + 40 * DAY))
    assert not issue.assignment.is_late(DUE + 365 * DAY)
    assert not issue.grants.late


def test_17_a_redo_has_a_limit_of_its_own_without_what_was_granted_before_and_the_case_clock_stays() -> None:
    issue = past(*TO_ACCEPTED, id=ISSUE)
    longer(issue, NINE + HOUR)
    case_due, then = issue.assignment.case_due, NINE + 7 * DAY
    issue.resolve(act(HANDLER, NINE + DAY), measure="修复")
    issue.order_redo(act(VERIFIER, then), request=REQUEST, terms=TERMS)
    assert (issue.assignment.due, issue.assignment.added, issue.assignment.pauses) == (then + 2 * DAY, 0, ())
    assert (issue.assignment.case_due, issue.stage, issue.grants.extensions) == (case_due, IssueStage.ASSIGNED, 1)


@pytest.mark.parametrize(
    ("limit", "due"),
    [((1, "workday"), NINE + 2 * DAY), ((7, "work_hour"), NINE + 2 * DAY), ((1, "natural_day"), NINE + 2 * DAY),
     ((24, "urgent_hour"), NINE + 2 * DAY)],
)  # fmt: skip
def test_20_an_extension_is_counted_in_the_limits_own_unit(limit: tuple[int, str], due: Any) -> None:
    """A workday is a day of its calendar, never 24 hours of working time."""
    terms = Terms(Limit.of(*limit), "2026.1", CALENDAR)
    issue = past(*TO_ACCEPTED[:2], id=ISSUE)
    issue.assign(act(DISPATCHER), lead=ROADS, terms=terms)
    issue.accept(act(HANDLER))
    longer(issue, NINE, terms)
    (granted,) = (event for event in issue.pending_events if isinstance(event, Extended))
    assert (issue.assignment.due, granted.added) == (due, limit[0])
