"""放假安排导入: the holiday-cn JSON shape and iCalendar, as offices and phones write it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from application.importing.calendars import ImportingCalendars
from application.importing.report import ImportReport, Outcome
from application.registry.calendars import Calendars
from application.registry.calendars_in_force import CalendarsInForce
from domain.registry.calendar import Calendar
from domain.registry.refusals import BadFile
from infrastructure.calendars import OFFICE_PERIODS, chinese_office_calendar, chinese_years
from infrastructure.icalendar_days import read_icalendar
from tests.registry_office import Office, admin, run

# 2026 as the State Council's notice has it, written down by hand: first and last day off, and the worked days.
OFF_2026 = {
    "元旦": ("01-01", "01-03"), "春节": ("02-15", "02-23"), "清明节": ("04-04", "04-06"), "劳动节": ("05-01", "05-05"),
    "端午节": ("06-19", "06-21"), "中秋节": ("09-25", "09-27"), "国庆节": ("10-01", "10-07"),
}  # fmt: skip
WORKED_2026 = {
    "01-04": "元旦", "02-14": "春节", "02-28": "春节", "05-09": "劳动节", "09-20": "国庆节", "10-10": "国庆节",
}  # fmt: skip


def listed(name: str, day: str, off: bool) -> dict[str, object]:
    return {"name": name, "date": day, "isOffDay": off}


def year_2026() -> list[dict[str, object]]:
    found = [listed(name, f"2026-{day}", False) for day, name in WORKED_2026.items()]
    for name, (first, last) in OFF_2026.items():
        since, until = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")
        days = range(since.toordinal(), until.toordinal() + 1)
        found += [listed(name, date.fromordinal(day).isoformat(), True) for day in days]
    return found


def holiday_json(year: int, days: Sequence[Any]) -> bytes:
    return json.dumps({"year": year, "papers": [], "days": list(days)}, ensure_ascii=False).encode()


def ics(*events: str) -> bytes:
    """An iCalendar file; an event is its lines, parted by blanks, the summary last."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//ZH"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@test", "DTSTAMP:20260101T000000Z", *event.split(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def day(first: str, summary: str, *more: str, last: str = "") -> str:
    ends = [f"DTEND;VALUE=DATE:{last}"] if last else []
    return " ".join([f"DTSTART;VALUE=DATE:{first}", *ends, *more, f"SUMMARY:{summary}"])


class Desk:
    def __init__(self) -> None:
        self.office = Office()
        self.in_force = CalendarsInForce(self.office.view, chinese_office_calendar())
        self.calendars = Calendars(self.office.desk, self.in_force, chinese_years)
        self.importing = ImportingCalendars(self.office.desk, read_icalendar)
        opening = self.calendars.open(
            admin(), code="office", name="机关", zone="Asia/Shanghai", periods=OFFICE_PERIODS, weekend=[5, 6]
        )
        run(opening)

    def bring(self, content: bytes, **how: Any) -> ImportReport:
        return run(self.importing.run(admin(), content, calendar="office", source="文件", **how))

    @property
    def entry(self) -> Calendar:
        return self.office.view.find(Calendar, "office")

    def days_of(self, year: int) -> tuple[list[str], list[str]]:
        notice = self.entry.years[year]
        return list(notice.holidays), list(notice.workdays)


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- holiday-cn ---------------------------------------------------------------------------------


def test_2026_written_by_hand_says_what_the_published_data_says(desk: Desk) -> None:
    report = desk.bring(holiday_json(2026, year_2026()))
    assert report.taken
    assert report.counts["added"] == len(report.lines) == 33 + 6
    ours, published = desk.in_force.measure("office"), chinese_office_calendar()
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        one = date.fromordinal(ordinal)
        assert ours.is_workday(one) == published.is_workday(one), one


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.bring(holiday_json(2026, year_2026()))
    again = desk.bring(holiday_json(2026, year_2026()))
    assert again.position is None
    assert again.counts["unchanged"] == len(again.lines)
    assert desk.entry.changes == 1


