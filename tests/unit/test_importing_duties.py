"""准入清单导入: lists that streets and communities have already come in whole or not at all, as often as they come."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.importing.duties import ImportingDuties
from application.importing.report import ImportReport, Outcome
from domain.actor import Act, Role
from domain.refusals import WrongRole
from domain.registry.refusals import BadFile
from tests.duty_office import DUTY, HEDONG, HEDONG_COMMUNITY, HEXI, OTHER, city, doing
from tests.registry_office import CITY, COUNTY, Office, admin, run

HEADER = "单位,小类,起,止,文号"
ADDED, UNCHANGED, CHANGED, REJECTED = Outcome.ADDED, Outcome.UNCHANGED, Outcome.CHANGED, Outcome.REJECTED
LIST = f"{HEDONG},{DUTY},2026-01-01,,〔2025〕1号", f"{HEXI},{OTHER},2026/3/1,2026年6月30日,〔2025〕2号"


def bring(office: Office, *lines: str, act: Act | None = None, encoding: str = "utf-8", **how: bool) -> ImportReport:
    content = "\r\n".join([HEADER, *lines, ""]).encode(encoding)
    return run(ImportingDuties(office.desk, office.rules).run(act or admin(), content, **how))


def outcomes(report: ImportReport) -> list[Outcome]:
    return [line.outcome for line in report.lines]


def notes(report: ImportReport) -> str:
    return "\n".join(line.note for line in report.lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_comes_in_with_its_documents_and_a_second_time_changes_nothing(encoding: str) -> None:
    office = city()
    report = bring(office, *LIST, encoding=encoding)
    assert (outcomes(report), report.taken) == ([ADDED, ADDED], True)
    assert office.view.unit(HEDONG).duties == {DUTY: (("2026-01-01", None),)}
    assert office.view.unit(HEXI).duties == {OTHER: (("2026-03-01", "2026-06-30"),)}
    written = [one.event for one in office.log.recorded[-3:]]
    assert {event.reason for event in written} == {"〔2025〕1号", "〔2025〕2号"}  # type: ignore[attr-defined]
    before = len(office.log.recorded)
    again = bring(office, *LIST, encoding=encoding)
    assert (outcomes(again), again.position) == ([UNCHANGED, UNCHANGED], None)
    assert len(office.log.recorded) == before


def test_a_dry_run_asks_every_rule_and_writes_nothing() -> None:
    office = city()
    before = len(office.log.recorded)
    report = bring(office, *LIST, "nowhere,matter-06017,2026-01-01,,x", dry_run=True)
    assert (outcomes(report), report.taken) == ([ADDED, ADDED, REJECTED], False)
    assert len(office.log.recorded) == before


def test_one_wrong_line_stops_the_file_unless_it_is_to_be_skipped() -> None:
    office = city()
    wrong = f"{HEXI},{DUTY},2026-13-01,,〔2025〕3号"
    assert not bring(office, *LIST, wrong).taken
    assert office.view.unit(HEDONG).duties == {}
    assert bring(office, *LIST, wrong, skip_rejected=True).taken
    assert office.view.unit(HEDONG).duties != {}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nowhere,matter-06017,2026-01-01,,文", "nowhere"),
        (f"parks,{DUTY},2026-01-01,,文", "只有街道"),
        (f"{HEDONG},matter-07003,2026-01-01,,文", "matter-07003"),
        (f"{HEDONG},06017,2026-01-01,,文", "编目编码"),
        (f"{HEDONG},{DUTY},,,文", "日期“”"),
        (f"{HEDONG},{DUTY},2026-02-30,,文", "日期“2026-02-30”"),
        (f"{HEDONG},{DUTY},2026-02-01,2026-01-01,文", "有效期"),
        (f"{HEDONG},{DUTY},2026-02-01,,", "文号"),
        (f"{HEDONG},{DUTY},2026-02-01", "应有 5 列"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, why: str) -> None:
    report = bring(city(), line)
    assert outcomes(report) == [REJECTED]
    assert why in notes(report)


def test_a_duty_told_twice_or_overlapping_what_is_there_is_rejected() -> None:
    office = city()
    report = bring(
        office, LIST[0], LIST[0], f"{HEDONG},{DUTY},2026-05-01,,〔2025〕9号", f"{HEXI},{DUTY},2026-05-01,,〔2025〕9号"
    )
    assert outcomes(report) == [ADDED, REJECTED, REJECTED, ADDED]
    assert "与第 2 行" in notes(report)


def test_periods_follow_each_other_wherever_they_stand_in_the_file() -> None:
    office = city()
    later, earlier = f"{HEDONG},{DUTY},2026-07-01,,文二", f"{HEDONG},{DUTY},2026-01-01,2026-06-30,文一"
    assert outcomes(bring(office, later, earlier)) == [ADDED, ADDED]
    assert office.view.unit(HEDONG).duties[DUTY] == (("2026-01-01", "2026-06-30"), ("2026-07-01", None))


def test_a_file_may_end_a_duty_but_not_open_an_ended_one() -> None:
    office = city()
    opened, ended = LIST[0], f"{HEDONG},{DUTY},2026-01-01,2026-12-31,〔2025〕1号"
    bring(office, opened)
    report = bring(office, ended)
    assert (outcomes(report), report.taken) == ([CHANGED], True)
    assert outcomes(bring(office, ended)) == [UNCHANGED]
    reopening = bring(office, opened)
    assert (outcomes(reopening), reopening.taken) == ([REJECTED], False)
    assert "到 2026-12-31 为止" in notes(reopening)


def test_a_list_is_brought_in_by_who_may_review_it() -> None:
    office = city()
    county = admin(COUNTY, code="county-admin")
    report = bring(office, f"{HEDONG},{DUTY},2026-01-01,,文", f"{HEDONG_COMMUNITY},{DUTY},2026-01-01,,文", act=county)
    assert outcomes(report) == [REJECTED, ADDED]
    with pytest.raises(WrongRole):
        bring(office, *LIST, act=doing("one", Role.SUPERVISOR, "office", CITY))


def test_a_class_the_catalogue_had_in_the_past_is_kept_as_history() -> None:
    office = city()
    run(office.catalogue.withdraw(admin(), code=OTHER, last_day=date(2026, 2, 1)))
    past, open_ended = f"{HEDONG},{OTHER},2020-01-01,2026-01-31,文", f"{HEXI},{OTHER},2020-01-01,,文"
    assert outcomes(bring(office, past, open_ended)) == [ADDED, REJECTED]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "单位,小类\n".encode(), b"a,b,c,d,e\n"])
def test_what_is_no_such_list_is_refused_as_a_whole(content: bytes) -> None:
    office = city()
    with pytest.raises(BadFile):
        run(ImportingDuties(office.desk, office.rules).run(admin(), content))


KEPT = city()
"""Goes on from example to example, so files meet lists that others have left."""
LINES = st.tuples(
    st.sampled_from([HEDONG, HEXI, HEDONG_COMMUNITY, "nowhere", ""]), st.sampled_from([DUTY, OTHER, "x"]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2028, 1, 1))),
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_every_line_has_one_outcome_and_the_same_file_again_adds_nothing(
    told: list[tuple[str, str, date, date | None]],
) -> None:
    office = KEPT
    lines = [f"{unit},{category},{since},{until or ''},文" for unit, category, since, until in told]
    first = bring(office, *lines, skip_rejected=True)
    assert [line.number for line in first.lines] == list(range(2, len(lines) + 2))
    assert all(line.note for line in first.lines if line.outcome is REJECTED)
    before = len(office.log.recorded)
    again = bring(office, *lines, skip_rejected=True)
    assert len(office.log.recorded) == before
    assert [one is REJECTED for one in outcomes(first)] == [one is REJECTED for one in outcomes(again)]
