"""环节的钟: shown and fired as the lead's and the case's are: each runs until what it waits for has happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.case_clocks import CaseClock, ClockName, Reading
from domain.firing import fire_on_issue
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.stage_clocks import set_stage_clocks
from domain.stage_times import StageClock
from domain.timers import TICK
from domain.vocabulary import ReturnReason
from domain.waiting_stages import WAITS_IN, all_clocks, own_clocks
from domain.workdays import WorkCalendar
from tests.cases import CALENDAR, TERMS
from tests.handled_case import begun
from tests.spec import DAY, DISPATCHER, HANDLER, HOUR, NINE, ROADS, SECOND_DISPATCHER, VERIFIER, act

S = LimitStage
TWO_HOURS = Limit.of(2, "work_hour")
ACCEPT_BY = NINE + 2 * HOUR


def on_calendar(name: str) -> WorkCalendar:
    assert name == CALENDAR.name
    return CALENDAR


def clock_of(issue: GridIssue, *stages: LimitStage, start: datetime = NINE) -> None:
    """Set clocks of two work hours beside the step just taken."""
    clocks = [StageClock.started(stage, TWO_HOURS, "1", start, CALENDAR) for stage in stages]
    set_stage_clocks(act(DISPATCHER, start), issue=issue, rules="limits-1", clocks=clocks)


def assigned() -> GridIssue:
    issue = begun()
    issue.assign(act(DISPATCHER, NINE), lead=ROADS, terms=TERMS)
    clock_of(issue, S.ACCEPT, S.CONTACT)
    return issue


def shown(issue: GridIssue, name: ClockName) -> CaseClock:
    (found,) = [clock for clock in all_clocks(issue, on_calendar) if clock.name is name]
    return found


def missed(issue: GridIssue, now: datetime) -> list[tuple[str, datetime]]:
    """The misses of stages that fire by `now`."""
    told: list[tuple[str, datetime]] = []
    while fire_on_issue(issue, on_calendar, TERMS, now):
        event: Any = issue.pending_events[-1]
        if event.TOPIC == "issue.deadline_missed" and event.clock not in ("lead", "case"):
            told.append((event.clock, event.reached_at))
    return told


def test_who_does_not_accept_in_time_misses_it_once_and_the_leads_own_clock_goes_on() -> None:
    issue = assigned()
    assert missed(issue, ACCEPT_BY) == []
    assert missed(issue, ACCEPT_BY + TICK) == [("accept", ACCEPT_BY + TICK)]
    assert missed(issue, ACCEPT_BY + HOUR) == []
    assert shown(issue, ClockName.LEAD).reading(ACCEPT_BY + HOUR / 2) is Reading.RUNNING
    assert shown(issue, ClockName.ACCEPT).reading(ACCEPT_BY + HOUR) is Reading.OVERDUE


@pytest.mark.parametrize(("late", "fired"), [(timedelta(), []), (TICK, [("accept", ACCEPT_BY + TICK)])])
def test_accepted_at_the_due_instant_is_no_miss_and_later_is_one_whenever_found_out(
    late: timedelta, fired: list[tuple[str, datetime]]
) -> None:
    issue = assigned()
    issue.accept(act(HANDLER, ACCEPT_BY + late))
    assert missed(issue, ACCEPT_BY + 3 * HOUR) == fired
    accept = shown(issue, ClockName.ACCEPT)
    assert (accept.reading(ACCEPT_BY + DAY), accept.is_late(ACCEPT_BY + DAY)) == (Reading.DECIDED, bool(late))
    assert accept.used(ACCEPT_BY + DAY) == 2 * HOUR + late


def test_while_a_return_is_decided_acceptance_stands_with_the_leads_clock() -> None:
    issue = assigned()
    issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    accept = shown(issue, ClockName.ACCEPT)
    assert accept.reading(NINE + 9 * DAY) is Reading.PAUSED
    assert accept.left(NINE + 9 * DAY) == HOUR
    assert missed(issue, NINE + 9 * DAY) == []
    issue.grant_return(act(SECOND_DISPATCHER, NINE + DAY))
    assert shown(issue, ClockName.ACCEPT).reading(NINE + DAY) is Reading.DECIDED


def test_what_waits_to_be_dispatched_has_a_clock_before_there_is_a_lead() -> None:
    issue = begun()
    clock_of(issue, S.DISPATCH)
    assert [clock.name for clock in own_clocks(issue, on_calendar)] == [ClockName.DISPATCH]
    assert missed(issue, NINE + DAY) == [("dispatch", ACCEPT_BY + TICK)]
    issue.assign(act(DISPATCHER, NINE + DAY), lead=ROADS, terms=TERMS)
    assert shown(issue, ClockName.DISPATCH).reading(NINE + DAY) is Reading.DECIDED


def test_a_check_in_time_ends_its_clock_and_one_in_a_later_round_has_its_own() -> None:
    issue = assigned()
    issue.accept(act(HANDLER, NINE))
    issue.resolve(act(HANDLER, NINE), measure="修复")
    clock_of(issue, S.CHECK)
    assert shown(issue, ClockName.CHECK).reading(NINE + HOUR) is Reading.RUNNING
    issue.check(act(VERIFIER, NINE + HOUR), passed=False)
    assert shown(issue, ClockName.CHECK).reading(NINE + 9 * HOUR) is Reading.DECIDED
    issue.order_rework(act(VERIFIER, NINE + HOUR), terms=TERMS)
    issue.accept(act(HANDLER, NINE + HOUR))
    issue.resolve(act(HANDLER, NINE + HOUR + TICK), measure="修复")
    clock_of(issue, S.CHECK, start=NINE + HOUR + TICK)
    assert missed(issue, NINE + 9 * HOUR) == [("check", NINE + 5 * HOUR + 2 * TICK)]


def test_clocks_of_voices_are_shown_until_all_were_heard_and_never_fire() -> None:
    issue = assigned()
    assert shown(issue, ClockName.CONTACT).reading(ACCEPT_BY + TICK) is Reading.OVERDUE
    assert "contact" not in {name for name, _ in missed(issue, NINE + 30 * DAY)}
    issue.stage_times = replace(issue.stage_times, ends={"contact": NINE + HOUR})
    assert shown(issue, ClockName.CONTACT).reading(ACCEPT_BY + TICK) is Reading.DECIDED


def test_every_stage_with_a_clock_of_its_own_says_where_it_waits_and_what_it_is_called() -> None:
    own = {stage for stage in LimitStage if stage not in (S.HANDLE, S.CASE)}
    assert set(WAITS_IN) == own
    assert {ClockName(stage.value).label for stage in own} == {f"{stage.label}时限" for stage in own}
