"""码表: what a table says of a place never overlaps itself; names of two tables that can be one place's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.importing.division_names import alike, kin
from domain.registry.code_table import CodeTable, TableCode, ended, eve, name_on, open_code, said_anew

DAYS = st.integers(0, 400).map(lambda number: date(2020, 1, 1) + timedelta(days=number))
TABLES = st.sampled_from(list(CodeTable))
CHANGES = st.lists(st.tuples(TABLES, DAYS, st.sampled_from("ABC"), st.booleans()), max_size=12)


def said(changes: list[tuple[CodeTable, date, str, bool]]) -> tuple[TableCode, ...]:
    codes: tuple[TableCode, ...] = ()
    for table, day, code, ends in changes:
        if ends:
            codes = ended(codes, day.isoformat(), table)
        else:
            codes = said_anew(codes, TableCode(table.value, 2020, code, code, day.isoformat(), None))
    return codes


@given(CHANGES, DAYS)
def test_on_no_day_has_a_table_two_codes_for_a_place(
    changes: list[tuple[CodeTable, date, str, bool]], day: date
) -> None:
    there = [each.table for each in said(changes) if each.in_force(day)]
    assert len(there) == len(set(there))


@given(CHANGES)
def test_every_period_has_a_day(changes: list[tuple[CodeTable, date, str, bool]]) -> None:
    assert all(each.valid_until is None or each.valid_from <= each.valid_until for each in said(changes))


@given(CHANGES, TABLES, DAYS)
def test_what_is_said_anew_holds_from_its_day_and_leaves_the_days_before(
    changes: list[tuple[CodeTable, date, str, bool]], table: CodeTable, day: date
) -> None:
    before, new = said(changes), TableCode(table.value, 2021, "X", "X", day.isoformat(), None)
    after, last = said_anew(before, new), date.fromisoformat(eve(day.isoformat()))
    assert open_code(after, table) == new
    for other in CodeTable:
        assert [each.code for each in before if each.table == other and each.in_force(last)] == [
            each.code for each in after if each.table == other and each.in_force(last)
        ]


@given(CHANGES, TABLES, DAYS)
def test_a_place_is_called_by_its_table_if_that_has_a_word(
    changes: list[tuple[CodeTable, date, str, bool]], table: CodeTable, day: date
) -> None:
    codes = said(changes)
    own = [each.name for each in codes if each.table == table and each.in_force(day)]
    called = name_on(codes, table, day)
    assert called in own if own else called is None or called in {each.name for each in codes}


def test_tables_stand_in_one_order() -> None:
    assert CodeTable.OWN.precedes(CodeTable.NBS)
    assert CodeTable.NBS.precedes(CodeTable.MCA)
    assert CodeTable.MCA.precedes(CodeTable.GB2260)
    assert not CodeTable.NBS.precedes(CodeTable.NBS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三间房地区", "三间房乡"), ("亦庄地区", "亦庄镇"), ("杨镇地区", "杨镇"), ("常营地区", "常营回族乡"),
        ("檀营地区", "檀营满族蒙古族乡"), ("河东街道办事处", "河东街道"), ("敖鲁古雅鄂温克族乡", "敖鲁古雅民族乡"),
    ],
)  # fmt: skip
def test_two_styles_of_one_name_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("万柳地区", "海淀镇"),
        ("渔阳地区", "平谷镇"),
        ("金河镇", "金河乡"),
        ("河东街道", "河东镇"),
        ("东风地区", "东风街道"),
    ],
)
def test_a_town_a_township_and_a_street_of_one_stem_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("凤城满族自治县", "凤城市"),
        ("贵县", "贵港市"),
        ("房山县", "房山区"),
        ("东方县", "东方黎族自治县"),
        ("铁法区", "铁法市"),
    ],
)
def test_names_of_one_stem_are_kin(one: str, other: str) -> None:
    assert kin(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("镇明区", "镇海区"), ("高鹤县", "高明县"), ("海南黎族苗族自治州", "海口市"), ("晋东南地区", "晋城市")],
)
def test_names_that_only_begin_alike_are_not(one: str, other: str) -> None:
    assert not kin(one, other)
