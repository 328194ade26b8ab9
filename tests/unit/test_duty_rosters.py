"""值班表: who signs at night and on holidays; every instant has one answer or a gap that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.refusals import AlreadyRegistered, NoSuchEntry, OutsideArea, Refused
from domain.registry.duty_roster import DutyRoster
from domain.registry.on_duty import DutyBook, DutyReason, OnDuty, Signer
from domain.registry.refusals import BadPeriod
from domain.registry.roster_refusals import (
    BadShift,
    NoSuchShift,
    NotOfTheUnit,
    RangeTooLong,
    ShiftPast,
    ShiftsOverlap,
)
from domain.registry.shift import EVERY_DAY
from tests.registry_office import COUNTY, TODAY, Office, admin, run

CHINA = timezone(timedelta(hours=8))
WEEK = [0, 1, 2, 3, 4]
MONDAY, FRIDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 7)
QINGMING = date(2026, 4, 6)  # a Monday, and a holiday
NEW_YEAR, WORKED_SATURDAY = date(2026, 2, 17), date(2026, 2, 28)


def office(*handlers: str) -> Office:
    """A roads unit with a roster and handlers."""
    city = Office().with_divisions().with_unit("roads", "department", COUNTY).with_unit("water", "department", COUNTY)
    for code in handlers or ("h1", "h2", "h3"):
        city.with_staff(code, "roads", "handler", area=COUNTY)
    city.with_staff("w1", "water", "handler", area=COUNTY).with_staff("clerk", "roads", "receiver", area=COUNTY)
    run(city.rosters.open(admin(), code="roads"))
    return city


def shift(city: Office, member: str, begins: str, ends: str, **when: Any) -> None:
    run(city.rosters.set_shift(admin(), code="roads", member=member, begins=begins, ends=ends, **when))


def nights(city: Office, member: str = "h1") -> None:
    shift(city, member, "17:30", "08:30", weekdays=EVERY_DAY, first_day=date(2026, 1, 1))


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), CHINA)


def asked(city: Office, day: date, clock: str) -> OnDuty:
    return city.rosters.on_duty("roads", at(day, clock))


def signers(answer: OnDuty) -> list[str]:
    return [signer.staff for signer in answer.signers]


# --- who signs ----------------------------------------------------------------------------------


def test_in_office_hours_the_units_own_handlers_sign() -> None:
    city = office()
    nights(city)
    answer = asked(city, MONDAY, "09:00")
    assert (answer.reason, signers(answer), answer.shift) == (DutyReason.OFFICE_HOURS, ["h1", "h2", "h3"], None)


def test_at_night_the_rosters_member_signs_until_the_morning_after() -> None:
    city = office()
    nights(city)
    for day, clock in ((MONDAY, "17:30"), (MONDAY, "23:59"), (FRIDAY, "00:00"), (FRIDAY, "08:29")):
        answer = asked(city, day, clock)
        assert (answer.reason, signers(answer)) == (DutyReason.ON_SHIFT, ["h1"])
    assert "每天 17:30-08:30" in asked(city, MONDAY, "20:00").why
    assert asked(city, MONDAY, "12:30").reason is DutyReason.NO_SHIFT  # the break at noon is nobody's


def test_holidays_and_worked_weekends_are_the_calendars() -> None:
    city = office()
    shift(city, "h2", "08:30", "17:30", weekdays=EVERY_DAY, days="rest_days", first_day=date(2026, 1, 1))
    for day in (SATURDAY, NEW_YEAR, QINGMING):
        assert signers(asked(city, day, "10:00")) == ["h2"]
    assert asked(city, WORKED_SATURDAY, "10:00").reason is DutyReason.OFFICE_HOURS
    assert asked(city, MONDAY, "10:00").reason is DutyReason.OFFICE_HOURS


def test_a_shift_for_one_day_goes_before_the_weekly_one_as_long_as_it_lasts() -> None:
    city = office()
    nights(city)
    shift(city, "h3", "20:00", "06:00", day=FRIDAY)
    told = {clock: signers(asked(city, day, clock)) for day, clock in ((FRIDAY, "19:59"), (FRIDAY, "20:00"))}
    assert told == {"19:59": ["h1"], "20:00": ["h3"]}
    told = {clock: signers(asked(city, SATURDAY, clock)) for clock in ("05:59", "06:00")}
    assert told == {"05:59": ["h3"], "06:00": ["h1"]}


def test_a_day_and_a_night_is_one_shift() -> None:
    city = office()
    shift(city, "h1", "08:30", "08:30", day=NEW_YEAR)
    assert signers(asked(city, NEW_YEAR, "08:30")) == signers(asked(city, NEW_YEAR + timedelta(1), "08:29")) == ["h1"]
    assert asked(city, NEW_YEAR, "08:29").is_gap
    assert asked(city, NEW_YEAR + timedelta(1), "08:30").is_gap


def test_whoever_is_away_has_their_stand_in_sign() -> None:
    city = office()
    nights(city)
    run(city.staff.name_stand_in(admin(), code="h1", stand_in="w1", first_day=TODAY, last_day=TODAY))
    answer = asked(city, TODAY, "20:00")
    assert answer.signers == (Signer("w1", instead_of="h1"),)
    assert "w1 代 h1" in answer.why
    assert signers(asked(city, TODAY, "10:00")) == ["w1", "h2", "h3"]
    assert signers(asked(city, TODAY + timedelta(1), "20:00")) == ["h1"]


def test_nobody_is_a_gap_with_its_reason() -> None:
    city = office("h1")
    assert asked(city, MONDAY, "20:00").reason is DutyReason.NO_SHIFT
    nights(city)
    city.with_staff("h9", "roads", "handler", area=COUNTY)
    run(city.staff.grant_roles(admin(), code="h1", roles=["receiver"]))
    gone = asked(city, MONDAY, "20:00")
    assert (gone.reason, gone.is_gap) == (DutyReason.UNAVAILABLE, True)
    assert "h1 已无承办人岗位" in gone.why
    run(city.staff.move(admin(), code="h1", unit="water"))
    assert "h1 已调至 water" in asked(city, MONDAY, "20:00").why
    assert city.rosters.on_duty("water", at(MONDAY, "20:00")).reason is DutyReason.NO_ROSTER
    run(city.units.close(admin(), code="water", last_day=MONDAY))
    assert city.rosters.on_duty("water", at(FRIDAY, "10:00")).reason is DutyReason.UNIT_CLOSED


def test_office_hours_without_a_handler_fall_to_the_roster() -> None:
    city = office("h1")
    shift(city, "h1", "08:30", "08:30", weekdays=EVERY_DAY)
    run(city.staff.name_stand_in(admin(), code="h1", stand_in="w1", first_day=TODAY, last_day=TODAY))
    run(city.staff.grant_roles(admin(), code="w1", roles=["receiver"]))
    answer = asked(city, TODAY, "10:00")
    assert (answer.reason, answer.shift and answer.shift.number) == (DutyReason.UNAVAILABLE, 1)
    with pytest.raises(NoSuchEntry):
        city.rosters.on_duty("nowhere", at(TODAY, "10:00"))


def test_a_year_whose_holidays_are_not_published_is_answered_provisionally() -> None:
    city = office()
    nights(city)
    assert asked(city, date(2150, 1, 4), "20:00").provisional
    assert not asked(city, MONDAY, "20:00").provisional


# --- setting shifts -----------------------------------------------------------------------------


def test_shifts_of_one_sort_may_not_overlap() -> None:
    city = office()
    nights(city)
    shift(city, "h2", "20:00", "22:00", day=FRIDAY)
    for begins, ends, when in (
        ("08:00", "09:00", {"weekdays": [2]}),  # the night before ends within it
        ("23:00", "23:30", {"weekdays": [6], "days": "rest_days"}),
        ("21:59", "23:00", {"day": FRIDAY}),
        ("21:00", "20:30", {"day": FRIDAY - timedelta(1)}),
    ):
        with pytest.raises(ShiftsOverlap) as refusal:
            shift(city, "h3", begins, ends, **when)
        assert refusal.value.facts["other"] in {1, 2}
    shift(city, "h3", "08:30", "17:30", weekdays=[5, 6])
    shift(city, "h3", "22:00", "23:00", day=FRIDAY)


def test_shifts_on_days_of_different_kinds_or_times_do_not_overlap() -> None:
    city = office()
    for days in ("workdays", "rest_days"):
        shift(city, "h1", "12:00", "14:00", weekdays=EVERY_DAY, days=days)
    shift(city, "h2", "18:00", "20:00", weekdays=WEEK, first_day=TODAY, last_day=FRIDAY)
    shift(city, "h3", "18:00", "20:00", weekdays=WEEK, first_day=SATURDAY)
    with pytest.raises(ShiftsOverlap):
        shift(city, "h3", "18:00", "20:00", weekdays=[4], first_day=FRIDAY, last_day=FRIDAY)
    shift(city, "h3", "18:00", "20:00", weekdays=[5], first_day=TODAY, last_day=SATURDAY)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"begins": "24:00"}, BadShift),
        ({"ends": "8:30"}, BadShift),
        ({"day": None}, BadShift),
        ({"weekdays": [1]}, BadShift),
        ({"last_day": FRIDAY}, BadShift),
        ({"day": None, "weekdays": [7]}, BadShift),
        ({"day": None, "weekdays": [1], "first_day": FRIDAY, "last_day": MONDAY}, BadPeriod),
        ({"member": "nobody"}, NoSuchEntry),
        ({"member": "w1"}, NotOfTheUnit),
        ({"member": "clerk"}, NotOfTheUnit),
    ],
)
def test_a_shift_that_cannot_be_is_refused(facts: dict[str, Any], refusal: type[Refused]) -> None:
    city = office()
    usual: dict[str, Any] = {"member": "h1", "begins": "17:30", "ends": "08:30", "day": FRIDAY}
    with pytest.raises(refusal):
        shift(city, **(usual | facts))
    assert city.view.find(DutyRoster, "roads").shifts == {}


def test_a_unit_has_one_roster_kept_by_an_administrator_of_its_place() -> None:
    city = office()
    assert city.view.find(DutyRoster, "roads").name == "单位roads值班表"
    with pytest.raises(AlreadyRegistered):
        run(city.rosters.open(admin(), code="roads"))
    with pytest.raises(NoSuchEntry):
        run(city.rosters.open(admin(), code="nowhere"))
    with pytest.raises(OutsideArea):
        run(city.rosters.open(admin("150784"), code="water"))


def test_a_shift_is_withdrawn_from_today_on_and_never_before() -> None:
    city = office()
    nights(city)
    shift(city, "h2", "20:00", "22:00", day=FRIDAY)
    with pytest.raises(ShiftPast):
        run(city.rosters.withdraw_shift(admin(), code="roads", shift=1, last_day=date(2026, 2, 1)))
    run(city.rosters.withdraw_shift(admin(), code="roads", shift=1))
    run(city.rosters.withdraw_shift(admin(), code="roads", shift=2))
    assert signers(asked(city, TODAY - timedelta(1), "20:00")) == ["h1"]
    assert asked(city, TODAY, "20:00").is_gap
    assert asked(city, FRIDAY, "21:00").is_gap
    for number in (1, 2, 3):
        with pytest.raises(NoSuchShift):
            run(city.rosters.withdraw_shift(admin(), code="roads", shift=number))


def test_a_shift_is_passed_to_another_handler_of_the_unit() -> None:
    city = office()
    nights(city)
    shift(city, "h2", "20:00", "22:00", day=FRIDAY)
    run(city.rosters.pass_shift(admin(), code="roads", shift=1, to="h3", since=FRIDAY))
    run(city.rosters.pass_shift(admin(), code="roads", shift=2, to="h1"))
    assert signers(asked(city, FRIDAY - timedelta(1), "20:00")) == ["h1"]
    assert signers(asked(city, FRIDAY, "19:00")) == ["h3"]
    assert signers(asked(city, FRIDAY, "21:00")) == ["h1"]
    with pytest.raises(NotOfTheUnit):
        run(city.rosters.pass_shift(admin(), code="roads", shift=3, to="w1"))


# --- gaps ---------------------------------------------------------------------------------------


def test_gaps_are_told_with_their_beginning_end_and_reason() -> None:
    city = office()
    shift(city, "h1", "17:30", "08:30", weekdays=WEEK, first_day=MONDAY)
    gaps = city.rosters.gaps("roads", at(FRIDAY, "00:00"), at(SATURDAY + timedelta(1), "00:00"))
    told = [(gap.begins.astimezone(CHINA), gap.ends.astimezone(CHINA), gap.reason) for gap in gaps]
    assert told == [
        (at(FRIDAY, "12:00"), at(FRIDAY, "14:00"), DutyReason.NO_SHIFT),
        (at(SATURDAY, "08:30"), at(SATURDAY + timedelta(1), "00:00"), DutyReason.NO_SHIFT),
    ]
    with pytest.raises(RangeTooLong):
        city.rosters.gaps("roads", at(MONDAY, "00:00"), at(MONDAY.replace(year=2028), "00:00"))


CLOCKS = st.sampled_from(["00:00", "06:00", "08:30", "12:00", "14:00", "17:30", "20:00", "23:30"])
DAYS = st.integers(0, 9).map(lambda days: MONDAY + timedelta(days=days))
SHIFTS = st.lists(
    st.tuples(
        st.sampled_from(["h1", "h2", "h3"]), CLOCKS, CLOCKS,
        st.one_of(
            st.fixed_dictionaries({"day": DAYS}),
            st.fixed_dictionaries({
                "weekdays": st.sets(st.integers(0, 6), min_size=1),
                "days": st.sampled_from(["all", "workdays", "rest_days"]), "first_day": DAYS,
                "last_day": st.one_of(st.none(), st.just(MONDAY + timedelta(days=9))),
            }),
        ),
    ),
    max_size=10,
)  # fmt: skip
CITY = office()


@settings(max_examples=60)
@given(SHIFTS, st.lists(st.integers(0, 12 * 24 * 60 - 1), min_size=1, max_size=60))
def test_every_instant_has_one_answer_or_an_explicit_gap(shifts: Any, minutes: list[int]) -> None:
    roster = DutyRoster.open(admin(), unit="roads", name="值班表", place=COUNTY)
    for member, begins, ends, when in shifts:
        try:
            roster.set_shift(admin(), member=member, begins=begins, ends=ends, **when)
        except ShiftsOverlap:
            continue
    book = CITY.rosters.book("roads", date(2026, 3, 2))
    book = DutyBook(book.unit, book.handlers, roster, book.calendar, book.find)
    start = at(MONDAY, "00:00")
    gaps = book.gaps(start, start + timedelta(days=12))
    assert all(gap.begins < gap.ends for gap in gaps)
    assert all(one.ends <= other.begins for one, other in pairwise(gaps))
    for minute in minutes:
        instant = (start + timedelta(minutes=minute)).astimezone(UTC)
        on = [
            shift
            for shift in roster.shifts.values()
            if shift.covers(
                instant.astimezone(CHINA).date(), f"{instant.astimezone(CHINA):%H:%M}", book.calendar.is_workday
            )
        ]
        assert len([shift for shift in on if shift.dated]) <= 1
        assert len([shift for shift in on if not shift.dated]) <= 1
        answer = book.at(instant)
        assert answer.is_gap == any(gap.begins <= instant < gap.ends for gap in gaps)
        if answer.reason is DutyReason.ON_SHIFT:
            assert answer.shift == min(on, key=lambda shift: not shift.dated)
            assert len(answer.signers) == 1
        assert answer.is_gap == (answer.reason not in {DutyReason.ON_SHIFT, DutyReason.OFFICE_HOURS})
