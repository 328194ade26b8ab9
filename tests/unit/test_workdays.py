"""工作日历: against a calendar read minute by minute, and against days counted by hand.

The days of 2025 and 2026 are those of the State Council's notices, written out here on purpose: the
arithmetic must not lean on the package that supplies them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.workdays import WorkCalendar

CHINA, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

OFFICE = ((time(8, 30), time(12)), (time(14), time(17, 30)))
ROUND_THE_CLOCK = ((time.min, time.min),)
NIGHT = ((time.min, time(2, 15)), (time(22), time.min))
SMALL_HOURS = ((time(1, 30), time(2, 30)), (time(2, 30), time(5)))

REST_2025 = [date(2025, 9, 27), *(date(2025, 10, day) for day in range(1, 9))]
REST_2026 = [date(2026, 2, day) for day in range(15, 24)]
WORKED = [date(2025, 9, 28), date(2025, 10, 11), date(2026, 2, 14), date(2026, 2, 28)]

OFFICE_HOURS = WorkCalendar(
    name="office",
    version="cn-2026.1",
    zone="Asia/Shanghai",
    periods=OFFICE,
    known_until=date(2026, 12, 31),
    holidays=frozenset(REST_2025 + REST_2026),
    workdays=frozenset(WORKED),
)
NEW_YORK_ALWAYS = replace(
    OFFICE_HOURS, zone="America/New_York", periods=ROUND_THE_CLOCK, weekend=frozenset(), workdays=frozenset()
)


def china(month: int, day: int, hour: int, minute: int = 0, second: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)


def new_york(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK, fold=fold)


# Days on which clocks change at two, by half an hour, at midnight, across midnight, or skip a whole day.
CHANGES = {
    "Asia/Shanghai": [date(2025, 9, 27), date(2026, 2, 12)],
    "America/New_York": [date(2026, 3, 7), date(2026, 10, 31)],
    "Australia/Lord_Howe": [date(2025, 4, 5), date(2025, 10, 4)],
    "America/Sao_Paulo": [date(2017, 10, 14), date(2018, 2, 17)],
    "America/St_Johns": [date(2006, 10, 28)],
    "America/Havana": [date(2025, 3, 8), date(2025, 11, 1)],
    "Pacific/Apia": [date(2011, 12, 29)],
}
WINDOW_DAYS = 8


class Scene(NamedTuple):
    """A calendar, minutes in a row around a change of clocks, and whether each is working time."""

    calendar: WorkCalendar
    minutes: list[datetime]
    works: list[bool]


def is_working(calendar: WorkCalendar, instant: datetime) -> bool:
    wall = instant.astimezone(ZoneInfo(calendar.zone))
    ordinary = wall.weekday() not in calendar.weekend and wall.date() not in calendar.holidays
    if not ordinary and wall.date() not in calendar.workdays:
        return False
    return any(start <= wall.time() and (wall.time() < end or end == time.min) for start, end in calendar.periods)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    first = draw(st.sampled_from(CHANGES[zone])) - draw(st.integers(0, 3)) * DAY
    days = [first + n * DAY for n in range(WINDOW_DAYS)]
    holidays = draw(st.frozensets(st.sampled_from(days), max_size=3))
    worked = draw(st.frozensets(st.sampled_from(days), max_size=3)) - holidays
    periods = draw(st.sampled_from([OFFICE, ROUND_THE_CLOCK, NIGHT, SMALL_HOURS]))
    weekend = draw(st.sampled_from([OFFICE_HOURS.weekend, frozenset[int]()]))
    changes = {"zone": zone, "periods": periods, "weekend": weekend, "holidays": holidays, "workdays": worked}
    calendar = replace(OFFICE_HOURS, **changes)  # type: ignore[arg-type]
    origin = datetime.combine(first, time.min, UTC)
    minutes = [origin + n * MINUTE for n in range(WINDOW_DAYS * 24 * 60)]
    return Scene(calendar, minutes, [is_working(calendar, minute) for minute in minutes])


positions = st.integers(0, WINDOW_DAYS * 24 * 60 - 1)
oracle = settings(max_examples=60, deadline=None)


@oracle
@given(scenes(), positions, positions)
def test_working_time_between_two_instants_is_what_counting_minutes_gives(scene: Scene, a: int, b: int) -> None:
    a, b = sorted((a, b))
    counted = sum(scene.works[a:b]) * MINUTE
    assert scene.calendar.between(scene.minutes[a], scene.minutes[b]) == counted
    assert scene.calendar.between(scene.minutes[b], scene.minutes[a]) == -counted


@oracle
@given(scenes(), positions, st.integers(1, 3000))
def test_working_time_is_added_as_counting_minutes_does(scene: Scene, start: int, amount: int) -> None:
    counted = [n for n in range(start, len(scene.works)) if scene.works[n]]
    assume(len(counted) >= amount)
    due = scene.minutes[counted[amount - 1]] + MINUTE
    assert scene.calendar.add(scene.minutes[start], amount * MINUTE) == due


@oracle
@given(scenes(), positions)
def test_the_next_opening_is_the_first_working_minute(scene: Scene, start: int) -> None:
    opening = next((n for n in range(start, len(scene.works)) if scene.works[n]), None)
    assume(opening is not None)
    assert scene.calendar.next_opening(scene.minutes[start]) == scene.minutes[opening or 0]


@oracle
@given(scenes(), positions, st.integers(1, 4))
def test_workdays_are_counted_day_by_day_from_the_first_working_minute(scene: Scene, start: int, days: int) -> None:
    calendar, zone = replace(scene.calendar, periods=OFFICE), ZoneInfo(scene.calendar.zone)
    opening = next((minute for minute in scene.minutes[start:] if is_working(calendar, minute)), None)
    assume(opening is not None)
    due = (opening or scene.minutes[start]).astimezone(zone)
    for _ in range(days):
        due += DAY
        while not exists(due) or not is_working(calendar, due):
            due += DAY
    assert calendar.add_workdays(scene.minutes[start], days) == due.astimezone(UTC)


def exists(wall: datetime) -> bool:
    return wall.astimezone(UTC).astimezone(wall.tzinfo) == wall


starts = st.timedeltas(timedelta(), timedelta(days=170)).map(lambda after: china(9, 20, 0, year=2025) + after)
spans = st.timedeltas(timedelta(), timedelta(days=9))


@given(starts, starts, spans, spans)
def test_a_later_start_or_a_longer_span_never_ends_earlier(
    a: datetime, b: datetime, short: timedelta, more: timedelta
) -> None:
    first, last = min(a, b), max(a, b)
    assert OFFICE_HOURS.add(first, short) <= OFFICE_HOURS.add(last, short)
    assert OFFICE_HOURS.add(first, short) <= OFFICE_HOURS.add(first, short + more)
    assert OFFICE_HOURS.add_workdays(first, short.days) <= OFFICE_HOURS.add_workdays(last, short.days)
    assert OFFICE_HOURS.add_workdays(first, short.days) < OFFICE_HOURS.add_workdays(first, short.days + 1)


@given(starts, spans, spans)
def test_working_time_adds_up_and_is_found_again(start: datetime, one: timedelta, two: timedelta) -> None:
    assert OFFICE_HOURS.add(OFFICE_HOURS.add(start, one), two) == OFFICE_HOURS.add(start, one + two)
    assert OFFICE_HOURS.between(start, OFFICE_HOURS.add(start, one)) == one


@given(starts, starts, starts)
def test_working_time_between_instants_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    assert OFFICE_HOURS.between(a, b) + OFFICE_HOURS.between(b, c) == OFFICE_HOURS.between(a, c)
    if a <= b:
        assert OFFICE_HOURS.add(a, OFFICE_HOURS.between(a, b)) <= max(a, b)


@given(starts, st.integers(0, 60), st.integers(0, 60))
def test_workdays_add_up(start: datetime, one: int, two: int) -> None:
    in_two_steps = OFFICE_HOURS.add_workdays(OFFICE_HOURS.add_workdays(start, one), two)
    assert in_two_steps == OFFICE_HOURS.add_workdays(start, one + two)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param(china(3, 6, 16), 1, china(3, 9, 16), id="friday afternoon ends on monday afternoon"),
        pytest.param(china(3, 6, 17, 29, 59), 1, china(3, 9, 17, 29, 59), id="last second of friday"),
        pytest.param(china(3, 6, 17, 30), 1, china(3, 10, 8, 30), id="closing second counts from monday"),
        pytest.param(china(3, 4, 8, 30), 1, china(3, 5, 8, 30), id="opening second counts at once"),
        pytest.param(china(3, 4, 6), 1, china(3, 5, 8, 30), id="before opening counts from the opening"),
        pytest.param(china(3, 4, 12), 1, china(3, 5, 14), id="lunch counts from the afternoon"),
        pytest.param(china(3, 4, 13, 59, 59), 1, china(3, 5, 14), id="end of lunch"),
        pytest.param(china(3, 7, 10), 2, china(3, 11, 8, 30), id="saturday counts from monday"),
        pytest.param(china(2, 13, 15), 1, china(2, 14, 15), id="a worked saturday counts"),
        pytest.param(china(2, 13, 15), 2, china(2, 24, 15), id="over the spring festival of 2026"),
        pytest.param(china(2, 17, 10), 4, china(2, 28, 8, 30), id="a festival day, to a worked saturday"),
        pytest.param(china(9, 26, 16, year=2025), 1, china(9, 28, 16, year=2025), id="a worked sunday counts"),
        pytest.param(china(9, 30, 16, year=2025), 3, china(10, 11, 16, year=2025), id="over the golden week"),
        pytest.param(china(9, 30, 16, year=2025), 4, china(10, 13, 16, year=2025), id="and the sunday after"),
    ],
)
def test_workdays_end_at_the_same_time_of_day(start: datetime, days: int, due: datetime) -> None:
    assert OFFICE_HOURS.add_workdays(start, days) == due


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param(china(3, 6, 16), 4, china(3, 9, 11), id="friday afternoon into monday"),
        pytest.param(china(3, 6, 17, 30), 1, china(3, 9, 9, 30), id="closing second"),
        pytest.param(china(3, 4, 12), 1, china(3, 4, 15), id="lunch"),
        pytest.param(china(3, 4, 11), 1, china(3, 4, 12), id="used up by noon ends at noon"),
        pytest.param(china(3, 4, 8, 30), 7, china(3, 4, 17, 30), id="a day's hours end at closing"),
        pytest.param(china(2, 14, 16), 3, china(2, 24, 10), id="a worked saturday before the festival"),
        pytest.param(china(10, 4, 3, year=2025), 1, china(10, 9, 9, 30, year=2025), id="night of a festival"),
    ],
)
def test_work_hours_run_only_inside_the_periods(start: datetime, hours: int, due: datetime) -> None:
    assert OFFICE_HOURS.add(start, hours * HOUR) == due


def test_no_working_time_leaves_the_start_where_it_is() -> None:
    assert OFFICE_HOURS.add(china(3, 7, 10), timedelta()) == china(3, 7, 10)


def test_the_spans_of_a_day_are_its_periods_and_a_rest_day_has_none() -> None:
    assert OFFICE_HOURS.spans(date(2026, 2, 14)) == [
        (china(2, 14, 8, 30), china(2, 14, 12)),
        (china(2, 14, 14), china(2, 14, 17, 30)),
    ]
    assert OFFICE_HOURS.spans(date(2026, 2, 16)) == []
    assert OFFICE_HOURS.spans(date(2026, 3, 7)) == []


def test_instants_come_back_in_utc_so_that_subtracting_them_is_elapsed_time() -> None:
    start = new_york(3, 7, 12)
    due = NEW_YORK_ALWAYS.add_local(start, DAY)
    assert due.tzinfo is UTC
    assert due - NEW_YORK_ALWAYS.next_opening(start) == 23 * HOUR


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)])
def test_a_day_on_which_clocks_change_has_the_hours_it_has(day: date, hours: int) -> None:
    spans = NEW_YORK_ALWAYS.spans(day)
    assert sum((end - start for start, end in spans), timedelta()) == hours * HOUR
    midnight = datetime.combine(day, time.min, NEW_YORK)
    assert NEW_YORK_ALWAYS.between(midnight, midnight + DAY) == hours * HOUR
    assert NEW_YORK_ALWAYS.add(midnight, hours * HOUR) == midnight + DAY


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, days in CHANGES.items() for day in days])
def test_round_the_clock_working_time_is_elapsed_time_whatever_clocks_do(zone: str, day: date) -> None:
    always = replace(NEW_YORK_ALWAYS, zone=zone, holidays=frozenset())
    instants = [datetime.combine(day, time.min, UTC) + n * 20 * MINUTE for n in range(150)]
    assert [always.next_opening(instant) for instant in instants] == instants
    assert [always.add(instant, 20 * MINUTE) for instant in instants[:-1]] == instants[1:]


def test_days_keep_the_time_of_day_over_a_change_of_clocks() -> None:
    assert NEW_YORK_ALWAYS.add_local(new_york(3, 7, 10), DAY) == new_york(3, 8, 10)
    assert NEW_YORK_ALWAYS.add_workdays(new_york(10, 31, 10), 2) == new_york(11, 2, 10)
    assert NEW_YORK_ALWAYS.add_local(new_york(11, 1, 1, 30, fold=1), DAY) == new_york(11, 2, 1, 30)


def test_a_time_of_day_that_clocks_skip_is_the_moment_they_skip_it() -> None:
    skipped = new_york(3, 8, 3)
    assert NEW_YORK_ALWAYS.add_local(new_york(3, 7, 2, 30), DAY) == skipped.astimezone(UTC)
    assert NEW_YORK_ALWAYS.add_workdays(new_york(3, 7, 2), 1) == skipped.astimezone(UTC)


def test_a_time_of_day_that_comes_twice_is_its_first_coming_unless_the_start_was_the_second() -> None:
    twice = NEW_YORK_ALWAYS.add_local(new_york(10, 31, 1, 30), DAY)
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert NEW_YORK_ALWAYS.add_local(second, timedelta()) == second


def test_a_skipped_day_is_no_workday() -> None:
    apia = replace(OFFICE_HOURS, zone="Pacific/Apia", known_until=date(2011, 12, 31))
    thursday = datetime(2011, 12, 29, 10, tzinfo=ZoneInfo("Pacific/Apia"))
    assert apia.spans(date(2011, 12, 30)) == []
    assert apia.add_workdays(thursday, 1).astimezone(UTC) == datetime(2012, 1, 1, 20, tzinfo=UTC)


YEARS_OF_HOLIDAYS = frozenset(date(2026, 1, 1) + n * DAY for n in range(60 * 366))
SEARCHES: list[Callable[[WorkCalendar], datetime]] = [
    lambda calendar: calendar.next_opening(china(3, 4, 9)),
    lambda calendar: calendar.add(china(3, 4, 9), HOUR),
    lambda calendar: calendar.add_workdays(china(3, 4, 9), 1),
]


@pytest.mark.parametrize("search", SEARCHES)
def test_years_of_holidays_are_crossed_and_endless_ones_are_refused(
    search: Callable[[WorkCalendar], datetime],
) -> None:
    three_years = frozenset(day for day in YEARS_OF_HOLIDAYS if day.year < 2029)
    assert search(replace(OFFICE_HOURS, holidays=three_years, workdays=frozenset())).year == 2029
    with pytest.raises(ValueError, match=r"office cn-2026\.1: too little working time in the 50 years"):
        search(replace(OFFICE_HOURS, holidays=YEARS_OF_HOLIDAYS, workdays=frozenset()))


def test_working_days_that_run_out_are_refused() -> None:
    one_day = replace(OFFICE_HOURS, weekend=frozenset(range(7)), holidays=frozenset())
    assert one_day.add(china(2, 28, 8), 7 * HOUR) == china(2, 28, 17, 30)
    with pytest.raises(ValueError, match="too little working time"):
        one_day.add_workdays(china(2, 28, 8), 1)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"periods": ()}, "no working time"),
        ({"weekend": frozenset(range(7)), "workdays": frozenset()}, "no working time"),
        ({"periods": ((time(12), time(8)),)}, "12:00:00-08:00:00 does not end after it starts"),
        ({"periods": ((time(8), time(8)),)}, "does not end after it starts"),
        (
            {"periods": ((time(13), time(17)), (time(8), time(14)))},
            "08:00:00-14:00:00 overlaps the one from 13:00",
        ),
        ({"periods": ((time(8), time.min), (time(9), time(10)))}, "overlaps the one from 09:00"),
        ({"periods": ((time(8, tzinfo=UTC), time(9, tzinfo=UTC)),)}, "must be wall time"),
        ({"workdays": frozenset(REST_2026)}, "2026-02-15 is both holiday and working day"),
        ({"weekend": frozenset({7})}, "outside 0-6"),
        ({"zone": "Asia/Wangge"}, "unknown time zone 'Asia/Wangge'"),
        ({"zone": ""}, "unknown time zone"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_its_name(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=f"calendar office cn-2026.1: .*{fault}"):
        replace(OFFICE_HOURS, **changes)  # type: ignore[arg-type]


def test_periods_in_any_order_make_the_same_calendar() -> None:
    turned = replace(OFFICE_HOURS, periods=list(reversed(OFFICE)))
    assert turned == OFFICE_HOURS
    assert hash(turned) == hash(OFFICE_HOURS)


NAIVE, ANCIENT = datetime(2026, 3, 4), datetime(1969, 1, 1, tzinfo=UTC)  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(("instant", "fault"), [(NAIVE, "must carry its UTC offset"), (ANCIENT, "1970-2199")])
def test_an_instant_without_offset_or_out_of_range_is_refused_by_name(instant: datetime, fault: str) -> None:
    good = china(3, 4, 9)
    with pytest.raises(ValueError, match=f"instant .*{fault}"):
        OFFICE_HOURS.next_opening(instant)
    with pytest.raises(ValueError, match=f"start .*{fault}"):
        OFFICE_HOURS.add(instant, HOUR)
    with pytest.raises(ValueError, match=f"start .*{fault}"):
        OFFICE_HOURS.add_workdays(instant, 1)
    with pytest.raises(ValueError, match=f"start .*{fault}"):
        OFFICE_HOURS.add_local(instant, DAY)
    with pytest.raises(ValueError, match=f"end .*{fault}"):
        OFFICE_HOURS.between(good, instant)


def test_going_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="working must not be negative"):
        OFFICE_HOURS.add(china(3, 4, 9), -HOUR)
    with pytest.raises(ValueError, match="days must not be negative"):
        OFFICE_HOURS.add_workdays(china(3, 4, 9), -1)
