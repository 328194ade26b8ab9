"""派遣规则导入: every line settled once, all or nothing, safe to repeat, ties told, published editions left alone."""

from __future__ import annotations

from typing import Any

import pytest

from application.importing.dispatch_rules import ImportingDispatchRules
from application.importing.report import ImportReport, Outcome
from application.registry.dispatch_rules import RuleEditions
from domain.refusals import WrongRole
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.refusals import BadFile
from domain.registry.rule_time import Hours
from tests.registry_office import COUNTY, TODAY, Office, admin, run
from tests.spec import DISPATCHER, act

HEADER = "编号,名称,事项,地点,渠道,工作时间,星期,季节,优先级,主办,抄送,协办,起,止"
FULL = (
    "12,夜间绿地,matter-06017,150785001,热线,工作时间之外,周六、周日,10-15至04-15,5,yl,"
    "属地街道；属地区县,cg,2026-04-01,"
)
PLAIN = "13,,matter,,,,,,,属地街道,,,,"
E1 = "dispatch-2026.1"


@pytest.fixture
def city() -> Office:
    office = Office().with_divisions().with_case_type("matter-06017")
    return office.with_unit("yl", "department", COUNTY).with_unit("cg", "department", COUNTY)


def bring(city: Office, *lines: str, header: str = HEADER, encoding: str = "utf-8", **said: Any) -> ImportReport:
    content = "\n".join([header, *lines]).encode(encoding)
    return run(ImportingDispatchRules(city.desk).run(admin(), content, edition=E1, **said))


def outcomes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(line.number, line.code, line.outcome.value) for line in report.lines]


def rules(city: Office) -> DispatchRules:
    return city.view.find(DispatchRules, E1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_becomes_a_draft_with_every_condition_read(city: Office, encoding: str) -> None:
    report = bring(city, FULL, PLAIN, encoding=encoding, name="2026 年规则")
    assert report.taken
    assert outcomes(report) == [(2, "12", "added"), (3, "13", "added")]
    edition = rules(city)
    assert (edition.name, edition.valid_from) == ("2026 年规则", None)
    rule = edition.rules["12"]
    assert (rule.category, rule.place, rule.channel, rule.rank) == ("matter-06017", "150785001", "hotline", 5)
    assert (rule.time.hours, rule.time.weekdays) == (Hours.OUTSIDE, (6, 7))
    assert (rule.time.season_from, rule.time.season_until) == ("10-15", "04-15")
    assert (rule.lead, rule.copies, rule.assists) == ("yl", ("@street", "@district"), ("cg",))
    assert (rule.valid_from, rule.valid_until) == ("2026-04-01", None)


@pytest.mark.parametrize(
    ("written", "read"),
    [("1-5", (1, 2, 3, 4, 5)), ("周一至周五", (1, 2, 3, 4, 5)), ("六 日", (6, 7)), ("星期天", (7,)), ("1、3", (1, 3))],
)
def test_weekdays_are_read_as_people_write_them(city: Office, written: str, read: tuple[int, ...]) -> None:
    bring(city, f"1,{written},yl", header="number,weekdays,lead")
    assert rules(city).rules["1"].time.weekdays == read


def test_the_same_file_again_changes_nothing_and_another_word_changes_its_rule(city: Office) -> None:
    bring(city, FULL, PLAIN)
    before = city.log.saves
    again = bring(city, FULL, PLAIN)
    assert again.taken
    assert {line.outcome for line in again.lines} == {Outcome.UNCHANGED}
    assert city.log.saves == before
    assert outcomes(bring(city, PLAIN.replace("属地街道", "cg"))) == [(2, "13", "changed")]
    assert set(rules(city).rules) == {"12", "13"}


def test_a_dry_run_writes_nothing(city: Office) -> None:
    before = city.log.saves
    report = bring(city, FULL, dry_run=True)
    assert (report.taken, report.counts["added"], city.log.saves) == (False, 1, before)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,,matter-06017,,,,,,,,,,,", "主办应恰有一个单位"),
        ("1,,matter-06017,,,,,,,yl、cg,,,,", "主办应恰有一个单位"),
        ("1,,matter-09001,,,,,,,yl,,,,", "编目中没有 matter-09001"),
        ("1,,matter-06017-2,,,,,,,yl,,,,", "编目中没有 matter-06017-2"),
        ("1,,,150785009,,,,,,yl,,,,", "150785009"),
        ("1,,,,,,,,,nobody,,,,", "nobody"),
        ("1,,,,传真,,,,,yl,,,,", "传真"),
        ("1,,,,,夜间,,,,yl,,,,", "夜间"),
        ("1,,,,,,初一,,,yl,,,,", "初一"),
        ("1,,,,,,5-1,,,yl,,,,", "5-1"),
        ("1,,,,,,,冬季,,yl,,,,", "冬季"),
        ("1,,,,,,,02-30至03-01,,yl,,,,", "02-30"),
        ("1,,,,,,,,高,yl,,,,", "高"),
        ("1,,,,,,,,,yl,,,明天,", "明天"),
        ("1,,,,,,,,,yl,,,2026-05-01,2026-04-01", "2026-05-01"),
        ("第一条,,,,,,,,,yl,,,,", "第一条"),
        ("1,yl", "应有 14 列，实有 2 列"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_reason_and_the_file_not_taken(city: Office, line: str, reason: str) -> None:
    report = bring(city, FULL, line)
    assert not report.taken
    (rejected,) = report.of(Outcome.REJECTED)
    assert rejected.number == 3
    assert reason in rejected.note
    assert len(report.lines) == 2
    assert bring(city, FULL, line, skip_rejected=True).taken
    assert list(rules(city).rules) == ["12"]


def test_a_number_stands_once_in_a_file(city: Office) -> None:
    report = bring(city, FULL, FULL)
    assert [line.note for line in report.of(Outcome.REJECTED)] == ["与第 2 行的编号重复"]


def test_rules_that_tie_are_taken_into_the_draft_and_told(city: Office) -> None:
    report = bring(city, PLAIN, PLAIN.replace("13", "14"), FULL)
    assert report.taken
    assert [line.note for line in report.lines] == [
        "与第 14 条并列，发布前须分出先后",
        "与第 13 条并列，发布前须分出先后",
        "",
    ]


def test_a_published_edition_takes_nothing_new_and_its_own_list_changes_nothing(city: Office) -> None:
    bring(city, FULL)
    run(RuleEditions(city.desk).publish(admin(), code=E1, valid_from=TODAY))
    assert bring(city, FULL).taken
    report = bring(city, FULL, PLAIN)
    assert not report.taken
    assert outcomes(report) == [(2, "12", "unchanged"), (3, "13", "rejected")]
    assert "已发布" in report.lines[1].note


@pytest.mark.parametrize("header", ["", "编号,事项", "编号,主办,颜色", "编号,主办,number"])
def test_a_file_without_its_columns_is_no_list(city: Office, header: str) -> None:
    with pytest.raises(BadFile):
        bring(city, PLAIN, header=header)


def test_rules_are_imported_by_administrators_of_the_city(city: Office) -> None:
    with pytest.raises(WrongRole):
        run(ImportingDispatchRules(city.desk).run(act(DISPATCHER), b"", edition=E1))
