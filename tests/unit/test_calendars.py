"""The calendar from the published years, against the State Council's notices for 2025 and 2026."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from domain.limit import Limit, deadline
from infrastructure.calendars import chinese_office_calendar

CALENDAR = chinese_office_calendar()
CHINA = ZoneInfo("Asia/Shanghai")


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def longest(year: int, *, worked: bool) -> int:
    runs = groupby(days_of(year), key=CALENDAR.is_workday)
    return max(len(list(run)) for kind, run in runs if kind is worked)


@pytest.mark.parametrize(
    ("year", "make_up", "rest"),
    [
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"], 8),
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"], 9),
    ],
)
def test_a_published_year_has_its_make_up_days_its_248_workdays_and_its_longest_rest(
    year: int, make_up: list[str], rest: int
) -> None:
    workdays = [day for day in days_of(year) if CALENDAR.is_workday(day)]
    assert [f"{day:%m-%d}" for day in workdays if day.weekday() >= 5] == make_up
    assert len(workdays) == 248
    assert longest(year, worked=False) == rest


def test_nobody_works_more_than_six_days_in_a_row_in_2026() -> None:
    assert longest(2026, worked=True) == 6


def test_office_hours_are_the_usual_ones_unless_a_unit_has_its_own() -> None:
    assert CALENDAR.periods == ((time(8, 30), time(12)), (time(14), time(17, 30)))
    window = chinese_office_calendar(periods=((time(9), time(21)),), name="cn-service-window")
    assert window.spans(date(2026, 2, 28)) == [
        (datetime(2026, 2, 28, 9, tzinfo=CHINA), datetime(2026, 2, 28, 21, tzinfo=CHINA))
    ]
    assert window.spans(date(2026, 2, 18)) == []


def test_the_version_names_the_last_published_year_and_the_release_it_came_from() -> None:
    last = max(chinese_calendar.holidays).year
    assert CALENDAR.version == f"cn-{last}-{chinese_calendar.__version__}"
    assert CALENDAR.known_until == date(last, 12, 31)


def test_a_limit_into_a_year_not_published_yet_is_provisional() -> None:
    last = CALENDAR.known_until.year
    week = Limit.of(5, "workday")
    assert deadline(week, datetime(last, 12, 30, 10, tzinfo=CHINA), CALENDAR).provisional
    assert not deadline(week, datetime(last, 12, 1, 10, tzinfo=CHINA), CALENDAR).provisional
