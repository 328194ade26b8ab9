"""时限: when a limit is due, what is left of it, and what a pause does to it.

The pauses are held against a clock ticked minute by minute; the traps are defects seen in other systems.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.limit import Deadline, Limit, LimitUnit, deadline, is_provisional, remaining, resume
from domain.workdays import WorkCalendar

CHINA, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPRING_FESTIVAL = frozenset(date(2026, 2, day) for day in range(15, 24))

CALENDAR = WorkCalendar(
    name="office",
    version="cn-2026.1",
    zone="Asia/Shanghai",
    periods=((time(8, 30), time(12)), (time(14), time(17, 30))),
    known_until=date(2026, 12, 31),
    holidays=SPRING_FESTIVAL,
    workdays=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)
ABROAD = WorkCalendar(
    name="abroad",
    version="1",
    zone="America/New_York",
    periods=((time(9), time(17)),),
    known_until=date(2026, 12, 31),
)


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def new_york(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK, fold=fold)


def due(amount: int, unit: str, start: datetime, calendar: WorkCalendar = CALENDAR) -> datetime:
    return deadline(Limit.of(amount, unit), start, calendar).due


AMOUNTS = {"minute": 9000, "urgent_hour": 150, "work_hour": 40, "workday": 8, "natural_day": 9}
limits = st.sampled_from(sorted(AMOUNTS)).flatmap(
    lambda unit: st.integers(1, AMOUNTS[unit]).map(lambda amount: Limit.of(amount, unit))
)
office_limits = limits.filter(lambda limit: limit.unit.on_workdays)
calendars = st.sampled_from([CALENDAR, ABROAD])
instants = st.integers(0, 40 * 24 * 60).map(lambda after: china(2, 9, 0) + after * MINUTE)
pauses = st.integers(0, 14 * 24 * 60).map(lambda minutes: minutes * MINUTE)


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (15, "minute", "15分钟"),
        (2, "urgent_hour", "2个紧急工作时"),
        (4, "work_hour", "4个工作时"),
        (2, "workday", "2个工作日"),
        (15, "natural_day", "15个自然日"),
    ],
)
def test_a_limit_reads_as_the_field_writes_it_and_is_read_by_value_or_label(amount: int, unit: str, text: str) -> None:
    limit = Limit.of(amount, unit)
    assert str(limit) == text
    assert Limit.of(amount, limit.unit.label) == Limit(amount, LimitUnit(unit)) == limit


@pytest.mark.parametrize("amount", [0, -1, 2_501, True, 1.5])
def test_a_limit_out_of_bounds_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="workday: 1 to 2500, got"):
        Limit.of(amount, "workday")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="no such unit of a limit: 'fortnight'"):
        Limit.of(1, "fortnight")


@pytest.mark.parametrize("unit", list(LimitUnit))
def test_the_longest_limit_of_each_unit_can_be_reckoned(unit: LimitUnit) -> None:
    longest = {"minute": 5_270_400, "urgent_hour": 87_840, "work_hour": 20_000, "workday": 2_500}
    limit = Limit(longest.get(unit.value, 3_660), unit)
    assert deadline(limit, china(3, 4, 9), CALENDAR).due > china(3, 4, 9) + 9 * 365 * DAY


@pytest.mark.parametrize(
    ("amount", "unit", "start", "expected"),
    [
        pytest.param(30, "minute", china(3, 6, 17, 25), china(3, 6, 17, 55), id="minutes run past closing"),
        pytest.param(2, "urgent_hour", china(2, 16, 23), china(2, 17, 1), id="urgent hours run on holidays"),
        pytest.param(4, "work_hour", china(3, 6, 16), china(3, 9, 11), id="work hours wait for monday"),
        pytest.param(1, "workday", china(3, 6, 17, 30), china(3, 10, 8, 30), id="closing second"),
        pytest.param(1, "workday", china(2, 13, 16), china(2, 14, 16), id="worked saturday"),
        pytest.param(2, "workday", china(2, 13, 12, 30), china(2, 24, 14), id="lunch, then the festival"),
        pytest.param(7, "natural_day", china(2, 13, 16), china(2, 20, 16), id="natural days take all days"),
    ],
)
def test_each_unit_is_due_by_its_own_rule(amount: int, unit: str, start: datetime, expected: datetime) -> None:
    assert due(amount, unit, start) == expected


def test_a_deadline_keeps_what_it_was_reckoned_from() -> None:
    limit, saturday = Limit.of(1, "workday"), china(3, 7, 10)
    assert deadline(limit, saturday, CALENDAR) == Deadline(
        limit=limit,
        calendar="office",
        calendar_version="cn-2026.1",
        clock_start=saturday.astimezone(UTC),
        due=china(3, 10, 8, 30).astimezone(UTC),
        provisional=False,
    )


@pytest.mark.parametrize(
    ("amount", "unit", "provisional"),
    [
        (1, "workday", False),
        (2, "workday", True),
        (8, "work_hour", False),
        (9, "work_hour", True),
        (30, "natural_day", False),
    ],
)
def test_a_limit_counted_in_working_time_is_provisional_past_the_last_published_day(
    amount: int, unit: str, provisional: bool
) -> None:
    reckoned = deadline(Limit.of(amount, unit), china(12, 30, 16), CALENDAR)
    assert reckoned.provisional is provisional
    assert is_provisional(reckoned.limit, reckoned.due, CALENDAR) is provisional


def test_natural_days_keep_the_local_time_and_urgent_hours_the_elapsed_time_over_a_change_of_clocks() -> None:
    start = new_york(3, 7, 10)
    assert due(1, "natural_day", start, ABROAD) == new_york(3, 8, 10)
    assert due(24, "urgent_hour", start, ABROAD) == new_york(3, 8, 11)
    assert due(24 * 60, "minute", new_york(10, 31, 10), ABROAD) == new_york(11, 1, 9)
    assert due(1, "natural_day", start, ABROAD) - start.astimezone(UTC) == 23 * HOUR


@given(limits, calendars, instants, instants)
def test_a_later_start_or_a_larger_amount_is_never_due_earlier(
    limit: Limit, calendar: WorkCalendar, a: datetime, b: datetime
) -> None:
    first, last = min(a, b), max(a, b)
    reckoned = deadline(limit, first, calendar).due
    assert first < reckoned <= deadline(limit, last, calendar).due
    assert reckoned < deadline(Limit(limit.amount + 1, limit.unit), first, calendar).due


@given(limits, instants)
def test_the_whole_limit_remains_at_the_start_and_nothing_when_due(limit: Limit, start: datetime) -> None:
    one = {"minute": MINUTE, "urgent_hour": HOUR, "work_hour": HOUR, "workday": 7 * HOUR, "natural_day": DAY}
    end = deadline(limit, start, CALENDAR).due
    assert remaining(limit, start, end, CALENDAR) == limit.amount * one[limit.unit.value]
    assert remaining(limit, end, end, CALENDAR) == timedelta()


def test_what_remains_is_measured_on_the_limits_own_calendar() -> None:
    friday, monday = china(3, 6, 16), china(3, 9, 9)
    assert remaining(Limit.of(4, "work_hour"), friday, monday, CALENDAR) == 2 * HOUR
    assert remaining(Limit.of(2, "workday"), monday, friday, CALENDAR) == -2 * HOUR
    assert remaining(Limit.of(9, "urgent_hour"), friday, monday, CALENDAR) == 65 * HOUR
    before, after = new_york(3, 7, 9), new_york(3, 9, 10)
    assert remaining(Limit.of(9, "natural_day"), before, after, ABROAD) == 2 * DAY + HOUR
    assert remaining(Limit.of(9, "natural_day"), after, before, ABROAD) == -(2 * DAY + HOUR)
    assert remaining(Limit.of(99, "urgent_hour"), before, after, ABROAD) == 2 * DAY


@given(limits, calendars, instants, instants)
def test_a_clock_not_stopped_changes_nothing(
    limit: Limit, calendar: WorkCalendar, start: datetime, at: datetime
) -> None:
    end = deadline(limit, start, calendar).due
    assert resume(limit, end, at, at, calendar) == end


def ticked(limit: Limit, start: datetime, stopped: datetime, resumed: datetime) -> datetime:
    """When a limit in work hours has run out, one minute after the other."""
    left, minute = limit.amount * HOUR, start
    while left:
        wall = minute.astimezone(CHINA)
        rests = wall.weekday() >= 5 or wall.date() in SPRING_FESTIVAL
        if (not rests or wall.date() in CALENDAR.workdays) and not stopped <= minute < resumed:
            left -= any(first <= wall.time() < last for first, last in CALENDAR.periods) * MINUTE
        minute += MINUTE
    return minute


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 30), instants, pauses, pauses)
def test_work_hours_with_a_pause_end_as_a_ticked_clock_does(
    hours: int, start: datetime, before: timedelta, pause: timedelta
) -> None:
    limit, stopped = Limit.of(hours, "work_hour"), start + before
    end = deadline(limit, start, CALENDAR).due
    assume(stopped < end)
    resumed = resume(limit, end, stopped, stopped + pause, CALENDAR)
    assert resumed == ticked(limit, start, stopped, stopped + pause)


@given(office_limits, calendars, instants, pauses, pauses)
def test_what_remained_at_the_stop_remains_at_the_resumption_and_nothing_is_late_by_resting(
    limit: Limit, calendar: WorkCalendar, start: datetime, before: timedelta, pause: timedelta
) -> None:
    stopped, end = start + before, deadline(limit, start, calendar).due
    assume(stopped <= end)
    moved = resume(limit, end, stopped, stopped + pause, calendar)
    assert moved >= max(end, stopped + pause)
    left = remaining(limit, stopped, end, calendar)
    assert remaining(limit, stopped + pause, moved, calendar) == left


@given(limits, instants, pauses, pauses, pauses)
def test_two_pauses_in_a_row_are_one_and_a_longer_one_is_never_due_earlier(
    limit: Limit, start: datetime, before: timedelta, one: timedelta, two: timedelta
) -> None:
    stopped, end = start + before, deadline(limit, start, CALENDAR).due
    between = resume(limit, end, stopped, stopped + one, CALENDAR)
    in_two = resume(limit, between, stopped + one, stopped + one + two, CALENDAR)
    in_one = resume(limit, end, stopped, stopped + one + two, CALENDAR)
    assert end <= between <= in_one
    if stopped <= end:
        assert in_two == in_one


@pytest.mark.parametrize(
    ("amount", "unit", "start", "stopped", "resumed", "expected"),
    [
        pytest.param(
            4, "work_hour", china(3, 6, 16), china(3, 6, 18), china(3, 9, 8), china(3, 9, 11),
            id="a pause over the weekend adds nothing",
        ),
        pytest.param(
            4, "work_hour", china(3, 6, 16), china(3, 6, 17), china(3, 9, 9), china(3, 9, 12),
            id="a pause into monday adds its working hour",
        ),
        pytest.param(
            2, "workday", china(3, 4, 10), china(3, 4, 10), china(3, 5, 10), china(3, 9, 10),
            id="stopped at birth for a workday",
        ),
        pytest.param(
            1, "workday", china(3, 6, 17, 30), china(3, 9, 8, 30), china(3, 9, 17, 30), china(3, 11, 8, 30),
            id="workdays go on at the opening, not at closing",
        ),
        pytest.param(
            1, "workday", china(2, 13, 16), china(2, 14, 10), china(2, 24, 10), china(2, 24, 16),
            id="a worked saturday, then the festival, is one workday",
        ),
        pytest.param(
            2, "urgent_hour", china(3, 6, 23), china(3, 7, 0), china(3, 7, 3), china(3, 7, 4),
            id="urgent hours count nights",
        ),
        pytest.param(
            3, "natural_day", china(3, 6, 16), china(3, 7, 12), china(3, 10, 18), china(3, 12, 22),
            id="natural days: two days and four hours remained",
        ),
    ],
)  # fmt: skip
def test_a_resumed_clock_has_what_it_had(
    amount: int, unit: str, start: datetime, stopped: datetime, resumed: datetime, expected: datetime
) -> None:
    limit = Limit.of(amount, unit)
    assert resume(limit, due(amount, unit, start), stopped, resumed, CALENDAR) == expected


@pytest.mark.parametrize(
    ("stopped", "end", "resumed", "expected"),
    [
        pytest.param(new_york(3, 7, 10), new_york(3, 9, 10), new_york(3, 8, 10), new_york(3, 10, 10), id="a day"),
        pytest.param(new_york(3, 5, 22), new_york(3, 7, 10), new_york(3, 6, 22), new_york(3, 8, 10), id="before"),
        pytest.param(new_york(3, 7, 12), new_york(3, 9, 10), new_york(3, 8, 6), new_york(3, 10, 4), id="a part"),
    ],
)
def test_a_pause_of_natural_days_is_read_off_the_local_clock(
    stopped: datetime, end: datetime, resumed: datetime, expected: datetime
) -> None:
    assert resume(Limit.of(3, "natural_day"), end, stopped, resumed, ABROAD) == expected


@pytest.mark.parametrize("end", [china(3, 6, 17, 30), china(3, 7, 12)])
def test_a_due_instant_set_by_hand_outside_the_periods_is_not_moved_by_a_pause_of_rest(end: datetime) -> None:
    assert resume(Limit.of(2, "workday"), end, china(3, 6, 12), china(3, 6, 14), CALENDAR) == end


def test_clocks_going_back_never_make_a_paused_limit_due_earlier() -> None:
    limit, end = Limit.of(3, "natural_day"), new_york(11, 3, 1, 45)
    stopped, resumed = new_york(11, 1, 1, 45), new_york(11, 1, 1, 15, fold=1)
    assert resume(limit, end, stopped, resumed, ABROAD) == end.astimezone(UTC)
    first, second = new_york(11, 1, 1, 45), new_york(11, 1, 1, 15, fold=1)
    assert remaining(limit, first, second, ABROAD) == remaining(limit, second, first, ABROAD) == timedelta()


def test_a_limit_overdue_when_stopped_stays_due_when_it_was() -> None:
    limit, end = Limit.of(1, "workday"), china(3, 5, 10)
    assert resume(limit, end, china(3, 5, 10, 1), china(3, 9, 10), CALENDAR) == end


@pytest.mark.parametrize("resumed", [china(3, 7, 10), china(3, 9, 13), china(3, 9, 15)])
def test_a_limit_stopped_the_moment_it_is_due_is_due_when_it_goes_on(resumed: datetime) -> None:
    limit, closing = Limit.of(4, "work_hour"), china(3, 6, 17, 30)
    assert resume(limit, closing, closing, resumed, CALENDAR) == resumed


@pytest.mark.parametrize("unit", list(LimitUnit))
def test_an_instant_without_offset_is_refused_by_name(unit: LimitUnit) -> None:
    limit, good, naive = Limit(1, unit), china(3, 4, 9), datetime(2026, 3, 4, 9)  # noqa: DTZ001 - refused
    with pytest.raises(ValueError, match="start must carry its UTC offset"):
        deadline(limit, naive, CALENDAR)
    with pytest.raises(ValueError, match="at must carry its UTC offset"):
        remaining(limit, naive, good, CALENDAR)
    with pytest.raises(ValueError, match="due must carry its UTC offset"):
        remaining(limit, good, naive, CALENDAR)
    with pytest.raises(ValueError, match="due must carry its UTC offset"):
        resume(limit, naive, good, good, CALENDAR)
    with pytest.raises(ValueError, match="stopped_at must carry its UTC offset"):
        resume(limit, good, naive, good, CALENDAR)
    with pytest.raises(ValueError, match="resumed_at must carry its UTC offset"):
        resume(limit, good, good, naive, CALENDAR)


def test_going_on_before_the_stop_is_refused() -> None:
    with pytest.raises(ValueError, match="is before stopped_at"):
        resume(Limit.of(1, "workday"), china(3, 5, 10), china(3, 4, 10), china(3, 4, 9), CALENDAR)