def test_an_amended_year_takes_the_place_of_the_old_and_says_what_is_gone(desk: Desk) -> None:
    desk.bring(holiday_json(2026, [listed("元旦", "2026-01-01", True), listed("元旦", "2026-01-02", True)]))
    report = desk.bring(holiday_json(2026, [listed("元旦", "2026-01-01", True), listed("元旦", "2026-01-04", False)]))
    assert [(line.code, line.outcome) for line in report.lines] == [
        ("2026-01-02", Outcome.CHANGED),
        ("2026-01-01", Outcome.UNCHANGED),
        ("2026-01-04", Outcome.ADDED),
    ]
    assert desk.days_of(2026) == (["2026-01-01"], ["2026-01-04"])


def test_a_notice_that_reaches_into_the_december_before_is_taken_whole(desk: Desk) -> None:
    days = [listed("元旦", "2018-12-29", False), listed("元旦", "2018-12-31", True), listed("元旦", "2019-01-01", True)]
    assert desk.bring(holiday_json(2019, days)).taken
    assert desk.days_of(2019) == (["2018-12-31", "2019-01-01"], ["2018-12-29"])


def test_several_years_in_one_file_come_in_their_order(desk: Desk) -> None:
    two = [json.loads(holiday_json(year, [listed("元旦", f"{year}-01-01", True)])) for year in (2027, 2026)]
    assert desk.bring(json.dumps(two).encode()).taken
    assert desk.entry.edition == "2027.2"


def test_years_before_the_first_known_are_added_backwards(desk: Desk) -> None:
    desk.bring(holiday_json(2026, [listed("元旦", "2026-01-01", True)]))
    three = [json.loads(holiday_json(year, [listed("元旦", f"{year}-01-01", True)])) for year in (2024, 2025, 2027)]
    assert desk.bring(json.dumps(three).encode()).taken
    assert sorted(desk.entry.years) == [2024, 2025, 2026, 2027]
    run(desk.calendars.take_over_known_years(admin(), code="office"))
    assert min(desk.entry.years) == 2004


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    report = desk.bring(holiday_json(2026, year_2026()), dry_run=True)
    assert (report.dry_run, report.taken) == (True, False)
    assert desk.entry.changes == 0


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (listed("元旦", "2026-02-30", True), "有效的日期"),
        (listed("元旦", "2026", True), "没有 date"),
        ({"name": "元旦", "date": "2026-01-02", "isOffDay": "yes"}, "isOffDay"),
        ("2026-01-02", "没有 date"),
        (listed("元旦", "2026-01-01", False), "矛盾"),
    ],
)
def test_a_line_that_makes_no_sense_is_told_and_the_file_not_taken(desk: Desk, entry: object, note: str) -> None:
    report = desk.bring(holiday_json(2026, [listed("元旦", "2026-01-01", True), entry]))
    assert not report.taken
    (rejected,) = report.of(Outcome.REJECTED)
    assert note in rejected.note
    assert desk.entry.changes == 0


def test_a_year_that_does_not_follow_is_rejected_with_its_reason(desk: Desk) -> None:
    desk.bring(holiday_json(2025, [listed("元旦", "2025-01-01", True)]))
    report = desk.bring(holiday_json(2027, [listed("元旦", "2027-01-01", True)]))
    assert not report.taken
    assert "不相接" in report.of(Outcome.REJECTED)[0].note


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"year": "2026", "days": []}', b"\xff\xfe", b'{"year":2026,"days":[]}']
)
def test_what_is_no_such_file_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        desk.bring(content)
    assert refusal.value.detail()


# --- iCalendar ----------------------------------------------------------------------------------


