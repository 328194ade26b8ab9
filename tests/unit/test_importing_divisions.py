"""区划导入: a published list line by line, as often as it comes, and files that cannot be trusted."""

from datetime import date
from pathlib import Path

import pytest

from application.importing.report import ImportReport, Outcome
from domain.actor import Act, Actor, Role
from domain.refusals import WrongRole
from domain.registry.refusals import BadFile
from tests.registry_office import CITY, COUNTY, NINE, STREET, Office, admin, run

VALID_FROM = date(2023, 6, 30)
HEADER = "level,code,name,parent_code\n"
STREETS = HEADER + "4,150785001,河东街道,150785\n4,150785002,河西街道,150785\n"
WITH_COMMUNITY = STREETS + "5,150785001001,西爱国街居委会,150785001\n"
EVERYWHERE = admin("")


def take(office: Office, content: str | bytes, act: Act = EVERYWHERE, **options: object) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    told = {"source": "nbs2023", "valid_from": VALID_FROM} | options
    return run(office.importing.run(act, raw, **told))  # type: ignore[arg-type]


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """Added, changed, unchanged, left out, rejected; nothing is pending."""
    told = report.counts
    assert sum(told.values()) == len(report.lines)
    assert told["pending"] == 0
    return told["added"], told["changed"], told["unchanged"], told["left_out"], told["rejected"]


def reasons(report: ImportReport) -> dict[int, str]:
    return {line.number: line.note for line in report.of(Outcome.REJECTED)}


def notes(report: ImportReport) -> list[str]:
    return [line.note for line in report.lines if line.note]


@pytest.fixture
def beijing_and_genhe(shared_data: Path) -> bytes:
    return (shared_data / "cn_divisions_nbs2023_beijing_genhe.csv").read_bytes()


def test_the_published_list_is_taken_whole_and_the_second_time_changes_nothing(
    beijing_and_genhe: bytes,
) -> None:
    office = Office()
    assert counts(take(office, beijing_and_genhe)) == (7918, 0, 0, 0, 0)
    genhe = office.view.divisions(parent=COUNTY)
    communities = [each for street in genhe for each in office.view.divisions(parent=street.code)]
    assert (len(genhe), len(communities)) == (9, 25)
    saves, position = office.log.saves, office.view.position
    assert counts(take(office, beijing_and_genhe)) == (0, 0, 7918, 0, 0)
    assert (office.log.saves, office.view.position) == (saves, position)


def test_counties_the_list_presumes_are_reported(beijing_and_genhe: bytes) -> None:
    told = notes(take(Office(), beijing_and_genhe))
    assert len(told) == 17
    assert any(COUNTY in note and "未登记" in note for note in told)


def test_the_list_of_counties_comes_first_and_then_no_parent_is_absent(
    shared_data: Path, beijing_and_genhe: bytes
) -> None:
    office = Office()
    counties = (shared_data / "cn_divisions_nbs2023_to_county.csv").read_bytes()
    assert counts(take(office, counties)) == (3351, 0, 0, 0, 0)
    assert notes(take(office, beijing_and_genhe)) == []


def test_what_lies_elsewhere_is_left_out(shared_data: Path, beijing_and_genhe: bytes) -> None:
    office = Office()
    counties = (shared_data / "cn_divisions_nbs2023_to_county.csv").read_bytes()
    assert counts(take(office, counties, within=COUNTY)) == (3, 0, 0, 3348, 0)
    assert counts(take(office, beijing_and_genhe, within=COUNTY)) == (34, 0, 0, 7884, 0)
    assert [each.name for each in office.view.divisions(limit=3)] == ["内蒙古自治区", "呼伦贝尔市", "根河市"]


def test_a_trial_run_tells_the_same_and_records_nothing() -> None:
    office = Office()
    result = take(office, WITH_COMMUNITY, dry_run=True)
    assert counts(result) == (3, 0, 0, 0, 0)
    assert (result.position, result.dry_run, result.taken, office.log.recorded) == (None, True, False, [])


def test_a_new_name_renames_and_keeps_the_source() -> None:
    office = Office()
    take(office, STREETS)
    result = take(office, STREETS.replace("河西", "河西新区"), act=admin("", minutes=1), source="mca2026")
    assert counts(result) == (0, 1, 1, 0, 0)
    street = office.view.division("150785002")
    assert (street.name, street.source, street.version) == ("河西新区街道", "mca2026", 2)
    assert result.position == office.view.position == 3


def test_parents_may_stand_after_their_children() -> None:
    upside_down = HEADER + "".join(reversed(WITH_COMMUNITY.splitlines(keepends=True)[1:]))
    assert counts(take(Office(), upside_down)) == (3, 0, 0, 0, 0)


