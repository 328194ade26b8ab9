"""检索: whatever one types, in characters, pinyin, initials or codes, finds what is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from application.search import Match, Part, SearchKind
from domain.actor import Actor, Role
from domain.registry.case_type import CaseType
from domain.registry.code_table import CodeTable, TableCode
from domain.registry.division import Division
from domain.registry.staff import Staff
from tests.registry_office import COMMUNITY, COUNTY, FIRST, GRID, STREET, TODAY, Office, admin, run
from tests.search_office import OTHER_COMMUNITY, OTHER_STREET, SearchOffice

CATEGORY, UNIT, ADDRESS, DIVISION, STAFF = (
    SearchKind.CATEGORY, SearchKind.UNIT, SearchKind.ADDRESS, SearchKind.DIVISION, SearchKind.STAFF,
)  # fmt: skip


@pytest.fixture(scope="module")
def city() -> SearchOffice:
    return SearchOffice().furnished()


# --- what may be typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "绿地脏乱", "绿地", "lvdi", "lüdi", "LÜDÌ", "lu\u0308di", "ld", "ldzl", "lvdzl", "绿di", "lv地", "l地z", "ludi",
        "lvdizangl", "ｌｖｄｉ", "lv'di", "脏乱", "zangluan", "zl", "绿地 脏乱", "脏乱 绿地", "shirong ld",
    ],
)  # fmt: skip
def test_a_category_is_found_in_every_spelling(city: SearchOffice, typed: str) -> None:
    assert "绿地脏乱" in city.named(typed, CATEGORY)


@pytest.mark.parametrize("typed", ["lvdu", "ldd", "绿d绿", "dl", "lvdx", "绿地道路", "绿地 道路"])
def test_what_is_not_there_is_not_found(city: SearchOffice, typed: str) -> None:
    assert "绿地脏乱" not in city.named(typed, CATEGORY)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chongqing", "重庆路社区"), ("zhongqing", "重庆路社区"), ("cql", "重庆路社区"), ("zql", "重庆路社区"),
        ("xingdaoshu", "行道树"), ("hangdaoshu", "行道树"), ("xds", "行道树"), ("hds", "行道树"),
        ("changan", "河东街道长安街12号"), ("zhangan", "河东街道长安街12号"), ("caj12", "河东街道长安街12号"),
    ],
)  # fmt: skip
def test_a_character_of_several_readings_is_found_by_each(city: SearchOffice, typed: str, name: str) -> None:
    assert name in city.named(typed)


@pytest.mark.parametrize("typed", ["d", "da", "dao", "daol", "daolu", "daolup"])
def test_the_last_syllable_may_be_begun(city: SearchOffice, typed: str) -> None:
    assert "道路破损" in city.named(typed, CATEGORY)


@pytest.mark.parametrize(("typed", "name"), [("baoluolaji", "暴露垃圾"), ("zhangluan", "绿地脏乱"), ("ludeng", "路灯")])
def test_sounds_that_are_confused_are_forgiven_when_nothing_else_fits(
    city: SearchOffice, typed: str, name: str
) -> None:
    found = city.named(typed.replace("baoluo", "baonu").replace("ludeng", "luden"), CATEGORY)
    assert name in found


def test_who_spells_right_is_not_shown_what_only_sounds_alike() -> None:
    office = SearchOffice()
    for code, name in [("matter-01001", "沙土"), ("matter-01002", "撒土")]:
        office.publish(code, name)
    assert office.named("shatu") == ["沙土"]
    assert office.named("satu") == ["撒土"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("06017", "matter-06017"), ("matter-06017", "matter-06017"), ("MATTER06017", "matter-06017"),
        ("150785001", STREET), ("０６０１７", "matter-06017"), ("DZ-1", "DZ-1"), ("zhzx", "zhzx"), ("5001001001", GRID),
    ],
)  # fmt: skip
def test_a_code_finds_its_entry(city: SearchOffice, typed: str, code: str) -> None:
    assert code in [hit.code for hit in city.find(typed)]


def test_an_exact_code_comes_first(city: SearchOffice) -> None:
    assert [hit.code for hit in city.find("150785001")][:2] == [STREET, COMMUNITY]
    assert city.find("06017")[0].code == "matter-06017"


def test_letters_of_codes_do_not_answer_to_syllables(city: SearchOffice) -> None:
    assert city.find("matt") == []
    assert city.find("hedon", UNIT)[0].matches[0].part is Part.NAME


def test_a_figure_may_be_typed_as_a_digit() -> None:
    office = SearchOffice()
    office.publish("matter-01001", "第一网格巡查")
    assert office.named("第1网格") == office.named("di1wg") == ["第一网格巡查"]


@pytest.mark.parametrize("typed", ["，", "'", "(）", "😀"])
def test_punctuation_alone_finds_nothing(city: SearchOffice, typed: str) -> None:
    assert city.find(typed) == []


# --- what is told ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        ("lvdi", ["绿地"]), ("脏", ["脏"]), ("ldz", ["绿地脏"]), ("ldzan", ["绿地脏"]), ("luan lv", ["乱", "绿"]),
    ],
)  # fmt: skip
def test_what_matched_is_told_for_each_word(city: SearchOffice, typed: str, matched: list[str]) -> None:
    hit = city.find(typed, CATEGORY)[0]
    assert [match.text[match.start : match.start + match.length] for match in hit.matches] == matched
    assert {(match.part, match.text) for match in hit.matches} == {(Part.NAME, "绿地脏乱")}


def test_an_alias_a_class_and_a_code_are_told_as_such(city: SearchOffice) -> None:
    assert city.find("chongqxx", ADDRESS)[0].matches == (Match(Part.ALIAS, "重庆小学", 0, 4),)
    assert city.find("srhj", CATEGORY)[0].matches == (Match(Part.CLASS, "市容环境", 0, 4),)
    assert city.find("6017", CATEGORY)[0].matches[0].part is Part.CODE


def test_signs_between_are_passed_over_and_counted() -> None:
    office = SearchOffice()
    office.publish("matter-01001", "道路（含桥梁）破损")
    assert office.find("hanqlps")[0].matches == (Match(Part.NAME, "道路（含桥梁）破损", 3, 6),)


@pytest.mark.parametrize(
    ("typed", "kind", "detail", "place"),
    [
        ("绿地脏乱", CATEGORY, "市容环境：绿地内有垃圾、杂物", ""),
        ("光明居委会", DIVISION, "根河市 河东街道", COMMUNITY),
        ("根河市", DIVISION, "呼伦贝尔市", COUNTY),
        ("长安街", ADDRESS, "根河市 河东街道 光明居委会 网格001", GRID),
        ("岗位w1", STAFF, "单位hedong", COMMUNITY),
        ("单位hedong", UNIT, "根河市 河东街道", STREET),
    ],
)
def test_a_detail_tells_hits_apart(city: SearchOffice, typed: str, kind: SearchKind, detail: str, place: str) -> None:
    hit = city.find(typed, kind)[0]
    assert (hit.kind, hit.detail, hit.place) == (kind, detail, place)


# --- what comes first -----------------------------------------------------------------------------


def test_exact_comes_before_beginning_before_initials_before_within() -> None:
    office = SearchOffice()
    for number, name in enumerate(["大理石", "河道里程", "刀路", "到路口", "道路", "道里", "打理路"]):
        office.publish(f"matter-0100{number}", name)
    assert office.named("daol") == ["刀路", "道路", "道里", "到路口", "河道里程"]
    assert office.named("dl") == ["刀路", "道路", "道里", "大理石", "到路口", "打理路", "河道里程"]
    assert office.named("道路") == ["道路"]


def test_a_word_may_name_the_division_around_but_one_must_be_the_entrys_own(city: SearchOffice) -> None:
    assert city.named("河西 lvliu") == ["河西街道绿柳巷3号"]
    assert city.named("hexi 001") == ["网格001"]
    assert city.find("hexi 001")[0].code == OTHER_COMMUNITY + "001"
    assert city.named("河东 lvliu") == []


def test_no_more_than_the_limit_is_shown(city: SearchOffice) -> None:
    assert len(city.find("1", limit=3)) == 3


# --- what is left out -----------------------------------------------------------------------------


def test_only_kinds_asked_for_are_shown(city: SearchOffice) -> None:
    assert {hit.kind for hit in city.find("d")} > {CATEGORY}
    assert {hit.kind for hit in city.find("d", CATEGORY, ADDRESS)} == {CATEGORY, ADDRESS}


def test_what_ended_or_has_not_begun_is_not_found() -> None:
    office = SearchOffice().furnished()
    run(office.catalogue.withdraw(admin(), code="matter-06017", last_day=TODAY))
    run(office.desk.change(Staff, "w1", lambda staff: staff.leave(admin()), version=None, key=None))
    assert office.named("绿地脏乱") == ["绿地脏乱"]
    assert office.named("绿地脏乱", on=TODAY + timedelta(days=1)) == []
    assert office.named("绿地脏乱", on=FIRST - timedelta(days=1)) == []
    assert office.named("岗位w1") == []


def test_a_new_name_replaces_the_old_one() -> None:
    office = SearchOffice().furnished()
    assert office.named("gm", DIVISION) == ["光明居委会"]
    run(office.divisions.rename(admin(), code=COMMUNITY, name="向阳居委会", source="test"))
    assert office.named("gm", DIVISION) == []
    assert office.named("xiangy", DIVISION) == ["向阳居委会"]


def test_places_elsewhere_are_left_out_but_not_categories_units_and_staff(city: SearchOffice) -> None:
    worker = Actor("w1", frozenset({Role.WORKER}), "hedong", (GRID,))
    assert city.named("街道", DIVISION, actor=worker) == ["河东街道"]
    assert city.named("lvliu", actor=worker) == []
    assert city.named("changan", actor=worker) == ["河东街道长安街12号"]
    assert city.named("ldzl", actor=worker) == ["绿地脏乱"]
    assert city.named("单位", actor=worker) == ["单位zhzx", "单位hedong"]
    nobody = Actor("x", frozenset({Role.WORKER}), "hedong", ())
    assert city.named("街道", DIVISION, actor=nobody) == []


def test_several_areas_reach_what_lies_in_any_of_them(city: SearchOffice) -> None:
    both = Actor("w2", frozenset({Role.WORKER}), "hedong", (GRID, OTHER_STREET, OTHER_COMMUNITY))
    assert sorted(city.named("网格", actor=both)) == ["网格001", "网格001"]
    assert city.named("街道", DIVISION, actor=both) == ["河东街道", "河西街道"]


def test_within_narrows_what_lies_somewhere(city: SearchOffice) -> None:
    assert city.named("街道", within=OTHER_STREET, on=TODAY) == ["河西街道", "河西街道绿柳巷3号"]
    assert city.named("绿", within=OTHER_STREET) == ["绿地脏乱", "河西街道绿柳巷3号"]
    assert city.named("岗位", within=OTHER_STREET) == []


def test_an_empty_city_finds_nothing() -> None:
    office = SearchOffice()
    assert office.find("绿") == office.find("") == []
    assert Office(office.log).view.position == 0


# --- what has been other than it is -----------------------------------------------------------------


def test_a_category_is_found_by_its_wording_of_the_day() -> None:
    office = SearchOffice().furnished()
    next_month = TODAY + timedelta(days=30)

    def reword(category: CaseType) -> None:
        content = replace(category.on(TODAY).content, name="绿地不洁", condition="有落叶")
        category.revise(admin(), Role.ADMIN, content, edition="2026-2", since=next_month)

    run(office.desk.change(CaseType, "matter-06017", reword, version=None, key=None))
    assert [hit.detail for hit in office.find("ldzl")] == ["市容环境：绿地内有垃圾、杂物"]
    assert office.named("ldbj") == office.named("ldzl", on=next_month) == []
    assert [hit.detail for hit in office.find("ldbj", on=next_month)] == ["市容环境：有落叶"]


def test_a_division_whose_code_means_another_is_not_offered() -> None:
    office = SearchOffice().furnished()
    holder = office.view.division(OTHER_STREET)
    run(
        office.desk.change(
            Division, STREET, lambda one: one.stand_back(admin(), holder, source="test"), version=None, key=None
        )
    )
    assert office.named("街道", DIVISION) == ["河西街道"]


def test_a_division_is_found_by_its_code_in_another_table() -> None:
    office = SearchOffice().furnished()
    other = TableCode(CodeTable.MCA, 2026, "150785777", "河东街道", FIRST.isoformat(), None)
    run(
        office.desk.change(
            Division, STREET, lambda one: one.give_code(admin(), other, source="test"), version=None, key=None
        )
    )
    [hit] = office.find("150785777")
    assert (hit.code, hit.matches) == (STREET, (Match(Part.CODE, "150785777", 0, 9),))
