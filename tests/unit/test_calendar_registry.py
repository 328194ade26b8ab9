"""工作日历 of the registry: opened, published year by year, corrected, put in use; what is in force for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.registry.calendars import Calendars
from application.registry.calendars_in_force import CalendarsInForce
from domain.actor import Act
from domain.refusals import NoSuchEntry, OutsideArea
from domain.registry.calendar import Calendar
from domain.registry.calendar_refusals import InUseBefore, NotOfThatYear, NoWorkingCalendar, YearsApart
from domain.registry.published_year import PublishedYear
from domain.registry.refusals import NothingChanged
from domain.workdays import Period, WorkCalendar
from infrastructure.calendars import OFFICE_PERIODS, chinese_office_calendar, chinese_years
from tests.registry_office import CITY, COUNTY, GRID, STREET, TODAY, Office, admin, run

DAYS_OF_2027 = [date(2027, 1, 1)]
SUMMER: Sequence[Period] = ((time(8), time(12)), (time(15), time(18)))


class Almanac:
    """A city with a street's unit, and what it says about calendars."""

    def __init__(self) -> None:
        self.office = Office().with_divisions().with_unit("hedong")
        self.in_force = CalendarsInForce(self.office.view, chinese_office_calendar())
        self.calendars = Calendars(self.office.desk, self.in_force, chinese_years)

    def open(self, code: str = "office", periods: Sequence[Period] = OFFICE_PERIODS, *, known: bool = False) -> None:
        run(
            self.calendars.open(
                admin(), code=code, name="机关", zone="Asia/Shanghai", periods=periods, weekend=[5, 6],
                with_known_years=known,
            )
        )  # fmt: skip

    def publish(self, year: int, *, off: Sequence[date] = (), on: Sequence[date] = (), act: Act | None = None) -> None:
        notice = PublishedYear.of(year, holidays=off, workdays=on, source="通知")
        run(self.calendars.publish(act or admin(), code="office", notice=notice))

    def use(self, kind: str, target: str, calendar: str, since: date = TODAY, act: Act | None = None) -> None:
        put = self.calendars.put_in_use
        run(put(act or admin(), kind=kind, target=target, calendar=calendar, since=since))

    def of_unit(self, on: date = TODAY) -> str:
        return self.in_force.of_unit(self.office.view.unit("hedong"), on).name

    def entry(self, code: str = "office") -> Calendar:
        return self.office.view.find(Calendar, code)


@pytest.fixture
def almanac() -> Almanac:
    return Almanac()


# --- what a calendar says -----------------------------------------------------------------------


def test_the_known_years_of_china_say_what_the_built_in_calendar_says(almanac: Almanac) -> None:
    almanac.open(known=True)
    ours, built_in = almanac.in_force.measure("office"), chinese_office_calendar()
    assert ours.known_until == built_in.known_until
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert ours.is_workday(day) == built_in.is_workday(day), day


@pytest.mark.parametrize(
    ("periods", "weekend"),
    [
        ((), [5, 6]),
        (OFFICE_PERIODS, [0, 1, 2, 3, 4, 5, 6]),
        (((time(9), time(9)),), [5, 6]),
        (((time(9), time(12)), (time(11), time(13))), [5, 6]),
        (OFFICE_PERIODS, [7]),
    ],
)
def test_a_calendar_without_working_time_is_refused(
    almanac: Almanac, periods: Sequence[Period], weekend: list[int]
) -> None:
    opening = almanac.calendars.open(
        admin(), code="office", name="机关", zone="Asia/Shanghai", periods=periods, weekend=weekend
    )
    with pytest.raises(NoWorkingCalendar) as refusal:
        run(opening)
    assert refusal.value.detail()
    assert almanac.in_force.newest("office") is None


def test_an_unknown_time_zone_is_refused(almanac: Almanac) -> None:
    with pytest.raises(NoWorkingCalendar):
        run(
            almanac.calendars.open(
                admin(), code="x", name="x", zone="Asia/Nowhere", periods=OFFICE_PERIODS, weekend=[5, 6]
            )
        )