def test_the_whole_list_is_one_save(beijing_and_genhe: bytes) -> None:
    office = Office()
    take(office, beijing_and_genhe)
    assert office.log.saves == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("4,15078500X,金河镇,150785", "不是有效的区划代码"),
        ("4,1.50785E+08,金河镇,150785", "不是有效的区划代码"),
        ("4,150785101,,150785", "区划名称应为"),
        ("5,150785101,金河镇,150785", "级别“5”与 9 位代码不符"),
        ("4,150785101,金河镇,150784", "上级代码应为“150785”，实为“150784”"),
        ("4,150785101,金河镇", "应有 4 列，实有 3 列"),
        ("4,150785101,金河镇,150785,x", "应有 4 列，实有 5 列"),
        ('4,150785101,金"河镇,150785', "名称中有引号"),
        ("4,150785001,河东街道,150785", "与第 2 行的代码重复"),
        ("5,150785103001,团结居委会,150785103", "上级 150785103 未登记"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_reason_and_the_file_is_not_taken(line: str, reason: str) -> None:
    office = Office()
    result = take(office, STREETS + line + "\n")
    assert counts(result) == (2, 0, 0, 0, 1)
    assert reason in reasons(result)[4]
    assert (result.taken, office.log.recorded) == (False, [])


def test_who_skips_rejected_lines_takes_the_others() -> None:
    office = Office()
    result = take(office, STREETS + "4,150785101,,150785\n", skip_rejected=True)
    assert (result.taken, len(office.view.divisions(parent=COUNTY))) == (True, 2)


def test_below_a_rejected_line_nothing_is_taken() -> None:
    result = take(Office(), STREETS + "4,150785101,,150785\n5,150785101001,胜利居委会,150785101\n")
    assert sorted(reasons(result)) == [4, 5]


def test_lines_outside_the_administrators_area_are_rejected() -> None:
    result = take(Office(), STREETS + "4,110101001,东华门街道,110101\n", act=admin(CITY))
    assert counts(result) == (2, 0, 0, 0, 1)
    assert "管辖范围" in reasons(result)[4]


def test_an_abolished_code_is_not_taken_again() -> None:
    office = Office()
    take(office, STREETS)
    run(office.divisions.abolish(EVERYWHERE, code=STREET, last_day=date(2024, 12, 31)))
    result = take(office, WITH_COMMUNITY, valid_from=date(2025, 1, 1))
    assert counts(result) == (0, 0, 1, 0, 2)
    assert "不在有效期内" in reasons(result)[2]


def test_a_division_registered_for_a_later_day_is_the_same_division_and_gets_the_tables_code() -> None:
    office = Office().with_divisions(CITY)
    listed = HEADER + "2,1507,区划1507,15\n"
    assert counts(take(office, listed)) == (0, 1, 0, 0, 0)
    assert [each.table for each in office.view.division(CITY).codes] == ["nbs", "own"]
    assert counts(take(office, listed)) == (0, 0, 1, 0, 0)


def test_only_an_administrator_imports() -> None:
    actor = Actor(id="d1", roles=frozenset({Role.DISPATCHER}), unit="u", areas=("",))
    with pytest.raises(WrongRole):
        take(Office(), STREETS, act=Act(actor=actor, at=NINE))


@pytest.mark.parametrize(
    "content",
    [
        STREETS.encode("utf-8-sig"),
        STREETS.encode("gb18030"),
        STREETS.replace("\n", "\r\n").encode(),
        STREETS.replace("\n", "\n\n").encode(),
        STREETS.rstrip("\n").encode(),
        STREETS.replace("河东街道", '"河东街道"').encode(),
        STREETS.replace("level,code", "level,remark,code").replace("4,1", "4,,1").encode(),
    ],
    ids=["with BOM", "GB18030", "CRLF", "blank lines", "no last line end", "quoted", "other columns"],
)
def test_files_as_offices_save_them_are_taken(content: bytes) -> None:
    office = Office()
    assert counts(take(office, content)) == (2, 0, 0, 0, 0)
    assert office.view.division(STREET).name == "河东街道"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "应是表头"),
        ("代码,名称\n150785001,河东街道\n".encode(), "实为：代码，名称"),
        (STREETS.replace("level", "code").encode(), "应是表头"),
        (STREETS.encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04xlsx", "Excel"),
        (STREETS.encode() + b"\xff\xff\xff", "既不是 UTF-8 也不是 GB18030"),
        (STREETS.replace("河东街道", '"河东街道').encode(), "第 2 行的引号不成对"),
        (STREETS.replace("河东街道", '"河东"街道').encode(), "第 2 行的引号不成对"),
        ((STREETS + '5,150785001001,"西爱国\n5,150785001004,光明",1\n').encode(), "第 4 行的引号直到第 5 行"),
        (b" " * (64 * 1024 * 1024 + 1), "超过 64 MB"),
    ],
    ids=["empty", "header", "column twice", "UTF-16", "workbook", "bytes", "open", "stray", "late", "big"],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole(content: bytes, problem: str) -> None:
    office = Office()
    with pytest.raises(BadFile) as refused:
        take(office, content)
    assert problem in refused.value.detail()
    assert office.log.recorded == []
