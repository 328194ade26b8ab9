"""时限说明: the spans are all of the time from start to due, and what is counted in them is the whole limit."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.almanac import Reason, Span
from domain.clock import Clock
from domain.counting import Counting
from domain.explaining import MOST_SPANS, explain
from domain.limit import Limit, LimitUnit
from domain.pauses import Pause
from infrastructure.calendars import chinese_office_calendar
from tests.clock_oracle import ABROAD, CHINA, LORD_HOWE

CALENDAR = chinese_office_calendar()
MINUTE, HOUR, DAY, NONE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta()


def china(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def told(clock: Clock) -> list[tuple[str, str, float, str]]:
    local = clock.calendar.local
    return [
        (
            local(span.start).strftime("%m-%d %H:%M"),
            local(span.end).strftime("%m-%d %H:%M") if span.end else "",
            span.counted / HOUR,
            span.label,
        )
        for span in explain(clock).spans
    ]


# --- what always holds ----------------------------------------------------------------------------

AMOUNTS = {"minute": 5_000_000, "urgent_hour": 80_000, "work_hour": 20_000, "workday": 2_500, "natural_day": 3_600}
limits = st.sampled_from(sorted(AMOUNTS)).flatmap(
    lambda unit: st.one_of(st.integers(1, 12), st.integers(1, AMOUNTS[unit])).map(lambda n: Limit.of(n, unit))
)
calendars = st.sampled_from([CALENDAR, LORD_HOWE, ABROAD])
starts = st.integers(0, 6 * 365 * 24 * 60).map(lambda after: china(1, 1, 0, year=2022) + after * MINUTE)
stretches = st.tuples(st.integers(-5_000, 200_000), st.integers(0, 50_000))


@settings(max_examples=200, deadline=None)
@given(limits, calendars, starts, st.lists(stretches, max_size=4), st.sampled_from(list(Counting)))
def test_spans_have_no_gap_and_count_the_whole_limit(
    limit: Limit, calendar: object, start: datetime, stood: list[tuple[int, int]], counting: Counting
) -> None:
    pauses = tuple(Pause(start + n * MINUTE, start + (n + lasting) * MINUTE) for n, lasting in stood)
    clock = Clock(limit, start, calendar, pauses, counting=counting)  # type: ignore[arg-type]
    spans = explain(clock).spans
    assert (spans[0].start, spans[-1].end) == (clock.start, clock.due)
    assert all(one.end == two.start for one, two in pairwise(spans))
    assert all(span.start < (span.end or span.start) for span in spans)
    assert sum((span.counted for span in spans), NONE) == clock.total
    assert len(spans) <= MOST_SPANS + 20
    for span in spans:
        _holds(span, clock)


def _holds(span: Span, clock: Clock) -> None:
    assert span.end is not None
    assert span.counted == clock.used(span.end) - clock.used(span.start)
    assert span.reason.counts or span.counted == NONE
    if span.reason in {Reason.WORKING, Reason.WORKED_REST_DAY}:
        assert span.counted == span.end - span.start or span.counted > 4 * HOUR


# --- what is told ---------------------------------------------------------------------------------


def test_two_workdays_over_the_national_day() -> None:
    clock = Clock(Limit.of(2, "workday"), china(9, 30, 16, 40), CALENDAR)
    assert explain(clock).sentence == "2个工作日：2026-09-30 16:40起，其间节假日7天不计，2026-10-09 16:40到期。"
    assert told(clock) == [
        ("09-30 16:40", "09-30 17:30", 50 / 60, "工作时段"),
        ("09-30 17:30", "10-01 00:00", 0, "非工作时段"),
        ("10-01 00:00", "10-08 00:00", 0, "节假日"),
        ("10-08 00:00", "10-09 00:00", 7, "工作日的工作时段"),
        ("10-09 00:00", "10-09 08:30", 0, "非工作时段"),
        ("10-09 08:30", "10-09 12:00", 3.5, "工作时段"),
        ("10-09 12:00", "10-09 14:00", 0, "非工作时段"),
        ("10-09 14:00", "10-09 16:40", 2 + 40 / 60, "工作时段"),
    ]


def test_a_start_on_a_weekend_a_worked_saturday_and_a_pause_are_named() -> None:
    pauses = (Pause(china(10, 10, 9), china(10, 12, 9)), Pause(china(10, 12, 10), china(10, 12, 11)))
    clock = Clock(Limit.of(2, "work_hour"), china(10, 10, 7), CALENDAR, pauses, extended=1)
    assert told(clock) == [
        ("10-10 07:00", "10-10 08:30", 0, "非工作时段"),
        ("10-10 08:30", "10-10 09:00", 0.5, "调休上班"),
        ("10-10 09:00", "10-12 09:00", 0, "第1次暂停"),
        ("10-12 09:00", "10-12 10:00", 1, "工作时段"),
        ("10-12 10:00", "10-12 11:00", 0, "第2次暂停"),
        ("10-12 11:00", "10-12 12:00", 1, "工作时段"),
        ("10-12 12:00", "10-12 14:00", 0, "非工作时段"),
        ("10-12 14:00", "10-12 14:30", 0.5, "工作时段"),
    ]
    assert explain(clock).sentence == (
        "3个工作时（原2个工作时，延期1个工作时）：2026-10-10 07:00起（非工作时段），自2026-10-10 08:30起算，"
        "调休上班1天计入，暂停2次共工作时间8小时不计，2026-10-12 14:30到期。"
    )


def test_a_pause_that_lasts_ends_what_can_be_told() -> None:
    clock = Clock(Limit.of(3, "natural_day"), china(3, 6, 16), CALENDAR).stopped(china(3, 7, 16))
    assert told(clock) == [("03-06 16:00", "03-07 16:00", 24, "不分昼夜和节假日"), ("03-07 16:00", "", 0, "第1次暂停")]
    assert explain(clock).sentence == (
        "3个自然日：2026-03-06 16:00起，2026-03-07 16:00起暂停，恢复后方可确定到期时间。"
    )


def test_days_counted_by_the_civil_code_name_the_first_and_the_last() -> None:
    clock = Clock(Limit.of(3, "natural_day"), china(9, 30, 16, 40), CALENDAR, counting=Counting.CIVIL_CODE)
    assert [(start, label) for start, _, _, label in told(clock)] == [
        ("09-30 16:40", "当日不计入"),
        ("10-01 00:00", "不分昼夜和节假日"),
        ("10-03 00:00", "末日逢休息日顺延"),
        ("10-08 00:00", "不分昼夜和节假日"),
    ]
    assert explain(clock).sentence == (
        "3个自然日：2026-09-30 16:40起，当日不计入（民法典第二百零一条），"
        "末日逢休息日，顺延至下一工作日（民法典第二百零三条），2026-10-08 17:30到期。"
    )


def test_beyond_the_published_calendar_is_said() -> None:
    last = CALENDAR.known_until.year
    clock = Clock(Limit.of(3, "workday"), datetime(last, 12, 30, 16, tzinfo=CHINA), CALENDAR)
    assert clock.provisional
    assert Reason.UNPUBLISHED in {span.reason for span in explain(clock).spans}
    assert explain(clock).sentence.endswith("到期（暂定，所涉节假日尚未公布）。")


@pytest.mark.parametrize(
    ("amount", "most", "reason"),
    [
        (5, 12, Reason.WORKDAYS),
        (100, 45, Reason.WORKDAYS),
        (240, 45, Reason.WORKING_WEEKS),
        (2500, 12, Reason.WORKING_YEAR),
    ],
)
def test_the_longer_a_limit_the_coarser_it_is_told(amount: int, most: int, reason: Reason) -> None:
    spans = explain(Clock(Limit(amount, LimitUnit.WORKDAY), china(3, 2, 10, year=2008), CALENDAR)).spans
    assert len(spans) <= most
    assert reason in {span.reason for span in spans}


def test_a_start_to_the_second_is_told_to_the_second() -> None:
    clock = Clock(Limit.of(1, "urgent_hour"), china(3, 2, 10) + timedelta(seconds=7), CALENDAR)
    assert explain(clock).sentence == "1个紧急工作时：2026-03-02 10:00:07起，2026-03-02 11:00:07到期。"


def test_explaining_does_not_depend_on_the_day_it_began_in_the_almanac() -> None:
    over_new_year = Clock(Limit.of(1, "workday"), china(12, 31, 16, year=2025), CALENDAR)
    assert [label for *_, label in told(over_new_year)][:3] == ["工作时段", "非工作时段", "节假日"]
    assert over_new_year.calendar.local(explain(over_new_year).spans[2].start).date() == date(2026, 1, 1)