def test_a_year_published_makes_a_new_version_that_is_known_further(almanac: Almanac) -> None:
    almanac.open()
    almanac.publish(2026, off=[date(2026, 1, 1)])
    before = almanac.in_force.measure("office")
    almanac.publish(2027, off=DAYS_OF_2027, on=[date(2027, 1, 3)])
    after = almanac.in_force.measure("office")
    assert (before.version, after.version) == ("2026.1", "2027.2")
    assert (before.known_until, after.known_until) == (date(2026, 12, 31), date(2027, 12, 31))
    assert not after.is_workday(date(2027, 1, 1))
    assert after.is_workday(date(2027, 1, 3))


def test_until_a_year_is_published_nothing_is_known(almanac: Almanac) -> None:
    almanac.open()
    assert almanac.in_force.measure("office").known_until == date(2026, 3, 1)


def test_a_notice_may_speak_of_the_december_before_and_the_later_one_holds(almanac: Almanac) -> None:
    almanac.open()
    almanac.publish(2026, on=[date(2026, 12, 26)])
    almanac.publish(2027, off=[date(2026, 12, 26), date(2026, 12, 31)])
    measure = almanac.in_force.measure("office")
    assert not measure.is_workday(date(2026, 12, 26))
    assert not measure.is_workday(date(2026, 12, 31))


def test_a_day_of_another_year_is_refused() -> None:
    with pytest.raises(NotOfThatYear):
        PublishedYear.of(2027, holidays=[date(2026, 10, 1)], workdays=[], source="通知")


def test_years_are_published_without_a_gap(almanac: Almanac) -> None:
    almanac.open()
    almanac.publish(2025)
    with pytest.raises(YearsApart):
        almanac.publish(2027)
    almanac.publish(2024)
    almanac.publish(2026)
    assert sorted(almanac.entry().years) == [2024, 2025, 2026]


def test_the_same_year_again_is_no_new_version(almanac: Almanac) -> None:
    almanac.open()
    almanac.publish(2026, off=[date(2026, 1, 1)])
    with pytest.raises(NothingChanged):
        almanac.publish(2026, off=[date(2026, 1, 1)])
    almanac.publish(2026, off=[date(2026, 1, 2)])
    assert almanac.entry().edition == "2026.2"


def test_a_day_both_off_and_worked_is_refused(almanac: Almanac) -> None:
    almanac.open()
    with pytest.raises(NoWorkingCalendar):
        almanac.publish(2026, off=[date(2026, 1, 3)], on=[date(2026, 1, 3)])


def test_an_ordinary_working_day_listed_as_worked_is_nothing_moved(almanac: Almanac) -> None:
    almanac.open()
    almanac.publish(2026, on=[date(2026, 1, 5), date(2026, 1, 4)])
    assert almanac.in_force.measure("office").workdays == frozenset({date(2026, 1, 4)})


def test_periods_put_right_are_a_new_version_and_once_is_enough(almanac: Almanac) -> None:
    almanac.open()
    for _ in range(2):
        correcting = almanac.calendars.correct(admin(), code="office", periods=SUMMER, weekend=[6])
        try:
            run(correcting)
        except NothingChanged:
            break
    measure = almanac.in_force.measure("office")
    assert measure.periods == tuple(SUMMER)
    assert measure.weekend == frozenset({6})
    assert almanac.entry().changes == 1


def test_taking_over_the_known_years_twice_changes_nothing(almanac: Almanac) -> None:
    almanac.open(known=True)
    with pytest.raises(NothingChanged):
        run(almanac.calendars.take_over_known_years(admin(), code="office"))


def test_who_does_not_keep_the_whole_city_opens_no_calendar(almanac: Almanac) -> None:
    opening = almanac.calendars.open(
        admin(COUNTY), code="x", name="x", zone="Asia/Shanghai", periods=OFFICE_PERIODS, weekend=[5, 6]
    )
    with pytest.raises(OutsideArea):
        run(opening)


@settings(max_examples=50)
@given(days=st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=40))
def test_whatever_is_published_a_day_is_worked_as_the_notice_says(days: dict[date, bool]) -> None:
    calendar = Calendar.open(
        admin(), city=CITY, code="c", name="c", zone="Asia/Shanghai", periods=OFFICE_PERIODS, weekend=[5, 6]
    )
    off, on = [day for day, worked in days.items() if not worked], [day for day, worked in days.items() if worked]
    calendar.publish(admin(), city=CITY, notice=PublishedYear.of(2026, holidays=off, workdays=on, source="通知"))
    measure: WorkCalendar = calendar.as_measure()
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert measure.is_workday(day) == days.get(day, day.weekday() < 5)


