"""`wangge ledger` and `wangge what-if`, as an operator types them."""

from __future__ import annotations

import asyncio
import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import psycopg
import pytest

from application.demonstration.load import load_demonstration
from interfaces.wiring import House, Settings, open_house
from tests.acceptance.operator import Typing, typing
from tests.acceptance.operator import wangge as in_a_process

WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
MARCH = ("--since", "2026-02-20", "--until", "2026-03-20")


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    async def load(house: House) -> None:
        await load_demonstration(house.services, WEDNESDAY, scale=0.1)
        await house.projector.catch_up()

    async def opened() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            await load(house)

    asyncio.run(opened())
    return module_database_url


@pytest.fixture
def wangge(district: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    return typing(district, tmp_path, monkeypatch)


def test_a_ledger_is_written_where_it_is_wanted(wangge: Typing, tmp_path: Path) -> None:
    out = tmp_path / "案件.xlsx"
    told = json.loads(wangge("ledger", "issues", *MARCH, "--out", out, "--json").stdout)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert told["rows"] == sheet.max_row - 2 > 10
    assert set(told["positions"]) >= {"150785"}
    said = wangge("ledger", "call-backs", *MARCH, "--format", "csv", "--column", "number", "--out", tmp_path / "a.csv")
    assert said.stdout.startswith("回访台账 ")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["编号"]


def test_nobodys_words_leave_by_the_command_line(wangge: Typing, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    refused = wangge("ledger", "issues", *MARCH, "--column", "text", "--format", "csv", "--out", out, code=1)
    assert type(refused.exception).__name__ == "WrongRole"
    assert not out.exists()


def test_a_period_that_ends_before_it_begins_or_a_folder_there_is_not_is_refused(
    wangge: Typing, tmp_path: Path
) -> None:
    backwards = ("--since", "2026-03-20", "--until", "2026-03-01")
    wangge("ledger", "issues", *backwards, "--out", tmp_path / "a.xlsx", code=2)
    wangge("ledger", "issues", *MARCH, "--out", tmp_path / "none" / "a.xlsx", code=2)
    wangge("what-if", *backwards, "--limits", "graded-2021", code=2)


def test_what_if_tells_who_would_have_been_late_and_writes_nothing(
    wangge: Typing, district: str, tmp_path: Path
) -> None:
    recorded = "SELECT log_id, count(*), max(position) FROM event GROUP BY 1 ORDER BY 1"
    with psycopg.connect(district, autocommit=True) as connection:
        edition = connection.execute(
            "SELECT convert_from(state, 'UTF8')::jsonb ->> 'code' FROM event WHERE topic = 'limit_rules.drafted'"
        ).fetchall()[-1][0]
        before = connection.execute(recorded).fetchall()
        said = in_a_process(district, tmp_path, ["what-if", *MARCH, "--limits", edition, "--json"])
        same = json.loads(said.stdout)["result"]
        assert connection.execute(recorded).fetchall() == before
    assert same["cases"] > 10
    assert (same["newly_late"], same["no_longer_late"]) == (0, 0)
    told = wangge("what-if", *MARCH, "--basically-satisfied", "0.5", "--partly-solved", "1").stdout
    assert "假设满意率" in told
    wangge("what-if", *MARCH, "--basically-satisfied", "0.5", code=2)
