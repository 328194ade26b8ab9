"""红绿灯: what a case's clocks show: state, used, left, colour; one that stands shows what it did when it stopped."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.clock_views import explained_clocks_of, lasting
from domain.case_clocks import CaseClock, ClockName, Colour, Reading, case_clocks
from domain.clock import Clock
from domain.grid_issue import GridIssue
from domain.limit import Limit, LimitUnit
from domain.pauses import Pause
from domain.vocabulary import ReturnReason
from domain.workdays import WorkCalendar
from tests.cases import CALENDAR, DUE, TERMS
from tests.handled_case import begun
from tests.spec import DAY, DISPATCHER, HANDLER, HOUR, NINE, ROADS, act

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
spans = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 6_000)).map(
        lambda one: Pause(NINE + one[0] * MINUTE, NINE + (one[0] + one[1]) * MINUTE)
    ),
    max_size=4,
)


def on_calendar(_name: str) -> WorkCalendar:
    return CALENDAR


def accepted() -> GridIssue:
    issue = begun()
    issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)
    issue.accept(act(HANDLER, NINE))
    return issue


def lead(issue: GridIssue) -> CaseClock:
    clock, _ = case_clocks(issue, on_calendar)
    return clock


def test_green_up_to_four_fifths_yellow_up_to_the_whole_red_after() -> None:
    clock = lead(accepted())
    eighty = clock.when_used(80)
    assert [clock.colour(at) for at in (NINE, eighty, eighty + SECOND, DUE, DUE + SECOND)] == [
        Colour.GREEN, Colour.GREEN, Colour.YELLOW, Colour.YELLOW, Colour.RED,
    ]  # fmt: skip


def test_it_rests_at_night_and_is_overdue_strictly_after_due() -> None:
    clock = lead(accepted())
    assert clock.reading(NINE) is Reading.RUNNING
    assert clock.reading(NINE + 12 * HOUR) is Reading.AT_REST
    assert clock.reading(DUE) is Reading.RUNNING
    assert clock.reading(DUE + SECOND) is Reading.OVERDUE
    assert (clock.used(DUE), clock.left(DUE), clock.total) == (14 * HOUR, timedelta(), 14 * HOUR)


def test_a_clock_that_stands_is_never_overdue_however_long() -> None:
    issue = accepted()
    issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    clock, case = case_clocks(issue, on_calendar)
    for at in (NINE + 2 * HOUR, DUE + 90 * DAY):
        assert (clock.reading(at), clock.colour(at), clock.used(at)) == (Reading.PAUSED, Colour.GREY, HOUR)
        assert not clock.is_late(at)
    assert case.reading(DUE + 90 * DAY) is Reading.OVERDUE


def test_what_was_late_when_it_stopped_stays_late_and_red() -> None:
    issue = accepted()
    issue.ask_return(act(HANDLER, DUE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    assert (lead(issue).reading(DUE + DAY), lead(issue).colour(DUE + DAY)) == (Reading.OVERDUE, Colour.RED)


def test_a_decided_clock_is_grey_and_keeps_what_it_showed() -> None:
    issue = accepted()
    issue.resolve(act(HANDLER, NINE + 2 * HOUR), measure="修复")
    clock = lead(issue)
    assert (clock.reading(DUE + DAY), clock.colour(DUE + DAY)) == (Reading.DECIDED, Colour.GREY)
    assert clock.used(DUE + DAY) == 2 * HOUR
    assert not clock.is_late(DUE + DAY)


@pytest.mark.parametrize("unit", LimitUnit)
@given(amount=st.integers(1, 40), pauses=spans, percent=st.sampled_from([1, 50, 80, 99, 100]))
def test_shares_are_reached_when_the_engine_says_so(
    unit: LimitUnit, amount: int, pauses: list[Pause], percent: int
) -> None:
    """Two ways of reckoning: from the due instant of the event, and from limit and pauses."""
    engine = Clock(Limit(amount, unit), NINE, CALENDAR, tuple(pauses))
    assert engine.due is not None
    clock = CaseClock(ClockName.LEAD, engine.limit, NINE, engine.due, CALENDAR, pauses=tuple(pauses))
    assert clock.total == engine.total
    assert clock.when_used(percent) == engine.when_used(Fraction(percent, 100))
    assert clock.used(clock.when_used(percent)) >= clock.total * percent // 100


def test_the_reason_is_told_and_a_standing_clock_says_so() -> None:
    issue = accepted()
    issue.ask_return(act(HANDLER, NINE + HOUR), code=ReturnReason.NOT_OUR_DUTY)
    told, _ = explained_clocks_of(issue, on_calendar, NINE + DAY)
    assert told.why.startswith("2个工作日：2026-03-02 09:00起")
    assert "现自 2026-03-02 10:00 起暂停，恢复后顺延。" in told.why
    assert (told.used_text, told.left_text) == ("工作时间1小时", "工作时间13小时")


def test_lengths_are_told_to_the_minute() -> None:
    assert lasting(DAY + 2 * HOUR + 5 * MINUTE + SECOND) == "1天2小时5分"
    assert lasting(SECOND) == "不足1分"
    assert lasting(-HOUR) == "超 1小时"
