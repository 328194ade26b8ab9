"""时限带: the strip is the explanation, span by span, on one ruler; nothing on it is counted anew."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from application.clock_views import why
from domain.case_clocks import CaseClock, ClockName
from domain.limit import Limit
from domain.pauses import Pause
from domain.workdays import WorkCalendar
from infrastructure.calendars import chinese_office_calendar
from interfaces.web.case.ribbon import Ribbon, ribbon
from interfaces.web.case.strip import Strip
from tests.clock_oracle import ABROAD, CHINA, LORD_HOWE

OFFICE = chinese_office_calendar()
NIGHTS = WorkCalendar(
    name="night-work", version="1", zone="Asia/Shanghai", periods=[(time(22), time(0)), (time(0), time(6))],
    known_until=date(2026, 12, 31),
)  # fmt: skip
MINUTE, HOUR, DAY, NONE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta()


def china(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def clock_of(
    amount: int, unit: str, start: datetime, *, pauses: tuple[Pause, ...] = (), added: int = 0,
    calendar: WorkCalendar = OFFICE, stopped_at: datetime | None = None, over: bool = False,
) -> CaseClock:  # fmt: skip
    """A clock due when its explanation says."""
    clock = CaseClock(
        ClockName.LEAD, Limit.of(amount, unit), start, start, calendar, False, pauses, stopped_at, over, added
    )  # fmt: skip
    due = clock.as_measured.due
    assert due
    return CaseClock(
        clock.name, clock.limit, start, due, calendar, False, pauses, stopped_at, over, added
    )  # fmt: skip


def drawn(clock: CaseClock, at: datetime, reasons: dict[datetime, str] | None = None) -> Ribbon:
    explanation = why(clock)[1]
    assert explanation
    return ribbon(clock, explanation, at, reasons)


def kinds(ribbon: Ribbon) -> list[str]:
    """The kinds of the rows, neighbours of one kind once."""
    found = [row.kind for row in ribbon.rows]
    return [kind for kind, after in pairwise([*found, ""]) if kind != after]


def width_of(ribbon: Ribbon, *wanted: str) -> float:
    return sum(piece.width for piece in ribbon.pieces if piece.kind in wanted)


# --- what always holds ----------------------------------------------------------------------------

AMOUNTS = {"minute": 100_000, "urgent_hour": 3_000, "work_hour": 500, "workday": 70, "natural_day": 90}
limits = st.sampled_from(sorted(AMOUNTS)).flatmap(lambda unit: st.tuples(st.integers(1, AMOUNTS[unit]), st.just(unit)))
stretches = st.tuples(st.integers(0, 40_000), st.integers(1, 20_000))


@settings(max_examples=150)
@given(
    limits, st.sampled_from([OFFICE, LORD_HOWE, ABROAD, NIGHTS]), st.integers(0, 500_000),
    st.lists(stretches, max_size=3), st.integers(0, 2), st.integers(0, 400_000),
)  # fmt: skip
def test_rows_are_the_whole_explanation_and_every_row_lies_where_its_instants_do(
    limit: tuple[int, str], calendar: WorkCalendar, after: int, stood: list[tuple[int, int]], extended: int, later: int
) -> None:
    start = china(1, 1, 0, year=2024) + after * MINUTE
    pauses = tuple(Pause(start + n * MINUTE, start + (n + lasting) * MINUTE) for n, lasting in stood)
    clock = clock_of(*limit, start, pauses=pauses, added=extended * limit[0], calendar=calendar)
    at = start + later * MINUTE
    shown = drawn(clock, at)
    assert sum((row.counted for row in shown.rows), NONE) == clock.total
    assert (shown.rows[0].start, shown.rows[-1].end) == (clock.start, clock.due)
    assert all(one.end == two.start for one, two in pairwise(shown.rows))
    strip = Strip.over(clock.start, clock.due, at, calendar.local)
    for row in shown.rows:
        pieces = [piece for piece in shown.pieces if piece.number == row.number]
        left, right = strip.at(row.start), strip.at(row.end or at)
        assert abs(sum(piece.width for piece in pieces) - (right - left)) < 0.01
        assert all(left - 0.001 <= piece.left <= right + 0.001 for piece in pieces)
    assert all(piece.left >= 0 and piece.left + piece.width <= 100.001 for piece in shown.pieces)
    assert {mark.kind for mark in shown.marks} >= {"due", "now"}
    assert len(shown.pieces) <= 400
    assert 1 <= len(shown.ticks) <= 60


# --- what is seen -----------------------------------------------------------------------------------


def test_three_pauses_and_two_extensions_over_the_spring_festival() -> None:
    """2026: holidays from 15 to 23 February, 14 and 28 February worked."""
    pauses = tuple(Pause(china(2, day, 9), china(2, day + 1, 9)) for day in (5, 10, 25))
    clock = clock_of(5, "workday", china(2, 3, 9), pauses=pauses, added=10)
    reasons = {china(2, 5, 9): "申请退单：非本单位职责"}
    shown = drawn(clock, china(2, 12, 10), reasons)
    assert shown.scale == "weeks"
    assert [row.label for row in shown.rows if row.kind == "pause"] == ["第1次暂停", "第2次暂停", "第3次暂停"]
    assert next(row for row in shown.rows if row.kind == "pause").why == "申请退单：非本单位职责"
    assert any(row.kind == "holiday" for row in shown.rows)
    extended = [row for row in shown.rows if "延期" in row.label]
    assert sum((row.counted for row in extended), NONE) == 70 * HOUR
    assert extended[0].start == clock_of(5, "workday", china(2, 3, 9), pauses=pauses).due
    assert [mark.kind for mark in shown.marks] == ["first", "due", "now"]
    assert {sign.letter for sign in shown.signs} == {"班", "休", "停"}


def test_days_show_their_nights_and_a_worked_saturday_is_marked_once() -> None:
    shown = drawn(clock_of(4, "workday", china(9, 30, 16, 40)), china(10, 8, 12))
    assert shown.scale == "days"
    assert [(sign.kind, sign.letter) for sign in shown.signs] == [("holiday", "休"), ("worked", "班")]
    days = len(shown.ticks)
    assert abs(width_of(shown, "counted", "worked") - 28 / 24 / days * 100) < 0.01
    assert width_of(shown, "holiday") > 7 / days * 100 - 0.01


def test_urgent_hours_fill_nights_and_holidays_and_a_night_limit_only_nights() -> None:
    urgent = drawn(clock_of(72, "urgent_hour", china(10, 1, 20)), china(10, 2, 0))
    assert kinds(urgent) == ["counted"]
    nights = drawn(clock_of(16, "work_hour", china(10, 12, 12), calendar=NIGHTS), china(10, 13, 0))
    assert [row.counted for row in nights.rows if row.counted] == [8 * HOUR, 8 * HOUR]
    assert {row.kind for row in nights.rows if not row.counted} == {"night"}


def test_four_minutes_and_sixty_workdays_are_ruled_each_in_their_measure() -> None:
    minutes = drawn(clock_of(4, "minute", china(3, 5, 23, 58)), china(3, 9, 9))
    assert (minutes.scale, kinds(minutes)) == ("minutes", ["counted"])
    assert [tick.label for tick in minutes.ticks] == ["23:58", "23:59", "00:00", "00:01", "00:02"]
    assert next(mark for mark in minutes.marks if mark.kind == "now").beyond
    assert width_of(minutes, "late") > 3
    months = drawn(clock_of(60, "workday", china(3, 2, 9)), china(3, 9, 9))
    assert months.scale == "weeks"
    assert all(tick.below == "周一" for tick in months.ticks)
    assert sum(not tick.minor for tick in months.ticks) <= 7


def test_a_clock_that_stands_shows_so_and_one_that_is_over_where_it_stopped() -> None:
    stands = drawn(clock_of(5, "workday", china(3, 2, 9), stopped_at=china(3, 3, 9)), china(3, 4, 9))
    assert (stands.rows[-1].label, stands.rows[-1].end) == ("暂停中", None)
    assert [sign.letter for sign in stands.signs] == ["停"]
    over = drawn(clock_of(5, "workday", china(3, 2, 9), stopped_at=china(3, 12, 9), over=True), china(9, 4, 9))
    assert [mark.kind for mark in over.marks] == ["due", "stop"]
    assert width_of(over, "late") > 0
    assert over.run[1] == next(mark.left for mark in over.marks if mark.kind == "stop")