def test_a_phones_calendar_says_off_and_worked_by_its_mark_and_means_nothing_by_festivals(desk: Desk) -> None:
    report = desk.bring(
        ics(
            day("20270101", "元旦", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"),
            day("20270103", "元旦", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"),
            day("20270115", "腊八节"),
        )
    )
    assert report.taken
    assert desk.days_of(2027) == (["2027-01-01"], ["2027-01-03"])
    assert [line.code for line in report.of(Outcome.LEFT_OUT)] == ["2027-01-15"]


@pytest.mark.parametrize(
    ("summary", "off"),
    [
        ("元旦（休）", True), ("元旦(休)", True), ("元旦假期", True), ("休｜元旦", True), ("元旦放假", True),
        ("元旦（班）", False), ("元旦补班", False), ("班｜元旦", False), ("元旦上班", False), ("元旦调休（班）", False),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(desk: Desk, summary: str, off: bool) -> None:
    assert desk.bring(ics(day("20270102", summary), day("20270101", "元旦（休）"))).taken
    assert ("2027-01-02" in desk.days_of(2027)[0 if off else 1]) is True


def test_a_word_that_may_mean_either_is_rejected(desk: Desk) -> None:
    report = desk.bring(ics(day("20270101", "元旦（休）"), day("20270103", "元旦调休")))
    assert not report.taken
    assert "看不出" in report.of(Outcome.REJECTED)[0].note


def test_a_category_tells_what_the_summary_leaves_open(desk: Desk) -> None:
    report = desk.bring(ics(day("20270103", "元旦调休", "CATEGORIES:上班"), day("20270101", "元旦假期")))
    assert report.taken
    assert desk.days_of(2027)[1] == ["2027-01-03"]


def test_a_day_that_is_said_not_to_be_off_is_none(desk: Desk) -> None:
    desk.bring(
        ics(day("20270101", "元旦（休）"), day("20270308", "妇女节（半天假）"), day("20271222", "冬至（不放假）"))
    )
    assert desk.days_of(2027) == (["2027-01-01"], [])


def test_a_calendar_without_any_mark_is_a_list_of_holidays(desk: Desk) -> None:
    desk.bring(ics(day("20270101", "New", last="20270102"), day("20271225", "Christmas", last="20271227")))
    assert desk.days_of(2027) == (["2027-01-01", "2027-12-25", "2027-12-26"], [])


def test_days_that_recur_are_laid_out_in_the_years_of_the_others(desk: Desk) -> None:
    yearly = day("20000101", "New", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20280101")
    desk.bring(ics(yearly, day("20270402", "Easter"), day("20280414", "Easter")))
    assert desk.days_of(2027)[0] == ["2027-01-01", "2027-04-02"]
    assert desk.days_of(2028)[0] == ["2028-04-14"]


def test_only_recurring_days_want_a_year_named(desk: Desk) -> None:
    content = ics(day("20000101", "New", "RRULE:FREQ=YEARLY"))
    with pytest.raises(BadFile):
        desk.bring(content)
    assert desk.bring(content, years=[2027]).taken
    assert desk.days_of(2027)[0] == ["2027-01-01"]


@pytest.mark.parametrize("rule", ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;BYDAY=XX"])
def test_a_rule_that_is_no_days_or_makes_no_sense_is_rejected(desk: Desk, rule: str) -> None:
    report = desk.bring(ics(day("20270101", "New", rule)), years=[2027])
    assert not report.taken
    assert [line.outcome for line in report.lines] == [Outcome.REJECTED]


def test_a_year_already_published_is_changed_by_icalendar_only_when_named(desk: Desk) -> None:
    desk.bring(holiday_json(2026, year_2026()))
    rest_of_it = ics(day("20261001", "国庆节（休）"), day("20270101", "元旦（休）"))
    report = desk.bring(rest_of_it)
    assert report.taken
    assert [line.code for line in report.of(Outcome.LEFT_OUT)] == ["2026-10-01"]
    assert len(desk.days_of(2026)[0]) == 33
    desk.bring(rest_of_it, years=[2026])
    assert desk.days_of(2026) == (["2026-10-01"], [])


def test_an_event_of_hours_or_of_months_is_told(desk: Desk) -> None:
    meeting = "DTSTART:20270105T010000Z DTEND:20270105T020000Z SUMMARY:休"
    report = desk.bring(ics(day("20270101", "休"), meeting, day("20270201", "休", last="20270701")))
    assert [line.outcome for line in report.lines] == [Outcome.ADDED, Outcome.LEFT_OUT, Outcome.REJECTED]


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCALENDAR\r\n", ics(), b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n"]
)
def test_a_file_cut_off_or_empty_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        desk.bring(content)
    assert refusal.value.detail()
