"""Defects that other systems have shown, each as the rule that rules it out here; the numbers are those of the list.

Of the 21, those of the engine: 1-4, 7-12, 14, 15, 18-20. Which clock a step of the work starts, stops or restarts
(5, 6, 16, 17), timers (13, and when a reminder of 12 is sent), the alarm of 14 and which rule gives the limit (21)
are decided where clocks are used.
"""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from domain.clock import Clock, ClockState
from domain.explaining import explain
from domain.limit import Limit, LimitUnit, deadline
from domain.pauses import Pause
from domain.workdays import BadCalendar, WorkCalendar
from tests.clock_oracle import ABROAD, CHINA, NEW_YORK, OFFICE

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def clock(amount: int, unit: str, start: datetime, *pauses: Pause, calendar: WorkCalendar = OFFICE) -> Clock:
    return Clock(Limit.of(amount, unit), start, calendar, pauses)


@pytest.mark.parametrize(
    ("start", "workday", "hour"),
    [
        pytest.param(china(3, 6, 20), china(3, 10, 8, 30), china(3, 9, 9, 30), id="outside hours"),
        pytest.param(china(2, 18, 10), china(2, 25, 8, 30), china(2, 24, 9, 30), id="on a holiday"),
        pytest.param(china(3, 6, 17, 30), china(3, 10, 8, 30), china(3, 9, 9, 30), id="at the exact closing second"),
        pytest.param(china(3, 6, 17, 30) - SECOND, china(3, 9, 17, 30) - SECOND, china(3, 9, 9, 30) - SECOND,
                     id="a second before"),
    ],
)  # fmt: skip
def test_01_a_start_outside_hours_counts_from_the_next_opening(
    start: datetime, workday: datetime, hour: datetime
) -> None:
    assert clock(1, "workday", start).due == workday
    assert clock(1, "work_hour", start).due == hour


def test_02_a_pause_over_a_weekend_adds_nothing_and_one_inside_hours_only_working_time() -> None:
    free = clock(8, "work_hour", china(3, 6, 16)).due
    assert free == china(3, 9, 17)
    assert clock(8, "work_hour", china(3, 6, 16), Pause(china(3, 6, 17, 30), china(3, 9, 8, 30))).due == free
    lunch = clock(8, "work_hour", china(3, 6, 16), Pause(china(3, 9, 11), china(3, 9, 15)))
    assert lunch.due == china(3, 10, 10)


def test_03_a_pause_ended_by_closing_two_in_a_minute_and_one_at_birth_all_count() -> None:
    start = china(3, 4, 9)
    closed = clock(4, "work_hour", start).stopped(start + HOUR)
    assert not closed.is_late(start + 180 * DAY)
    assert closed.used(start + 180 * DAY) == HOUR
    twice = clock(4, "work_hour", start, Pause(start + 5 * SECOND, start + 15 * SECOND),
                  Pause(start + 30 * SECOND, start + 50 * SECOND))  # fmt: skip
    assert twice.due == china(3, 4, 15) + 30 * SECOND
    assert clock(1, "work_hour", start, Pause(start, start + HOUR)).due == start + 2 * HOUR
    assert clock(1, "work_hour", start, Pause(start - DAY, start + HOUR)).due == start + 2 * HOUR


def test_04_what_it_stood_for_survives_another_limit_and_another_calendar() -> None:
    start = china(3, 4, 9)
    paused = clock(4, "work_hour", start, Pause(start, start + 2 * HOUR)).stopped(start + 2.5 * HOUR)
    changed = Clock(Limit.of(2, "work_hour"), start, OFFICE, paused.pauses)
    assert changed.resumed(china(3, 5, 8, 30)).due == china(3, 5, 10)
    assert changed.resumed(china(3, 5, 8, 30)).used(china(3, 5, 8, 30)) == 0.5 * HOUR
    all_day = WorkCalendar(name="all-day", version="1", zone="Asia/Shanghai", periods=((time(8), time(20)),),
                           known_until=date(2026, 12, 31))  # fmt: skip
    moved = Clock(Limit.of(4, "work_hour"), start, all_day, paused.pauses)
    assert moved.resumed(china(3, 5, 8)).due == china(3, 5, 11, 30)


def test_07_a_newer_calendar_makes_another_answer_and_leaves_the_first_as_it_was() -> None:
    start = china(3, 6, 10)
    first = deadline(Limit.of(1, "workday"), start, OFFICE)
    newer = WorkCalendar(
        name="office", version="cn-2026.2", zone="Asia/Shanghai", periods=OFFICE.periods,
        known_until=OFFICE.known_until, holidays=frozenset({date(2026, 3, 9)}),
    )  # fmt: skip
    again = deadline(Limit.of(1, "workday"), start, newer)
    assert (first.due, first.calendar_version) == (china(3, 9, 10), "cn-2026.1")
    assert (again.due, again.calendar_version) == (china(3, 10, 10), "cn-2026.2")


