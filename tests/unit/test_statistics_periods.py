"""统计周期: they tile time, in any zone, over clocks that change and leap years, and are named as people say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.statistics.periods import Cut, Periods

ZONES = ["Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Europe/London"]
NOON = Periods(Cut.DAY, hour=12)
ASSESSED = Periods(Cut.MONTH, first_day=19)
APIA = Periods(Cut.DAY, "Pacific/Apia")
policies = st.builds(
    Periods, st.sampled_from(Cut), st.sampled_from(ZONES), hour=st.integers(0, 23), first_day=st.integers(1, 28)
)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def china(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


@given(policies, instants)
@example(APIA, datetime(2011, 12, 30, 10, tzinfo=UTC))
@example(Periods(Cut.DAY, "America/St_Johns"), datetime(2006, 10, 29, 2, 30, 30, tzinfo=UTC))
def test_an_instant_lies_in_its_period_and_the_neighbours_touch_it(policy: Periods, at: datetime) -> None:
    start, end, _ = policy.containing(at)
    assert start <= at < end
    assert policy.containing(start) == policy.containing(at) == policy.containing(end - datetime.resolution)
    assert policy.containing(end).start == end
    assert policy.previous(at).end == start
    assert policy.previous(end) == policy.containing(at)


@given(policies, instants, st.timedeltas(timedelta(0), timedelta(days=120)))
def test_periods_of_a_span_tile_it_without_gap_or_overlap(policy: Periods, start: datetime, length: timedelta) -> None:
    found = policy.buckets(start, start + length)
    edges = [start, *(bucket.end for bucket in found)]
    assert [bucket.start for bucket in found] == edges[:-1]
    assert edges[-1] == start + length
    assert all(bucket.start < bucket.end for bucket in found)
    assert [bucket.label for bucket in found] == [policy.containing(bucket.start).label for bucket in found]
    assert len({bucket.label for bucket in found}) == len(found)


@given(policies, instants)
@example(APIA, datetime(2011, 12, 30, 10, tzinfo=UTC))
def test_a_day_of_the_period_finds_it_by_name(policy: Periods, at: datetime) -> None:
    found = policy.containing(at)
    local = found.start.astimezone(ZoneInfo(policy.zone)).date()
    late = policy.cut is Cut.DAY and policy.hour > 0
    assert policy.named(local + timedelta(days=1) if late else local) == found


def test_a_day_from_noon_to_noon_is_named_after_the_day_it_ends_on() -> None:
    start, end, label = NOON.containing(china(2026, 11, 22, 11))
    assert (start, end) == (china(2026, 11, 21, 12), china(2026, 11, 22, 12))
    assert label == "2026年11月22日（前一日12时起）"
    assert NOON.containing(china(2026, 11, 22, 12)).label == "2026年11月23日（前一日12时起）"


def test_a_month_from_the_19th_to_the_18th_is_named_after_the_month_it_ends_in() -> None:
    start, end, label = ASSESSED.containing(china(2026, 1, 18, 23))
    assert (start, end, label) == (china(2025, 12, 19), china(2026, 1, 19), "2026年1月（上月19日起）")
    assert ASSESSED.named(date(2026, 1, 19)).label == "2026年2月（上月19日起）"


@pytest.mark.parametrize(
    ("policy", "day", "label"),
    [
        (Periods(Cut.DAY), date(2028, 2, 29), "2028年2月29日"),
        (Periods(Cut.WEEK), date(2027, 1, 3), "2026年第53周"),
        (Periods(Cut.MONTH), date(2028, 2, 29), "2028年2月"),
    ],
)
def test_periods_are_called_as_people_call_them(policy: Periods, day: date, label: str) -> None:
    assert policy.named(day).label == label


def test_a_leap_month_has_its_29_days() -> None:
    start, end, _ = Periods(Cut.MONTH).named(date(2028, 2, 1))
    assert end - start == timedelta(days=29)
    assert len(Periods(Cut.DAY).buckets(start, end)) == 29


def test_a_day_that_clocks_lengthen_lasts_25_hours_and_one_they_leave_out_has_no_period() -> None:
    autumn = Periods(Cut.DAY, "America/New_York").named(date(2026, 11, 1))
    assert autumn.end - autumn.start == timedelta(hours=25)
    days = APIA.buckets(datetime(2011, 12, 29, 12, tzinfo=UTC), datetime(2011, 12, 31, 12, tzinfo=UTC))
    assert [bucket.label for bucket in days] == ["2011年12月29日", "2011年12月31日", "2012年1月1日"]
