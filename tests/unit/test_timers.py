"""定时: warnings in working time, misses strictly after due, each once, whatever the clock went through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from domain.actor import Role
from domain.case_clocks import ClockName, case_clocks
from domain.extending import ask_extension, endorse_extension, grant_extension
from domain.firing import PROGRAM, fire_on_issue, fire_on_request, next_of_issue
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.merging import merge
from domain.suspending import ask_suspension, grant_suspension
from domain.timers import TICK
from domain.vocabulary import ReturnReason
from domain.workdays import WorkCalendar
from tests.cases import ATTACHED, CALENDAR, DUE, ISSUE_AT, RECEIVED, TERMS
from tests.handled_case import begun
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    REQUEST,
    ROADS,
    SECOND_DISPATCHER,
    VERIFIER,
    WATER,
    act,
    past,
    staff,
)

MINUTE = timedelta(minutes=1)
Told = list[tuple[object, Any]]


def assigned(at: datetime = NINE, terms: Any = TERMS) -> GridIssue:
    issue = begun()
    issue.assign(act(DISPATCHER, at), lead=ROADS, terms=terms)
    return issue


def accepted() -> GridIssue:
    issue = assigned()
    issue.accept(act(HANDLER, NINE))
    return issue


def on_calendar(name: str) -> WorkCalendar:
    assert name == CALENDAR.name
    return CALENDAR


def fire(issue: GridIssue, now: datetime) -> Told:
    """What fires by `now`: the share, or the clock that is missed, with when it was reached."""
    told: Told = []
    while fire_on_issue(issue, on_calendar, TERMS, now):
        event: Any = issue.pending_events[-1]
        of_clock = event.TOPIC.startswith("issue.deadline_")
        what = getattr(event, "percent", event.clock) if of_clock else event.TOPIC
        told.append((what, getattr(event, "reached_at", event.timestamp)))
    return told


MONDAY_HALF = NINE + DAY
"""Half of two workdays of seven hours from nine on Monday."""


def test_warnings_fire_when_their_share_of_the_working_time_has_run() -> None:
    issue = assigned()
    eighty = NINE + DAY + 4 * HOUR + 2 * HOUR + 12 * MINUTE  # 11.2 hours: seven, and 4.2 with a break of two
    assert fire(issue, DUE) == [(50, MONDAY_HALF), (80, eighty), (100, DUE)]
    assert fire(issue, DUE) == []


def test_a_warning_before_a_weekend_comes_in_working_time_not_at_midnight() -> None:
    friday = NINE + 4 * DAY
    half, *_ = fire(assigned(friday), friday + 30 * DAY)
    assert half == (50, friday + 3 * DAY)
    assert CALENDAR.next_opening(half[1]) == half[1]


def test_a_miss_fires_strictly_after_the_due_instant_and_on_both_clocks() -> None:
    issue = assigned()
    assert [what for what, _ in fire(issue, DUE)] == [50, 80, 100]
    assert fire(issue, DUE + TICK) == [("case", DUE + TICK), ("lead", DUE + TICK)]
    assert fire(issue, DUE + 30 * DAY) == []


def test_a_resolution_at_the_due_instant_is_no_miss_and_one_after_it_is_whenever_that_is_found_out() -> None:
    missing: list[object] = ["case", "lead"]
    for late, missed in ((timedelta(), []), (TICK, missing)):
        issue = accepted()
        issue.resolve(act(HANDLER, DUE + late), measure="修复")
        assert [what for what, _ in fire(issue, DUE + 9 * DAY)] == missed


def test_nothing_fires_on_what_was_decided_before_its_time() -> None:
    issue = accepted()
    issue.resolve(act(HANDLER, NINE + HOUR), measure="修复")
    issue.check(act(VERIFIER, NINE + HOUR), passed=True)
    assert next_of_issue(issue, on_calendar) is None
    assert fire(issue, DUE + 99 * DAY) == []


def test_nothing_fires_while_the_lead_s_clock_stands_and_the_rest_after_it_went_on() -> None:
    issue = accepted()
    assert fire(issue, NINE + DAY) == [(50, MONDAY_HALF)]
    issue.ask_return(act(HANDLER, NINE + DAY), code=ReturnReason.NOT_OUR_DUTY)
    assert fire(issue, DUE) == []
    # The case clock does not wait for who is to lead.
    assert fire(issue, DUE + 20 * DAY) == [("case", DUE + TICK)]
    issue.refuse_return(act(DISPATCHER, NINE + 2 * DAY, "确属职责"), terms=TERMS)
    assert [what for what, _ in fire(issue, DUE + 20 * DAY)] == [80, 100, "lead"]


def test_the_half_that_ran_before_a_pause_is_not_told_again() -> None:
    issue = accepted()
    fire(issue, NINE + DAY)
    issue.ask_return(act(HANDLER, NINE + DAY + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    issue.refuse_return(act(DISPATCHER, NINE + DAY + 3 * HOUR, "确属职责"), terms=TERMS)
    assert 50 not in dict(fire(issue, NINE + 60 * DAY))


def test_another_lead_s_new_clock_has_warnings_of_its_own_and_the_case_clock_is_missed_once() -> None:
    issue = accepted()
    fire(issue, DUE + HOUR)
    issue.ask_return(act(HANDLER, DUE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    issue.grant_return(act(DISPATCHER, DUE + 2 * HOUR))
    assert fire(issue, DUE + 9 * DAY) == []
    issue.assign(act(DISPATCHER, DUE + 3 * HOUR), lead=WATER, terms=TERMS)
    assert [what for what, _ in fire(issue, DUE + 9 * DAY)] == [50, 80, 100, "lead"]


def test_more_time_brings_once_more_the_shares_it_had_not_got_to() -> None:
    issue = accepted()
    assert [what for what, _ in fire(issue, NINE + DAY + 7 * HOUR)] == [50, 80]
    at = NINE + DAY + 7 * HOUR
    ask_extension(act(HANDLER, at, "须待配件"), issue=issue)
    endorse_extension(act(staff("chief", Role.SUPERVISOR, unit=ROADS), at), issue=issue)
    grant_extension(act(SECOND_DISPATCHER, at), issue=issue, terms=TERMS)
    assert issue.assignment is not None
    longer = issue.assignment.due
    assert fire(issue, longer + HOUR)[0] == (50, DUE)
    assert fire(issue, longer + HOUR) == []


def test_an_issue_merged_into_another_fires_nothing() -> None:
    issue = assigned()
    merge(act(DISPATCHER, NINE), issue=issue, into=past(*ISSUE_AT[issue.stage], id=OTHER_ISSUE))
    assert fire(issue, DUE + 9 * DAY) == []


def test_a_suspension_ends_by_itself_and_nothing_fires_meanwhile() -> None:
    issue = accepted()
    until = NINE + 30 * DAY
    ask_suspension(act(HANDLER, NINE + HOUR, "冬季不能施工"), issue=issue, until=until)
    grant_suspension(act(SECOND_DISPATCHER, NINE + 2 * HOUR), issue=issue)
    assert next_of_issue(issue, on_calendar) == until
    assert fire(issue, until - TICK) == []
    assert fire(issue, until)[0] == ("issue.resumed", until)
    assert issue.stage == "accepted"
    assert issue.assignment is not None
    assert issue.assignment.due > until


def test_what_fires_is_the_program_s_and_never_before_what_happened_before_it() -> None:
    issue = assigned()
    issue.accept(act(HANDLER, NINE + DAY + HOUR))
    fire(issue, DUE)
    events: list[Any] = list(issue.pending_events)
    event = next(one for one in events if one.TOPIC == "issue.deadline_warned")
    assert (event.by, event.of_unit) == (PROGRAM.id, "")
    assert (event.reached_at, event.timestamp) == (MONDAY_HALF, NINE + DAY + HOUR)


def test_an_act_that_happened_before_a_timer_fired_may_still_be_told() -> None:
    issue = accepted()
    fire(issue, DUE + DAY)
    issue.resolve(act(HANDLER, DUE - HOUR), measure="修复")
    assert issue.assignment is not None
    assert not issue.pending_events[-1].overdue  # type: ignore[attr-defined]


def test_what_people_saw_is_not_stale_for_what_the_clock_did_since() -> None:
    issue = assigned()
    seen = issue.version
    fire(issue, DUE + DAY)
    assert issue.version == seen + 5
    assert issue.timers.last_act(issue.version) == seen
    issue.accept(act(HANDLER, DUE + DAY))
    assert issue.timers.last_act(issue.version) == issue.version


def test_a_call_back_comes_due_with_the_limit_of_its_issue_once_a_due_instant() -> None:
    issue, request = assigned(), past(RECEIVED, ATTACHED, id=REQUEST)
    assert fire_on_request(request, issue, DUE - TICK) is None
    assert fire_on_request(request, issue, DUE) == DUE
    assert request.pending_events[-1].TOPIC == "request.call_back_came_due"
    assert fire_on_request(request, issue, DUE + DAY) is None
    issue.accept(act(HANDLER, DUE))
    issue.resolve(act(HANDLER, DUE), measure="修复")
    issue.order_redo(act(VERIFIER, DUE), request=REQUEST, terms=TERMS)
    assert fire_on_request(request, issue, DUE + HOUR) is None
    assert fire_on_request(request, issue, DUE + 2 * DAY) == DUE + 2 * DAY


def test_no_call_back_comes_due_while_the_clock_stands() -> None:
    issue, request = accepted(), past(RECEIVED, ATTACHED, id=REQUEST)
    issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    assert fire_on_request(request, issue, DUE + DAY) is None


def test_a_limit_in_natural_days_warns_by_the_wall_clock_also_at_night() -> None:
    terms = type(TERMS)(limit=Limit.of(1, "natural_day"), edition="2026.1", calendar=CALENDAR)
    half, *_ = fire(assigned(terms=terms), NINE + DAY)
    assert half == (50, NINE + 12 * HOUR)


def test_no_timer_before_an_assignment() -> None:
    assert case_clocks(past(*ISSUE_AT["filed"], id=ISSUE), on_calendar) == ()  # type: ignore[index]
    assert [clock.name for clock in case_clocks(assigned(), on_calendar)] == [ClockName.LEAD, ClockName.CASE]
