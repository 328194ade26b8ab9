"""两份码表: the same places under other codes, other places under the same code, in whichever order they come."""

from datetime import date
from pathlib import Path

import pytest

from application.importing.report import ImportReport, Outcome
from domain.registry.refusals import BadFile
from domain.registry.succession import Verdict
from tests.registry_office import COUNTY, GRID, Office, admin, run, square

NBS_FROM, MCA_FROM, TODAY = date(2023, 6, 30), date(2026, 9, 1), date(2026, 9, 10)
EVERYWHERE = admin("")
NBS = "level,code,name,parent_code\n"
MCA = "county_code,county,code12,name\n"
GENHE_NBS = NBS + "4,150785101,金河镇,150785\n4,150785102,阿龙山镇,150785\n4,150785103,满归镇,150785\n"
GENHE_MCA = (
    MCA + "150785,根河市,150785102000,金河镇\n150785,根河市,150785103000,阿龙山镇\n150785,根河市,150785104000,满归镇\n"
)
HAIDIAN_NBS = NBS + "4,110108023,万柳地区,110108\n4,110108026,温泉地区,110108\n"
HAIDIAN_MCA = MCA + "110108,海淀区,110108023000,海淀镇\n110108,海淀区,110108026000,温泉镇\n"
Place = tuple[str, str, str, bool, tuple[object, ...]]


def nbs(office: Office, content: str | bytes, first: date = NBS_FROM) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return run(office.importing.run(EVERYWHERE, raw, source=f"国家统计局{first.year}", valid_from=first))


def mca(office: Office, content: str | bytes) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return run(office.importing.townships(EVERYWHERE, raw, source="民政部2026", valid_from=MCA_FROM))


def places(office: Office) -> set[Place]:
    """All places as the registry speaks of them, but for the ids of their streams."""
    book = office.view.code_book
    ids = {recorded.event.originator_id for recorded in office.log.recorded}
    found = [book.division(id) for id in ids]
    return {(one.code, one.name, one.valid_from, one.behind != "", one.codes) for one in found}


def who(office: Office, code: str, table: str | None = None) -> list[str]:
    found = office.view.code_book.places_of(code, TODAY)
    return sorted(one.division.name for one in found if table in {None, *(said.table for said in one.said)})


def outcomes(report: ImportReport) -> list[str]:
    return [line.outcome.value for line in report.lines]


def test_one_place_has_two_codes_and_one_code_two_places() -> None:
    office = Office()
    nbs(office, GENHE_NBS)
    report = mca(office, GENHE_MCA)
    assert outcomes(report) == ["changed"] * 3
    assert "150785101" in report.lines[0].note
    assert who(office, "150785102") == ["金河镇", "阿龙山镇"]
    assert who(office, "150785102", "nbs") == ["阿龙山镇"]
    assert who(office, "150785102", "mca") == ["金河镇"]
    assert office.view.division("150785102").name == "阿龙山镇"
    assert office.view.division("150785104").name == "满归镇"


@pytest.mark.parametrize(("listed", "townships"), [(GENHE_NBS, GENHE_MCA), (HAIDIAN_NBS, HAIDIAN_MCA)])
def test_in_either_order_the_registry_ends_alike(listed: str, townships: str) -> None:
    one, other = Office(), Office()
    nbs(one, listed)
    mca(one, townships)
    mca(other, townships)
    nbs(other, listed)
    assert places(one) == places(other)
    for office in (one, other):
        assert set(outcomes(nbs(office, listed)) + outcomes(mca(office, townships))) == {"unchanged"}


def test_the_real_tables_end_alike_in_either_order(shared_data: Path) -> None:
    listed = (shared_data / "cn_divisions_nbs2023_beijing_genhe.csv").read_bytes()
    townships = (shared_data / "cn_townships_mca2026_beijing_genhe.csv").read_bytes()
    one, other = Office(), Office()
    nbs(one, listed)
    report = mca(one, townships)
    assert report.counts == dict.fromkeys(report.counts, 0) | {"changed": 350, "pending": 2}
    mca(other, townships)
    nbs(other, listed)
    assert places(one) == places(other)
    assert [line.code for line in report.of(Outcome.PENDING)] == ["110108023", "110117003"]
    assert one.log.saves == other.log.saves == 2


