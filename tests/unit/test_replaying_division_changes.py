"""区划变更: a list replayed year by year; every line becomes events, a doubt that is kept, or a rejection."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.importing.report import ImportReport, Outcome
from domain.registry.division import Division
from domain.registry.succession import How, Verdict
from tests.registry_office import CITY, Office, admin, run

HEADER = "year,type,level,old_code,old_name,old_path,new_code,new_name,new_path,doc_no,curated,note\n"
EVERYWHERE = admin("")
GUESSED = "2026-09-17 B-29 批量补全去向：B-29 批量补全（去向表）"
LEAGUE, CITY_PATH = "内蒙古自治区/呼伦贝尔盟", "内蒙古自治区/呼伦贝尔市"


def line(
    year: int, kind: str, old: Sequence[str] = (), new: Sequence[str] = (), note: str = "", doc_no: str = ""
) -> str:
    """`old` and `new` are a code of 6 digits and the path of names."""
    told = [[f"{side[0]}000000", side[1].rpartition("/")[2], side[1]] if side else ["", "", ""] for side in (old, new)]
    return ",".join([str(year), kind, "3", *told[0], *told[1], doc_no, "False", note]) + "\n"


LEFT_BANNER, GENHE = ("152126", f"{LEAGUE}/额尔古纳左旗"), ("152105", f"{LEAGUE}/根河市")
GENHE_NOW = ("150785", f"{CITY_PATH}/根河市")
IN_1994 = line(1994, "撤销", LEFT_BANNER, GENHE_NOW, GUESSED) + line(1994, "新设", (), GENHE)
IN_2001 = line(2001, "同名改码", GENHE, GENHE_NOW, doc_no="国函〔2001〕131号")


def take(office: Office, *lines: str, dry_run: bool = False, skip_rejected: bool = False) -> ImportReport:
    content = (HEADER + "".join(lines)).encode()
    asked = office.importing_changes.run(
        EVERYWHERE, content, source="GB/T 2260 变更表", dry_run=dry_run, skip_rejected=skip_rejected
    )
    return run(asked)


def who(office: Office, code: str, *day: int) -> list[str]:
    return [one.division.name for one in office.view.code_book.places_of(code, date(*day))]


def holder(office: Office, code: str, *day: int) -> Division:
    [one] = office.view.code_book.places_of(code, date(*day))
    return one.division


def outcomes(report: ImportReport) -> list[str]:
    return [one.outcome.value for one in report.lines]


def test_the_line_of_genhe_is_followed_from_the_banner_to_the_city_of_today() -> None:
    office = Office()
    assert outcomes(take(office, IN_1994)) == ["pending", "added"]
    assert outcomes(take(office, IN_2001)) == ["changed"]
    assert (who(office, "152126", 1993, 12, 31), who(office, "152126", 1994, 1, 1)) == (["额尔古纳左旗"], [])
    assert (who(office, "152105", 1993, 12, 31), who(office, "152105", 2000, 12, 31)) == ([], ["根河市"])
    assert holder(office, "150785", 2001, 1, 1).id == holder(office, "152105", 1994, 1, 1).id
    [(banner, doubt)] = office.view.code_book.doubts()
    assert (banner.name, doubt.supposed) == ("额尔古纳左旗", str(holder(office, "150785", 2020, 1, 1).id))


def test_a_guessed_successor_is_one_when_a_person_confirms_it() -> None:
    office = Office()
    take(office, IN_1994)
    [(banner, doubt)] = office.view.code_book.doubts()
    assert office.view.code_book.successors(banner) == []
    run(office.division_moves.settle(EVERYWHERE, division=banner.id, row=doubt.row, verdict=Verdict.CONFIRMED))
    [after] = office.view.code_book.successors(office.view.code_book.division(banner.id))
    assert (after.division.name, after.how, after.since) == ("根河市", How.REPLACED, "1994-01-01")
    [before] = office.view.code_book.predecessors(after.division)
    assert before.division.name == "额尔古纳左旗"
    assert office.view.code_book.doubts() == []


def test_a_guess_that_a_person_dismisses_leaves_no_trace_but_the_decision() -> None:
    office = Office()
    take(office, IN_1994)
    [(banner, doubt)] = office.view.code_book.doubts()
    run(office.division_moves.settle(EVERYWHERE, division=banner.id, row=doubt.row, verdict=Verdict.DISMISSED))
    assert (office.view.code_book.doubts(), office.view.code_book.successors(banner)) == ([], [])
    assert outcomes(take(office, IN_1994)) == ["unchanged", "unchanged"]


def test_codes_that_pass_round_within_a_year_are_followed_by_name() -> None:
    guangzhou = "广东省/广州市"
    office = Office()
    report = take(
        office,
        line(1988, "码位改派", ("440106", f"{guangzhou}/芳村区"), ("440106", f"{guangzhou}/天河区")),
        line(1988, "码位改派", ("440107", f"{guangzhou}/天河区"), ("440107", f"{guangzhou}/芳村区")),
    )
    assert outcomes(report) == ["changed", "changed"]
    assert (who(office, "440106", 1987, 6, 1), who(office, "440106", 1988, 6, 1)) == (["芳村区"], ["天河区"])
    assert holder(office, "440106", 1987, 6, 1).id == holder(office, "440107", 1988, 6, 1).id


def test_a_county_that_becomes_a_city_is_followed_by_another_body_on_its_ground() -> None:
    office = Office()
    old, new = ("210322", "辽宁省/鞍山市/海城县"), ("210319", "辽宁省/鞍山市/海城市")
    assert outcomes(take(office, line(1985, "撤县设市", old, new, doc_no="国函字5号"))) == ["changed"]
    county, city = holder(office, "210322", 1984, 1, 1), holder(office, "210319", 1985, 1, 1)
    assert county.id != city.id
    assert [link.division.id for link in office.view.code_book.successors(county)] == [city.id]


def test_a_new_name_and_a_new_code_of_one_stem_are_one_place() -> None:
    office = Office()
    take(office, line(1985, "更名", ("210422", "辽宁省/抚顺市/新宾县"), ("210422", "辽宁省/抚顺市/新宾满族自治县")))
    place = holder(office, "210422", 1985, 1, 1)
    assert [(each.name, each.valid_until) for each in place.codes] == [
        ("新宾县", "1984-12-31"),
        ("新宾满族自治县", None),
    ]
    old, new = ("442222", "广东省/海南黎族苗族自治州/东方县"), ("442130", "广东省/海南行政区/东方黎族自治县")
    assert outcomes(take(office, line(1987, "更名", old, new))) == ["changed"]
    assert holder(office, "442222", 1986, 1, 1).id == holder(office, "442130", 1987, 1, 1).id


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([line(1988, "同名改码", ("130504", "河北省/邢台市/郊区"), ("441611", "广东省/河源市/郊区"))], "两省的同名"),
        (
            [
                line(1985, "同名改码", ("132105", "河北省/邯郸地区/郊区"), ("130305", "河北省/秦皇岛市/郊区")),
                line(1985, "同名改码", ("132204", "河北省/邢台地区/郊区"), ("130405", "河北省/邯郸市/郊区")),
            ],
            "不止一处",
        ),
        ([line(1982, "同名改码", ("430305", "湖南省/湘潭市/板塘区"), ("430405", "湖南省/衡阳市/板塘区"))], "串扰"),
        ([line(1985, "更名", ("330202", "浙江省/宁波市/镇明区"), ("330211", "浙江省/宁波市/镇海区"))], "同时改变"),
        ([line(1987, "区划调整", ("442200", "广东省/海南黎族苗族自治州"), ("441000", "广东省/海口市"))], "不相干"),
        ([line(1985, "区划调整", ("332401", "浙江省/金华地区/金华市"), ("330721", "浙江省/金华市/金华县"))], "重名"),
        ([line(1983, "码位改派", ("320602", "江苏省/南通市/城中区"), ("320602", "江苏省/南通市/城区"))], "更名还是"),
        ([line(1986, "撤销", ("110110", "燕山区"), ("110111", "北京市/房山区"), "定稿：合设房山区")], "出自备注"),
        ([line(1988, "撤销", ("511102", "四川省/乐山市/市中区"), (), "现行乐山市中区存在，差分误判")], "误判"),
        ([line(1999, "撤村建居", ("110110", "燕山区"), ("110111", "北京市/房山区"))], "不认识的变更"),
    ],
)  # fmt: skip
def test_a_line_that_is_a_guess_is_kept_as_a_doubt_and_makes_no_two_places_one(lines: list[str], why: str) -> None:
    office = Office()
    report = take(office, *lines)
    assert set(outcomes(report)) == {"pending"}
    assert all(why in one.note for one in report.lines)
    book = office.view.code_book
    assert len(book.doubts()) == len(lines)
    assert all(not book.successors(division) for division, _ in book.doubts())
    assert all(len({each.code for each in division.codes}) == 1 for division, _ in book.doubts())
    assert set(outcomes(take(office, *lines))) == {"unchanged"}


def test_a_new_province_makes_a_move_into_it_no_doubt() -> None:
    moved = line(1988, "同名改码", ("441000", "广东省/海口市"), ("460100", "海南省/海口市"))
    assert outcomes(take(Office(), line(1988, "新设", (), ("460000", "海南省")), moved)) == ["added", "changed"]


def test_a_line_that_contradicts_the_ones_before_changes_nothing() -> None:
    office = Office()
    take(office, IN_1994)
    other = ("152105", f"{LEAGUE}/满洲里市")
    report = take(office, line(1995, "撤销", other), line(1996, "新设", (), ("152105", f"{LEAGUE}/陈巴尔虎市")))
    assert outcomes(report) == ["pending", "pending"]
    assert all("矛盾" in one.note for one in report.lines)
    assert who(office, "152105", 1997, 1, 1) == ["根河市"]


def test_what_begins_where_it_already_is_changes_nothing() -> None:
    office = Office()
    take(office, IN_1994)
    report = take(office, line(1996, "新设", (), GENHE))
    assert (outcomes(report), report.position) == (["unchanged"], None)


def test_an_earlier_year_cannot_be_replayed_any_more() -> None:
    office = Office()
    take(office, IN_2001)
    report = take(office, IN_1994)
    assert outcomes(report) == ["rejected", "rejected"]
    assert "请按年份先后导入" in report.lines[0].note
    assert not report.taken


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("199x,新设,3,,,,152105000000,根河市,x,,False,\n", "年份“199x”"),
        ("1994,新设,3,,,,15210500000X,根河市,x,,False,\n", "不是有效的区划代码"),
        ("1994,,3,,,,152105000000,根河市,x,,False,\n", "变更类型应为"),
        ("1994,新设,3,,,,152105000000,,,,False,\n", "区划名称应为"),
        ("1994,新设,3\n", "应有 12 列，实有 3 列"),
    ],
)
def test_a_line_that_cannot_be_read_is_rejected_and_the_file_is_not_taken(wrong: str, reason: str) -> None:
    office = Office()
    report = take(office, IN_1994, wrong)
    assert [reason in one.note for one in report.of(Outcome.REJECTED)] == [True]
    assert office.log.recorded == []
    assert take(office, IN_1994, wrong, skip_rejected=True).taken


def test_lines_without_codes_are_told_and_wait() -> None:
    report = take(
        Office(),
        "1999,更名,3,,浙江省嘉兴市郊区,,,秀洲区,,,True,\n",
        "1999,驻地迁移,3,,广东省开平市（驻地三埠街道）,,,广东省开平市（驻地长沙街道）,,,True,\n",
    )
    assert outcomes(report) == ["pending", "left_out"]


def test_a_dry_run_tells_the_same_and_records_nothing() -> None:
    office = Office()
    report = take(office, IN_1994, dry_run=True)
    assert (outcomes(report), office.log.recorded) == (["pending", "added"], [])


@pytest.mark.parametrize("changes_first", [True, False])
def test_the_place_of_todays_table_is_the_one_of_the_history(changes_first: bool) -> None:
    office = Office()
    listed = "level,code,name,parent_code\n3,150785,根河市,1507\n".encode()

    def table() -> None:
        run(office.importing.run(EVERYWHERE, listed, source="国家统计局2023", valid_from=date(2023, 6, 30)))

    if changes_first:
        take(office, IN_1994, IN_2001)
        table()
    else:
        table()
        take(office, IN_1994)
        take(office, IN_2001)
    assert holder(office, "152105", 1995, 1, 1).id == holder(office, "150785", 2024, 1, 1).id
    place = office.view.division("150785")
    assert (place.name, place.valid_from) == ("根河市", "1994-01-01")
    assert sorted({(each.table, each.code) for each in place.codes}) == [
        ("gb2260", "150785"), ("gb2260", "152105"), ("nbs", "150785"),
    ]  # fmt: skip
    assert [one.code for one in office.view.divisions(name="根河")] == ["150785"]
    assert outcomes(take(office, IN_1994, IN_2001)) == ["unchanged"] * 3


def test_a_change_does_not_end_what_the_registry_still_uses() -> None:
    office = Office().with_divisions(CITY, "150785", "150785001")
    report = take(office, line(2027, "更名", ("150785", "x/区划150785"), ("150785", "x/根河区")))
    assert outcomes(report) == ["changed"]
    report = take(office, line(2028, "撤销", ("150785", "x/根河区")))
    assert outcomes(report) == ["pending"]
    assert "尚有" in report.lines[0].note
    assert office.view.division("150785").valid_until is None


KINDS = ("同名改码", "码位改派", "新设", "撤销", "更名", "撤县设市", "区划调整", "撤市设区", "并入")
SIDES = st.none() | st.tuples(
    st.sampled_from(["152101", "152102", "152103", "150781"]),
    st.sampled_from([f"{LEAGUE}/甲县", f"{LEAGUE}/乙县", f"{LEAGUE}/甲市", f"{CITY_PATH}/甲县", "丙区"]),
)
LINES = st.builds(
    lambda year, kind, old, new, note: line(year, kind, old or (), new or (), note),
    st.integers(1982, 1986), st.sampled_from(KINDS), SIDES, SIDES, st.sampled_from(["", "", GUESSED, "差分误判"]),
)  # fmt: skip


@given(st.lists(LINES, max_size=14))
@settings(max_examples=150)
def test_whatever_a_list_says_each_line_has_one_outcome_and_a_code_one_place_a_year(lines: list[str]) -> None:
    office = Office()
    report = take(office, *lines)
    assert [one.number for one in report.lines] == list(range(2, len(lines) + 2))
    assert report.counts["rejected"] == 0
    for year in range(1981, 1988):
        for code in ("152101", "152102", "152103", "150781"):
            assert len(who(office, code, year, 1, 1)) <= 1
    again = take(office, *lines)
    assert {one.outcome for one in again.lines} <= {Outcome.UNCHANGED, Outcome.PENDING, Outcome.LEFT_OUT}
    assert (again.counts["added"], again.position) == (0, None)


def test_the_real_list_loads_whole_and_the_second_time_changes_nothing(shared_data: Path) -> None:
    content = (shared_data / "cn_division_changes.csv").read_bytes()
    office = Office()
    report = run(office.importing_changes.run(EVERYWHERE, content, source="GB/T 2260 变更表"))
    assert [one.number for one in report.lines] == list(range(2, 4027))
    assert report.counts == {
        "added": 486, "changed": 3159, "unchanged": 2, "left_out": 1, "pending": 377, "rejected": 0,
    }  # fmt: skip
    assert all(one.note for one in report.of(Outcome.PENDING))
    assert office.log.saves == 1
    again = run(office.importing_changes.run(EVERYWHERE, content, source="GB/T 2260 变更表"))
    assert (again.counts["unchanged"], again.counts["pending"], again.position) == (4022, 2, None)
    assert (who(office, "152126", 1990, 7, 1), who(office, "152105", 1999, 7, 1)) == (["额尔古纳左旗"], ["根河市"])
