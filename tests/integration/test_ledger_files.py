"""Files of ledgers: no cell is a formula in either form, and a file is whole or not there."""

from __future__ import annotations

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.statistics.ledger import Cell, Heading, LedgerForm
from infrastructure.statistics.ledger_files import LedgerFiles, harmless

HEADINGS = [Heading("问题描述", 40), Heading("次数", 8), Heading("时间", 20)]
NIGHT = datetime(2026, 3, 1, 16, 30, 15, 999_999, tzinfo=UTC)
FORMULAS = [
    "=1+1", '=HYPERLINK("http://a.example","点我")', "+86", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1",
    "＝1+1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0",
]  # fmt: skip


def made(path: Path, form: LedgerForm, *rows: list[Cell]) -> Path:
    async def write() -> None:
        async with LedgerFiles().open(form, path, title="台账", note="台账。制表", headings=HEADINGS) as sheet:
            await sheet.write(rows)

    asyncio.run(write())
    return path


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_none_in_either_form(tmp_path: Path, text: str) -> None:
    workbook = made(tmp_path / "a.xlsx", LedgerForm.XLSX, [text, 1, NIGHT])
    cell = openpyxl.load_workbook(workbook).worksheets[0]["A3"]
    assert cell.data_type == "s"
    assert b"<f>" not in ZipFile(workbook).read("xl/worksheets/sheet1.xml")
    written = made(tmp_path / "a.csv", LedgerForm.CSV, [text, 1, NIGHT])
    with written.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[2][0] == f"'{text}"


def test_numbers_below_zero_stay_numbers_and_instants_are_of_the_city(tmp_path: Path) -> None:
    written = made(tmp_path / "a.csv", LedgerForm.CSV, ["路灯不亮", -3, NIGHT], ["", None, None])
    lines = written.read_text(encoding="utf-8-sig").splitlines()
    assert lines[2:] == ["路灯不亮,-3,2026-03-02 00:30:15", ",,"]
    workbook = made(tmp_path / "a.xlsx", LedgerForm.XLSX, ["路灯不亮", -3, NIGHT])
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    assert [cell.value for cell in sheet[3]] == ["路灯不亮", -3, datetime(2026, 3, 2, 0, 30, 15)]  # noqa: DTZ001  local


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_people_wrote_is_read_back(tmp_path: Path, text: str) -> None:
    workbook = made(tmp_path / "a.xlsx", LedgerForm.XLSX, [text, 1, None])
    assert openpyxl.load_workbook(workbook).worksheets[0]["A3"].value == (text or None)
    written = made(tmp_path / "a.csv", LedgerForm.CSV, [text, 1, None])
    with written.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[2][0].removeprefix("'" if harmless(text) != text else "") == text


def test_a_text_longer_than_a_cell_can_be_is_cut_not_dropped(tmp_path: Path) -> None:
    workbook = made(tmp_path / "a.xlsx", LedgerForm.XLSX, ["长" * 40_000, 1, None])
    assert openpyxl.load_workbook(workbook).worksheets[0]["A3"].value == "长" * 32_767


@pytest.mark.parametrize("form", list(LedgerForm))
def test_a_file_that_could_not_be_finished_is_not_there_and_the_one_before_is(tmp_path: Path, form: LedgerForm) -> None:
    path = tmp_path / "台账"
    path.write_text("昨日的")

    async def interrupted() -> None:
        async with LedgerFiles().open(form, path, title="台账", note="台账", headings=HEADINGS) as sheet:
            await sheet.write([["路灯", 1, NIGHT]])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(interrupted())
    assert path.read_text() == "昨日的"
    assert list(tmp_path.iterdir()) == [path]