def test_another_name_under_the_same_code_is_another_place_until_a_person_says_otherwise() -> None:
    office = Office()
    nbs(office, HAIDIAN_NBS)
    report = mca(office, HAIDIAN_MCA)
    assert outcomes(report) == ["pending", "changed"]
    assert who(office, "110108023") == ["万柳地区", "海淀镇"]
    [(town, doubt)] = office.view.code_book.doubts()
    run(office.division_moves.settle(EVERYWHERE, division=town.id, row=doubt.row, verdict=Verdict.CONFIRMED))
    assert who(office, "110108023") == ["万柳地区"]
    assert [each.name for each in office.view.division("110108023").codes] == ["万柳地区", "海淀镇"]
    assert office.view.code_book.division(town.id).name == "万柳地区"
    assert outcomes(mca(office, HAIDIAN_MCA)) == ["unchanged", "unchanged"]


def test_a_newer_edition_moves_codes_and_the_places_keep_their_identity() -> None:
    office = Office()
    nbs(office, GENHE_NBS)
    before = {one.name: one.id for one in office.view.divisions(parent=COUNTY)}
    shifted = GENHE_NBS.replace("103", "104").replace("102", "103").replace("101", "102")
    report = nbs(office, shifted, date(2024, 6, 30))
    assert outcomes(report) == ["changed"] * 3
    assert {one.name: one.id for one in office.view.divisions(parent=COUNTY)} == before
    on = [[one.division.name for one in office.view.code_book.places_of("150785102", day)] for day in (TODAY, NBS_FROM)]
    assert on == [["金河镇"], ["阿龙山镇"]]


def test_a_code_that_grids_carry_is_given_but_not_spoken_by() -> None:
    office = Office().with_divisions().with_grid(GRID, square(121.5, 50.7))
    listed = NBS + "4,150785009,区划150785001,150785\n"
    run(office.importing.run(EVERYWHERE, listed.encode(), source="国家统计局2026", valid_from=date(2026, 6, 30)))
    street = office.view.division("150785001")
    assert street.code == "150785001"
    assert office.view.division("150785009").id == street.id


def test_a_table_that_precedes_does_not_take_over_a_code_that_others_carry() -> None:
    office = Office()
    mca(office, GENHE_MCA)
    run(
        office.importing.run(
            EVERYWHERE, (NBS + "5,150785102001,金河居委会,150785102\n").encode(), source="x", valid_from=MCA_FROM
        )
    )
    report = nbs(office, GENHE_NBS, date(2026, 10, 1))
    pending = {line.code: line.note for line in report.of(Outcome.PENDING)}
    assert "新代码已记" in pending["150785101"]
    assert office.view.division("150785101").code == "150785102"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("150785,根河市,150785102001,金河镇", "末 3 位为 000"),
        ("150785,根河市,150785102,金河镇", "12 位乡级代码"),
        ("150784,根河市,150785102000,金河镇", "不在县级代码“150784”之下"),
        ("150785,根河市,15078510200X,金河镇", "不是有效的区划代码"),
        ("150785,根河市,150785102000,", "区划名称应为"),
        ("150785,根河市,150785102000", "应有 4 列，实有 3 列"),
    ],
)
def test_a_line_that_cannot_be_a_township_is_rejected(line: str, reason: str) -> None:
    office = Office()
    report = mca(office, GENHE_MCA + line + "\n")
    assert [reason in one.note for one in report.of(Outcome.REJECTED)] == [True]
    assert (report.taken, office.log.recorded) == (False, [])


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(BadFile):
        mca(Office(), GENHE_NBS)