def test_08_the_zone_is_the_calendars_whatever_the_start_was_written_in_and_days_have_the_hours_they_have() -> None:
    start = china(3, 6, 16)
    for zone in (UTC, NEW_YORK, ZoneInfo("Pacific/Auckland")):
        same = clock(1, "workday", start.astimezone(zone))
        assert same.due == china(3, 9, 16)
        assert explain(same).sentence.endswith("2026-03-09 16:00到期。")
    for before, hours in (
        (datetime(2026, 3, 7, 10, tzinfo=NEW_YORK), 23),
        (datetime(2026, 10, 31, 10, tzinfo=NEW_YORK), 25),
    ):
        day = clock(1, "natural_day", before, calendar=ABROAD)
        assert day.due
        assert day.due - before.astimezone(UTC) == hours * HOUR
        assert day.total == DAY
        elapsed = clock(24, "urgent_hour", before, calendar=ABROAD).due
        assert elapsed == before.astimezone(UTC) + DAY


def test_09_a_lunch_break_and_several_shifts_count_as_they_are_worked() -> None:
    shifts = WorkCalendar(
        name="shifts", version="1", zone="Asia/Shanghai", known_until=date(2026, 12, 31),
        periods=((time(6), time(10)), (time(11), time(15)), (time(16), time(20))),
    )  # fmt: skip
    assert clock(12, "work_hour", china(3, 4, 9), calendar=shifts).due == china(3, 5, 9)
    assert clock(4, "work_hour", china(3, 4, 11)).due == china(3, 4, 17)
    assert clock(1, "workday", china(3, 4, 12, 30)).due == china(3, 5, 14)


def test_10_a_calendar_without_working_time_is_refused() -> None:
    for periods, weekend in (((), frozenset({5, 6})), (OFFICE.periods, frozenset(range(7)))):
        with pytest.raises(BadCalendar, match="no working time") as refused:
            WorkCalendar(name="none", version="1", zone="Asia/Shanghai", periods=periods, weekend=weekend,
                         known_until=date(2026, 12, 31))  # fmt: skip
        assert refused.value.problem == "没有工作时间"


def test_11_a_warning_falls_due_in_working_time() -> None:
    two_days = clock(2, "workday", china(3, 6, 14))
    assert [two_days.when_used(Fraction(percent, 100)) for percent in (50, 80, 100)] == [
        china(3, 9, 12), china(3, 10, 9, 12), china(3, 10, 14),
    ]  # fmt: skip


def test_12_no_share_of_a_limit_is_reached_at_rest() -> None:
    limit = clock(3, "workday", china(2, 13, 15), Pause(china(2, 14, 9), china(2, 24, 15)))
    for percent in range(1, 100):
        at = limit.when_used(Fraction(percent, 100))
        assert at
        assert limit.state(at - SECOND) is ClockState.RUNNING


def test_14_a_limit_into_a_year_not_published_is_provisional() -> None:
    late = datetime(2026, 12, 30, 10, tzinfo=CHINA)
    assert clock(2, "workday", late).provisional
    assert not clock(2, "natural_day", late).provisional
    assert not clock(1, "workday", late).provisional
    pushed = clock(1, "workday", late, Pause(late, late + 2 * DAY))
    assert pushed.provisional


def test_15_a_clock_stopped_by_closing_stands_for_good() -> None:
    start = china(3, 4, 9)
    done = clock(4, "work_hour", start).stopped(start + 2 * HOUR)
    assert done.used(start + 2 * HOUR) == done.used(start + 365 * DAY) == 2 * HOUR
    assert done.state(start + 365 * DAY) is ClockState.PAUSED
    late = clock(1, "work_hour", start).stopped(start + 2 * HOUR)
    assert late.is_late(start + 2 * HOUR)
    assert late.remaining(start + 365 * DAY) == -HOUR


@pytest.mark.parametrize("unit", [unit.value for unit in LimitUnit])
def test_18_nothing_becomes_overdue_while_it_is_paused(unit: str) -> None:
    start = china(3, 4, 9)
    free = clock(1, unit, start).due
    assert free
    for since in (start, free - MINUTE, free):
        standing = clock(1, unit, start).stopped(since)
        assert [standing.state(since + n * DAY) for n in (0, 1, 40)] == [ClockState.PAUSED] * 3
        going = standing.resumed(since + 40 * DAY)
        assert going.due
        assert going.due >= since + 40 * DAY
    assert clock(1, unit, start).stopped(free + MINUTE).state(free + DAY) is ClockState.OVERDUE


def test_19_long_limits_and_long_pauses_are_whole_to_the_microsecond() -> None:
    start = china(3, 4, 9) + timedelta(microseconds=1)
    stood = timedelta(days=400, hours=13, seconds=7, microseconds=3)
    minutes = clock(100_000, "minute", start, Pause(start + DAY, start + DAY + stood))
    assert minutes.due == start + timedelta(minutes=100_000) + stood
    odd = timedelta(seconds=59, microseconds=999_999)
    assert (
        clock(1, "work_hour", china(3, 4, 9), Pause(china(3, 4, 9), china(3, 4, 9) + odd)).due == china(3, 4, 10) + odd
    )


def test_20_a_workday_is_a_day_of_its_own_calendar_never_24_hours_of_working_time() -> None:
    one = clock(1, "workday", china(3, 4, 9))
    assert (one.due, one.total) == (china(3, 5, 9), 7 * HOUR)
    assert clock(7, "work_hour", china(3, 4, 8, 30)).due == china(3, 4, 17, 30)
    window = WorkCalendar(name="window", version="1", zone="Asia/Shanghai", periods=((time(9), time(21)),),
                          known_until=date(2026, 12, 31))  # fmt: skip
    assert clock(1, "workday", china(3, 4, 9), calendar=window).total == 12 * HOUR
