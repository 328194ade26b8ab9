"""时限的钟: pauses, extensions, and what it shows at any instant, against a clock ticked minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.clock import Clock, ClockState
from domain.counting import Counting
from domain.limit import Limit, LimitUnit, deadline, resume
from domain.pauses import Pause, merged
from tests.clock_oracle import ABROAD, CHINA, LORD_HOWE, NEW_YORK, OFFICE, Ticks, ticks

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Around the Spring Festival with its worked Saturdays, and around days of 23, 25, 23.5 and 24.5 hours.
PLACES = {
    "festival": (OFFICE, datetime(2026, 2, 9, tzinfo=CHINA), 420),
    "spring": (ABROAD, datetime(2026, 3, 5, tzinfo=NEW_YORK), 480),
    "autumn": (ABROAD, datetime(2026, 10, 29, tzinfo=NEW_YORK), 480),
    "half an hour": (LORD_HOWE, datetime(2026, 4, 2, tzinfo=ZoneInfo("Australia/Lord_Howe")), 480),
}
AMOUNTS = {"minute": 4000, "urgent_hour": 80, "work_hour": 20, "workday": 4, "natural_day": 4}
WINDOW_DAYS, STARTS_DAYS, PAUSES_DAYS = 60, 8, 6
oracle = settings(max_examples=150, deadline=None)


@cache
def ticked(place: str) -> Ticks:
    calendar, origin, _ = PLACES[place]
    return ticks(calendar, origin, WINDOW_DAYS)


units = st.sampled_from(sorted(AMOUNTS))
minutes = st.integers(0, STARTS_DAYS * 24 * 60)
stretches = st.tuples(minutes, st.integers(0, PAUSES_DAYS * 24 * 60)).map(lambda one: (one[0], one[0] + one[1]))
pauses = st.lists(stretches, max_size=4)
places = st.sampled_from(sorted(PLACES))


def clock_of(place: str, unit: str, amount: int, start: int, stood: Sequence[tuple[int, int]]) -> Clock:
    calendar, tick = PLACES[place][0], ticked(place)
    spans = tuple(Pause(tick.at(since), tick.at(end)) for since, end in stood)
    return Clock(Limit.of(amount, unit), tick.at(start), calendar, spans)


def in_second_coming(tick: Ticks, minute: int) -> bool:
    """Whether the wall shows a time it has shown before: a start there has no place of its own on the wall."""
    return tick.wall[minute] == tick.wall[minute + 1]


@oracle
@given(places, units, st.data(), minutes, pauses)
def test_it_is_due_when_a_ticked_clock_is(
    place: str, unit: str, data: st.DataObject, start: int, stood: list[tuple[int, int]]
) -> None:
    amount, tick = data.draw(st.integers(1, AMOUNTS[unit])), ticked(place)
    assume(not in_second_coming(tick, start))
    expected = tick.due(unit, amount, PLACES[place][2], stood, start)
    assert clock_of(place, unit, amount, start, stood).due == tick.at(expected)


@oracle
@given(places, units, minutes, pauses, minutes)
def test_used_and_remaining_are_what_a_ticked_clock_counted(
    place: str, unit: str, start: int, stood: list[tuple[int, int]], at: int
) -> None:
    tick, clock = ticked(place), clock_of(place, unit, AMOUNTS[unit], start, stood)
    assume(not in_second_coming(tick, start))
    assert clock.used(tick.at(at)) == tick.run(unit, stood, start, at) * MINUTE
    assert clock.used(tick.at(at)) + clock.remaining(tick.at(at)) == clock.total


@oracle
@given(places, units, minutes, pauses, minutes, minutes)
def test_what_is_used_never_falls_and_stands_while_it_is_paused(
    place: str, unit: str, start: int, stood: list[tuple[int, int]], a: int, b: int
) -> None:
    tick, clock = ticked(place), clock_of(place, unit, AMOUNTS[unit], start, stood)
    assert clock.used(tick.at(min(a, b))) <= clock.used(tick.at(max(a, b)))
    for since, end in stood:
        assert clock.used(tick.at(since)) == clock.used(tick.at(end))


@oracle
@given(places, units, minutes, pauses, st.randoms())
def test_the_order_of_pauses_and_one_of_length_zero_change_nothing(
    place: str, unit: str, start: int, stood: list[tuple[int, int]], dice: object
) -> None:
    clock = clock_of(place, unit, 2, start, stood)
    turned = [*sorted(stood, key=hash), (start, start), (start + 7, start + 7)]
    dice.shuffle(turned)  # type: ignore[attr-defined]
    again = clock_of(place, unit, 2, start, turned)
    assert (again.due, again.total, again.rests) == (clock.due, clock.total, clock.rests)


@oracle
@given(places, units, minutes, pauses, stretches)
def test_one_more_pause_never_makes_it_due_earlier(
    place: str, unit: str, start: int, stood: list[tuple[int, int]], one: tuple[int, int]
) -> None:
    before, after = clock_of(place, unit, 2, start, stood).due, clock_of(place, unit, 2, start, [*stood, one]).due
    assert before is not None
    assert after is not None
    assert before <= after


@oracle
@given(places, units, st.integers(1, 3), st.integers(1, 3), minutes)
def test_an_extension_is_as_if_the_limit_had_been_longer(
    place: str, unit: str, amount: int, more: int, start: int
) -> None:
    clock = clock_of(place, unit, amount, start, [])
    assert clock.extended_by(more).due == clock_of(place, unit, amount + more, start, []).due
    assert clock.extended_by(more).extended_by(1).extended == more + 1


@oracle
@given(places, units, minutes, minutes, minutes)
def test_a_clock_stopped_and_resumed_is_due_as_events_reckoned_it_step_by_step(
    place: str, unit: str, start: int, one: int, two: int
) -> None:
    tick, calendar = ticked(place), PLACES[place][0]
    assume(unit != "natural_day" and start <= min(one, two))
    stopped, resumed = tick.at(min(one, two)), tick.at(max(one, two))
    limit = Limit.of(2, unit)
    whole = deadline(limit, tick.at(start), calendar).due
    clock = Clock(limit, tick.at(start), calendar)
    assert clock.stopped(stopped).resumed(resumed).due == resume(limit, whole, stopped, resumed, calendar)


@oracle
@given(places, units, minutes, pauses, st.integers(1, 99))
def test_a_share_is_used_at_its_instant_and_not_a_minute_before(
    place: str, unit: str, start: int, stood: list[tuple[int, int]], percent: int
) -> None:
    tick, clock = ticked(place), clock_of(place, unit, 3, start, stood)
    assume(not in_second_coming(tick, start))
    share = Fraction(percent, 100)
    at = clock.when_used(share)
    assert at is not None
    assert clock.used(at) >= share * (clock.total // timedelta(microseconds=1)) // 1 * timedelta(microseconds=1)
    assert clock.used(at - MINUTE) < share * (clock.total / MINUTE) * MINUTE
    assert clock.when_used(Fraction(1)) == clock.due


# --- second by second ---------------------------------------------------------------------------

FRIDAY = datetime(2026, 3, 6, tzinfo=CHINA)
SECONDS = [
    day not in (1, 2) and (30600 <= second < 43200 or 50400 <= second < 63000)
    for day in range(5)
    for second in range(86400)
]
closings = st.sampled_from([30600, 43200, 50400, 63000, 3 * 86400 + 30600])
near = st.tuples(closings, st.integers(-90, 90)).map(sum)


@settings(max_examples=60, deadline=None)
@given(near, st.lists(st.tuples(near, near).map(sorted), max_size=3), st.integers(1, 3))
def test_to_the_second_around_openings_and_closings(start: int, stood: list[list[int]], hours: int) -> None:
    spans = tuple(Pause(FRIDAY + timedelta(seconds=a), FRIDAY + timedelta(seconds=b)) for a, b in stood)
    clock = Clock(Limit.of(hours, "work_hour"), FRIDAY + timedelta(seconds=start), OFFICE, spans)
    left, second = hours * 3600, start
    while left:
        left -= SECONDS[second] and not any(a <= second < b for a, b in stood)
        second += 1
    standing = [b for a, b in merged_seconds(stood) if a <= second < b]
    assert clock.due == FRIDAY + timedelta(seconds=max([second, *standing]))


def merged_seconds(stood: list[list[int]]) -> list[tuple[int, int]]:
    found = merged([Pause(FRIDAY + timedelta(seconds=a), FRIDAY + timedelta(seconds=b)) for a, b in stood], FRIDAY)
    return [
        (int((one.start - FRIDAY).total_seconds()), int((one.end - FRIDAY).total_seconds())) for one in found if one.end
    ]


# --- years, and the ends of what can be reckoned -------------------------------------------------


@given(st.integers(0, 20 * 365), st.sampled_from(list(LimitUnit)), st.lists(st.integers(0, 4000), max_size=3))
def test_limits_over_years_with_pauses_of_years_end(day: int, unit: LimitUnit, lasting: list[int]) -> None:
    start = datetime(2005, 1, 3, 9, tzinfo=CHINA) + day * DAY
    stood = tuple(Pause(start + n * DAY, start + (n + days) * DAY) for n, days in enumerate(lasting))
    clock = Clock(Limit(min(unit.longest, 2000), unit), start, OFFICE, stood)
    assert clock.due is not None
    assert clock.due > start
    assert clock.remaining(clock.due) == timedelta()


@pytest.mark.parametrize("extended", [-1, 1.5, True])
def test_an_extension_that_is_no_amount_is_refused(extended: int) -> None:
    with pytest.raises(ValueError, match="extended must be a whole number"):
        Clock(Limit.of(2, "workday"), FRIDAY, OFFICE, extended=extended)


def test_a_limit_too_long_with_its_extension_is_refused() -> None:
    with pytest.raises(ValueError, match="workday: 1 to 2500, got 2501"):
        assert Clock(Limit.of(2500, "workday"), FRIDAY, OFFICE, extended=1).due


def test_a_pause_that_runs_backwards_or_has_no_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Pause(FRIDAY, FRIDAY - MINUTE)
    with pytest.raises(ValueError, match="pause must carry its UTC offset"):
        Pause(datetime(2026, 3, 6))  # noqa: DTZ001 - refused


# --- what it does at an instant -------------------------------------------------------------------


def test_it_says_at_any_instant_what_it_does() -> None:
    start = FRIDAY.replace(hour=16)
    clock = Clock(Limit.of(4, "work_hour"), start, OFFICE).stopped(FRIDAY + 3 * DAY + 9 * HOUR)
    shown = [clock.state(FRIDAY + hours * HOUR) for hours in (15, 16, 18, 81, 90)]
    assert shown == [
        ClockState.NOT_STARTED, ClockState.RUNNING, ClockState.AT_REST, ClockState.PAUSED, ClockState.PAUSED,
    ]  # fmt: skip
    going = clock.resumed(FRIDAY + 3 * DAY + 10 * HOUR)
    assert going.due == (FRIDAY + 3 * DAY + 12 * HOUR).astimezone(UTC)
    assert going.state(FRIDAY + 3 * DAY + 12 * HOUR) is not ClockState.OVERDUE
    assert going.state(FRIDAY + 3 * DAY + 12 * HOUR + MINUTE) is ClockState.OVERDUE
    assert Clock(Limit.of(4, "urgent_hour"), start, OFFICE).state(FRIDAY + 18 * HOUR) is ClockState.RUNNING


def test_while_it_stands_it_has_no_due_instant_but_what_is_left_is_known() -> None:
    clock = Clock(Limit.of(4, "work_hour"), FRIDAY.replace(hour=16), OFFICE).stopped(FRIDAY.replace(hour=17))
    assert (clock.due, clock.provisional) == (None, True)
    assert clock.remaining(FRIDAY + 9 * DAY) == 3 * HOUR
    assert clock.when_used(Fraction(1, 4)) == FRIDAY.replace(hour=17).astimezone(UTC)
    assert clock.when_used(Fraction(1, 2)) is None
    with pytest.raises(ValueError, match="stands has no due instant"):
        clock.deadline()


def test_what_an_event_keeps_of_it_is_what_a_deadline_without_pauses_is() -> None:
    limit, start = Limit.of(2, "workday"), FRIDAY.replace(hour=16)
    assert Clock(limit, start, OFFICE).deadline() == deadline(limit, start, OFFICE)
    assert Clock(limit, start, OFFICE, extended=2).deadline() == deadline(Limit.of(4, "workday"), start, OFFICE)


def test_days_counted_whole_are_used_from_the_second_day_on() -> None:
    clock = Clock(Limit.of(1, "workday"), FRIDAY.replace(hour=10), OFFICE, counting=Counting.CIVIL_CODE)
    assert clock.due == (FRIDAY + 3 * DAY).replace(hour=17, minute=30).astimezone(UTC)
    assert clock.used(FRIDAY.replace(hour=17)) == timedelta()
    assert clock.remaining(FRIDAY + 3 * DAY + 10 * HOUR) == 5.5 * HOUR
