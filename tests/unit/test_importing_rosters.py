"""值班表导入: every line has one outcome, a file is taken as a whole, and a second time it changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from application.importing.report import ImportReport, Outcome
from application.importing.rosters import ImportingRosters
from domain.refusals import WrongRole
from domain.registry.duty_roster import DutyRoster
from domain.registry.refusals import BadFile
from domain.registry.shift import DayKind, Shift
from tests.registry_office import COUNTY, TODAY, Office, admin, run
from tests.spec import WORKER, act

HEADER = "单位,日期,起,止,值班人员\n"
WHOLE = HEADER + (
    "roads,每天,17:30,8:30,h1\n"
    "roads,2026/3/7,08:30,17:30,h2\n"
    "water,周六、周日休息日,08:30,17:30,w1\n"
    "water,周一至周五,17:30,20:00,w1\n"
)  # fmt: skip


def office() -> Office:
    city = Office().with_divisions()
    for unit, members in (("roads", ("h1", "h2")), ("water", ("w1",))):
        city.with_unit(unit, "department", COUNTY)
        for code in members:
            city.with_staff(code, unit, "handler", area=COUNTY)
    return city


def bring(city: Office, text: str, act: Any = None, **how: Any) -> ImportReport:
    return run(ImportingRosters(city.desk).run(act or admin(), text.encode(), **how))


def told(report: ImportReport) -> list[tuple[int, str]]:
    return [(line.number, line.outcome.value) for line in report.lines]


def shifts(city: Office, unit: str = "roads") -> list[Shift]:
    return city.view.find(DutyRoster, unit).standing(TODAY)


def test_a_file_opens_rosters_and_sets_shifts() -> None:
    city = office()
    report = bring(city, WHOLE)
    assert (told(report), report.taken) == ([(number, "added") for number in (2, 3, 4, 5)], True)
    night, day = shifts(city)
    assert (night.told(), night.member) == ("每天 17:30-08:30", "h1")
    assert (day.dated, day.first_day, day.member) == (True, "2026-03-07", "h2")
    weekend, evening = shifts(city, "water")
    assert (weekend.weekdays, weekend.days) == ((5, 6), DayKind.REST_DAYS)
    assert (evening.weekdays, evening.days) == ((0, 1, 2, 3, 4), DayKind.ALL)
    assert city.log.recorded[-1].position == report.position


def test_the_same_file_again_changes_nothing() -> None:
    city = office()
    bring(city, WHOLE)
    saves = city.log.saves
    report = bring(city, WHOLE)
    assert ({outcome for _, outcome in told(report)}, report.position) == ({"unchanged"}, None)
    assert city.log.saves == saves


def test_a_dry_run_writes_nothing() -> None:
    city = office()
    report = bring(city, WHOLE, dry_run=True)
    assert (report.counts["added"], report.taken) == (4, False)
    assert not city.view.entries(DutyRoster, lambda _: True)


def test_another_member_or_an_end_changes_a_shift_from_today_on() -> None:
    city = office()
    bring(city, WHOLE)
    later = HEADER.replace("\n", ",首日,末日\n") + (
        "roads,每天,17:30,08:30,h2,2026-04-01,\nwater,周一至周五,17:30,20:00,w1,,2026-06-30\n"
    )
    report = bring(city, later)
    assert [(line.outcome, line.note) for line in report.lines] == [
        (Outcome.CHANGED, "原为 h1"), (Outcome.CHANGED, "第 2 班至 2026-06-30 止"),
    ]  # fmt: skip
    by_day = [(shift.member, shift.first_day, shift.last_day) for shift in shifts(city) if not shift.dated]
    assert by_day == [("h1", "2026-03-02", "2026-03-31"), ("h2", "2026-04-01", None)]
    assert {line.outcome for line in bring(city, later).lines} == {Outcome.UNCHANGED}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nowhere,每天,17:30,08:30,h1", "nowhere"),
        ("roads,每天,17:30,08:30,nobody", "nobody"),
        ("roads,每天,17:30,08:30,w1", "承办人"),
        ("roads,每年,17:30,08:30,h1", "日期"),
        ("roads,2026-02-30,17:30,08:30,h1", "日期"),
        ("roads,周五至周一,17:30,08:30,h1", "星期"),
        ("roads,每天,25:00,08:30,h1", "起"),
        ("roads,每天,17:30,08:30", "列"),
        ("roads,每天,20:00,21:00,h2", "重叠"),
        ("roads,每天,18:00,08:00,h1\nroads,每天,18:00,08:00,h2", "同一班"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_reason_and_the_file_is_not_taken(line: str, why: str) -> None:
    city = office()
    report = bring(city, HEADER + "roads,周一,17:30,08:30,h1\nroads,周六,19:00,21:30,h1\n" + line + "\n")
    assert not report.taken
    rejected = report.of(Outcome.REJECTED)
    assert any(why in one.note for one in rejected)
    assert not city.view.entries(DutyRoster, lambda _: True)


def test_rejected_lines_may_be_skipped_and_an_empty_roster_is_not_opened() -> None:
    city = office()
    text = HEADER + "roads,每天,17:30,08:30,h1\nwater,每天,17:30,08:30,h1\n"
    report = bring(city, text, skip_rejected=True)
    assert (told(report), report.taken) == ([(2, "added"), (3, "rejected")], True)
    assert [roster.code for roster in city.view.entries(DutyRoster, lambda _: True)] == ["roads"]


def test_a_day_gone_by_is_unchanged_or_rejected_but_never_rewritten() -> None:
    city = office()
    bring(city, HEADER + "roads,2026-03-01,08:30,17:30,h1\n")
    assert told(bring(city, HEADER + "roads,2026-03-01,08:30,17:30,h1\n")) == [(2, "unchanged")]
    assert told(bring(city, HEADER + "roads,2026-03-01,08:30,17:30,h2\n")) == [(2, "rejected")]


def test_a_file_that_is_no_roster_is_refused_as_a_whole_and_so_is_who_may_not() -> None:
    city = office()
    for text in ("", "单位,日期\n", "单位,日期,起,止,值班人员,值班人员\n"):
        with pytest.raises(BadFile):
            bring(city, text)
    with pytest.raises(WrongRole):
        bring(city, WHOLE, act(WORKER))
    outside = bring(city, WHOLE, admin("150784"))
    assert {line.outcome for line in outside.lines} == {Outcome.REJECTED}


def test_a_roster_in_gb18030_with_english_headings_is_read() -> None:
    city = office()
    text = "unit,when,begins,ends,member\nroads,休息日,08:30,08:30,h1\n"
    run(ImportingRosters(city.desk).run(admin(), text.encode("gb18030")))
    (shift,) = shifts(city)
    assert (shift.days, shift.begins, shift.ends, date.fromisoformat(shift.first_day)) == (
        DayKind.REST_DAYS, "08:30", "08:30", TODAY,
    )  # fmt: skip
