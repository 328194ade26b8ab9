"""计算方式: days by the Civil Code, art. 201 to 203, held against days walked one by one."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import Clock
from domain.counting import Counting
from domain.limit import Limit
from domain.pauses import Pause
from domain.workdays import TooLittleWorkingTime, WorkCalendar
from tests.clock_oracle import CHINA, OFFICE

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ALWAYS = WorkCalendar(
    name="hotline", version="1", zone="Asia/Shanghai", periods=((time.min, time.min),), weekend=frozenset(),
    known_until=date(2199, 12, 31),
)  # fmt: skip


def china(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def civil(amount: int, unit: str, start: datetime, *pauses: Pause, calendar: WorkCalendar = OFFICE) -> Clock:
    return Clock(Limit.of(amount, unit), start, calendar, pauses, counting=Counting.CIVIL_CODE)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "due"),
    [
        pytest.param(1, "workday", china(3, 6, 9), china(3, 9, 17, 30), id="the first day is not counted"),
        pytest.param(1, "workday", china(3, 6, 23), china(3, 9, 17, 30), id="whenever on it the limit began"),
        pytest.param(1, "workday", china(3, 7, 9), china(3, 9, 17, 30), id="a rest day is a first day too"),
        pytest.param(1, "workday", china(2, 13, 9), china(2, 14, 17, 30), id="a worked saturday counts"),
        pytest.param(2, "workday", china(2, 13, 9), china(2, 24, 17, 30), id="a festival does not"),
        pytest.param(1, "natural_day", china(3, 4, 9), china(3, 5, 17, 30), id="the last day ends with business"),
        pytest.param(2, "natural_day", china(3, 5, 9), china(3, 9, 17, 30), id="a last day of rest moves on"),
        pytest.param(1, "natural_day", china(2, 14, 9), china(2, 24, 17, 30), id="past the whole festival"),
        pytest.param(5, "natural_day", china(3, 5, 9), china(3, 10, 17, 30), id="rest days within are counted"),
        pytest.param(4, "work_hour", china(3, 6, 16), china(3, 9, 11), id="hours run from the start"),
        pytest.param(2, "urgent_hour", china(3, 6, 23), china(3, 7, 1), id="through the night"),
    ],
)
def test_days_by_the_civil_code(amount: int, unit: str, start: datetime, due: datetime) -> None:
    assert civil(amount, unit, start).due == due


def test_where_there_are_no_hours_of_business_the_last_day_ends_at_midnight() -> None:
    assert civil(3, "natural_day", china(3, 4, 9), calendar=ALWAYS).due == china(3, 8)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        pytest.param(china(3, 5, 10), china(3, 5, 11), china(3, 9, 17, 30), id="within a day: no day is lost"),
        pytest.param(china(3, 5, 10), china(3, 6, 10), china(3, 10, 17, 30), id="over a closing: one day"),
        pytest.param(china(3, 6, 18), china(3, 8, 18), china(3, 9, 17, 30), id="over a weekend: none"),
        pytest.param(china(3, 4, 15), china(3, 6, 10), china(3, 11, 17, 30), id="from birth: the first day is later"),
        pytest.param(china(3, 9, 17), china(3, 10, 9), china(3, 10, 17, 30), id="on the last day: never due meanwhile"),
    ],
)
def test_a_day_at_whose_close_the_clock_stands_is_not_counted(since: datetime, until: datetime, due: datetime) -> None:
    assert civil(3, "workday", china(3, 4, 9)).due == china(3, 9, 17, 30)
    assert civil(3, "workday", china(3, 4, 9), Pause(since, until)).due == due


def test_a_pause_that_lasts_leaves_it_without_a_due_instant_unless_it_had_run_out_before() -> None:
    assert civil(3, "workday", china(3, 4, 9), Pause(china(3, 6, 9))).due is None
    assert civil(3, "workday", china(3, 4, 9), Pause(china(3, 10, 9))).due == china(3, 9, 17, 30)


def test_days_that_run_out_are_refused() -> None:
    one_day = WorkCalendar(
        name="once", version="1", zone="Asia/Shanghai", periods=OFFICE.periods, weekend=frozenset(range(7)),
        workdays=frozenset({date(2026, 3, 5)}), known_until=date(2026, 12, 31),
    )  # fmt: skip
    assert civil(1, "workday", china(3, 4, 9), calendar=one_day).due == china(3, 5, 17, 30)
    with pytest.raises(TooLittleWorkingTime):
        assert civil(2, "workday", china(3, 4, 9), calendar=one_day).due


# --- against days walked one by one ---------------------------------------------------------------


def closes(day: date) -> datetime:
    works = OFFICE.is_workday(day)
    return datetime.combine(day, time(17, 30), CHINA) if works else datetime.combine(day + DAY, time.min, CHINA)


def walked(amount: int, *, workdays: bool, start: datetime, stood: list[tuple[datetime, datetime]]) -> datetime:
    """The close of the last day, when each day on which the clock runs at the close is crossed off."""
    day, crossed = start.date(), -1
    while True:
        runs = not any(since < closes(day) <= until for since, until in stood)
        counts = runs and (crossed < 0 or not workdays or OFFICE.is_workday(day))
        crossed += counts
        if runs and crossed >= amount and OFFICE.is_workday(day):
            return closes(day)
        day += DAY


minutes = st.integers(0, 20 * 24 * 60).map(lambda n: china(2, 9) + n * MINUTE)
stretches = st.tuples(minutes, st.integers(0, 6 * 24 * 60)).map(lambda one: (one[0], one[0] + one[1] * MINUTE))


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 12), st.sampled_from(["workday", "natural_day"]), minutes, st.lists(stretches, max_size=3))
def test_it_is_the_day_found_by_crossing_off(
    amount: int, unit: str, start: datetime, stood: list[tuple[datetime, datetime]]
) -> None:
    apart = civil(amount, unit, start, *(Pause(*one) for one in stood))
    whole = [(rest.start, rest.end) for rest in apart.rests if rest.end]
    assert apart.due == walked(amount, workdays=unit == "workday", start=start, stood=whole)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.sampled_from(["workday", "natural_day"]), minutes, st.lists(stretches, max_size=3))
def test_it_is_never_due_while_it_is_paused_nor_earlier_for_a_pause(
    amount: int, unit: str, start: datetime, stood: list[tuple[datetime, datetime]]
) -> None:
    clock, free = civil(amount, unit, start, *(Pause(*one) for one in stood)), civil(amount, unit, start).due
    assert clock.due is not None
    assert free is not None
    assert clock.due >= free
    assert not any(since < clock.due < until for since, until in stood)