# --- who uses which -----------------------------------------------------------------------------


def test_without_a_word_the_built_in_calendar_is_in_force(almanac: Almanac) -> None:
    assert almanac.of_unit() == "cn-office"
    assert almanac.in_force.of_place(GRID, TODAY) is chinese_office_calendar()


def test_the_nearest_word_counts_from_the_city_down_to_the_unit(almanac: Almanac) -> None:
    for code in ("city", "district", "street", "own"):
        almanac.open(code)
    for kind, target, code in (
        ("place", CITY, "city"), ("place", COUNTY, "district"), ("place", STREET, "street"), ("unit", "hedong", "own"),
    ):  # fmt: skip
        almanac.use(kind, target, code)
        assert almanac.of_unit() == code
    assert almanac.in_force.of_place(GRID, TODAY).name == "street"
    assert almanac.in_force.of_place("150783001", TODAY).name == "city"


def test_a_calendar_is_in_use_from_its_day_on_and_may_be_given_up(almanac: Almanac) -> None:
    almanac.open("summer", SUMMER)
    july, october = date(2026, 7, 1), date(2026, 10, 1)
    almanac.use("unit", "hedong", "summer", july)
    almanac.use("unit", "hedong", "", october)
    assert [almanac.of_unit(day) for day in (TODAY, july, date(2026, 9, 30), october)] == [
        "cn-office", "summer", "summer", "cn-office",
    ]  # fmt: skip


def test_a_calendar_is_not_put_in_use_for_days_gone_by(almanac: Almanac) -> None:
    almanac.open()
    with pytest.raises(InUseBefore):
        almanac.use("unit", "hedong", "office", date(2026, 3, 1))
    almanac.use("unit", "hedong", "office", date(2026, 7, 1))
    with pytest.raises(InUseBefore):
        almanac.use("unit", "hedong", "", date(2026, 7, 1))
    with pytest.raises(NothingChanged):
        almanac.use("unit", "hedong", "office", date(2026, 8, 1))


def test_only_what_is_registered_is_put_in_use_and_only_by_who_keeps_the_place(almanac: Almanac) -> None:
    with pytest.raises(NoSuchEntry):
        almanac.use("unit", "hedong", "office")
    almanac.open()
    with pytest.raises(NoSuchEntry):
        almanac.use("unit", "nobody", "office")
    with pytest.raises(OutsideArea):
        almanac.use("place", CITY, "office", act=admin(COUNTY))
    almanac.use("place", COUNTY, "office", act=admin(COUNTY))
    assert almanac.of_unit() == "office"


def test_a_registered_calendar_of_the_built_in_name_takes_its_place(almanac: Almanac) -> None:
    assert almanac.in_force.measure("cn-office") is chinese_office_calendar()
    almanac.open("cn-office", SUMMER, known=True)
    assert almanac.in_force.of_place(CITY, TODAY).periods == tuple(SUMMER)
    assert almanac.of_unit() == "cn-office"
    assert almanac.in_force.measure("cn-office") is almanac.in_force.measure("cn-office")


# --- what runs out ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "alarm"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (date(2027, 1, 1), True)]
)
def test_sixty_days_before_a_calendar_runs_out_there_is_an_alarm(almanac: Almanac, today: date, alarm: bool) -> None:
    (built_in,) = almanac.in_force.standing(today)
    assert (built_in.code, built_in.built_in, built_in.alarm) == ("cn-office", True, alarm)
    almanac.open(known=True)
    assert [one.alarm for one in almanac.in_force.standing(today)] == [alarm, alarm]


def test_a_calendar_that_runs_further_gives_no_alarm(almanac: Almanac) -> None:
    almanac.open("cn-office")
    almanac.open()
    almanac.publish(2026)
    almanac.publish(2027)
    standing = almanac.in_force.standing(datetime(2026, 12, 1, tzinfo=UTC).date())
    assert [(one.code, one.alarm, str(one.runs_out_on)) for one in standing] == [
        ("cn-office", True, "2026-03-01"),
        ("office", False, "2027-12-31"),
    ]
