"""Ledgers 台账 as files: what is read back is what the boards say, in bounded memory, and nobody's words."""

from __future__ import annotations

import asyncio
import csv
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import openpyxl
import psycopg
import pytest

from application.demonstration.load import DEMO_STAFF, load_demonstration
from application.demonstration.units_and_staff import ADMIN
from application.statistics import ledgers
from application.statistics.ledger import Ledger, LedgerForm, LedgerQuestion
from domain.actor import Actor, Role
from domain.refusals import WrongRole
from domain.registry.entry import CIVIL_TIME
from domain.statistics.ledger_refusals import LedgerTooLong, NoSuchColumn
from interfaces.wiring import House, Settings, cli_actor, open_house

WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
SINCE, UNTIL = WEDNESDAY - timedelta(days=22), WEDNESDAY + timedelta(days=1)
T = TypeVar("T")


def within(url: str, ask: Callable[[House], Awaitable[T]]) -> T:
    async def opened() -> T:
        async with open_house(Settings(database_url=url)) as house:
            return await ask(house)

    return asyncio.run(opened())


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


async def shown_up_to(house: House) -> dict[str, int]:
    """The position that the boards of each log show."""
    return {log.log_id: await house.services.boards.position(log.log_id) for log in house.services.logs.every()}


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    async def load(house: House) -> None:
        await load_demonstration(house.services, WEDNESDAY)
        await house.projector.catch_up()

    within(module_database_url, load)
    return module_database_url


def written(
    url: str, folder: Path, ledger: Ledger, form: LedgerForm, *, who: str = ADMIN, **asked: Any
) -> list[list[Any]]:
    """The cells of a file, its first line the note, its second the headings."""
    path = folder / f"{ledger.value}.{form.value}"

    async def write(house: House) -> None:
        question = LedgerQuestion(ledger, SINCE, UNTIL, **asked)
        actor = house.services.registry.actor(who)
        told = await house.services.ledgers.write(actor, question, form, path, WEDNESDAY)
        assert told.rows == len(cells(path, form)) - 2

    within(url, write)
    assert list(folder.iterdir()) == [path]
    return cells(path, form)


def cells(path: Path, form: LedgerForm) -> list[list[Any]]:
    if form is LedgerForm.CSV:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def column(found: Sequence[Sequence[Any]], heading: str) -> list[Any]:
    at = found[1].index(heading)
    return [row[at] if at < len(row) else None for row in found[2:]]


def local(at: datetime | None) -> datetime | None:
    return at and at.astimezone(CIVIL_TIME).replace(tzinfo=None, microsecond=0)


def test_a_workbook_of_cases_says_what_the_board_says(district: str, tmp_path: Path) -> None:
    found = written(district, tmp_path, Ledger.ISSUES, LedgerForm.XLSX)
    board = rows(
        district,
        "SELECT log_id || '-' || number, reported_at, due, lead, assignments, closed_at FROM served_issue"
        " ORDER BY reported_at DESC, id DESC",
    )
    assert len(board) > 200
    headings = ("编号", "上报时间", "办理到期", "主办单位编码", "派遣次数", "结案时间")
    read = list(zip(*(column(found, heading) for heading in headings), strict=True))
    told = [(number, local(at), local(due), lead or None, times, local(closed))
            for number, at, due, lead, times, closed in board]  # fmt: skip
    assert read == told
    assert "城市管理" in "".join(filter(None, column(found, "主办单位")))
    assert found[0][0].startswith("案件台账。筛选：2026-02-24 15:20:00 至 2026-03-19 15:20:00（不含）。数据截至：")
    # As far as the board had come: what other tests read of it is on record since, and projected by nobody.
    positions = within(district, shown_up_to)
    assert len(positions) == 2
    assert all(f"{log_id} 第 {position} 位" in found[0][0] for log_id, position in positions.items())


def test_the_operator_who_is_of_no_unit_gets_every_request(district: str, tmp_path: Path) -> None:
    """Nobody is complained about in most: that is no unit the operator could be of."""

    async def write(house: House) -> int:
        question = LedgerQuestion(Ledger.REQUESTS, SINCE, UNTIL)
        operator = cli_actor(house.settings)
        told = await house.services.ledgers.write(operator, question, LedgerForm.CSV, tmp_path / "all.csv", WEDNESDAY)
        return told.rows

    ((every, complaining),) = rows(
        district, "SELECT count(*), count(*) FILTER (WHERE complained_about <> '') FROM served_request"
    )
    assert within(district, write) == every
    assert 0 < complaining < every


def test_the_headings_stay_in_sight_and_instants_are_instants(district: str, tmp_path: Path) -> None:
    written(district, tmp_path, Ledger.REQUESTS, LedgerForm.XLSX)
    sheet = openpyxl.load_workbook(tmp_path / "requests.xlsx").worksheets[0]
    assert sheet.title == "诉求台账"
    assert sheet.freeze_panes == "A3"
    received = sheet["C3"]
    assert received.is_date
    assert received.number_format == "yyyy-mm-dd hh:mm:ss"
    assert sheet.column_dimensions["C"].width > 19


def _plain(cell: str) -> str | float:
    """A workbook keeps sixteen digits of a number, and does not tell 1.0 from 1."""
    try:
        return round(float(cell), 12)
    except ValueError:
        return cell


@pytest.mark.parametrize("ledger", list(Ledger))
def test_both_forms_of_a_ledger_say_the_same(district: str, tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    workbook = written(district, tmp_path / "a", ledger, LedgerForm.XLSX)
    text = written(district, tmp_path / "b", ledger, LedgerForm.CSV)
    assert len(workbook) > 4
    assert text[:2] == [[workbook[0][0]], workbook[1]]
    assert [[_plain(cell) for cell in row] for row in text[2:]] == [
        ["" if cell is None else _plain(str(cell)) for cell in row] for row in workbook[2:]
    ]


def test_a_csv_file_begins_with_the_mark_that_offices_need(district: str, tmp_path: Path) -> None:
    written(district, tmp_path, Ledger.CALL_BACKS, LedgerForm.CSV)
    assert (tmp_path / "call-backs.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_call_backs_are_those_of_the_rates(district: str, tmp_path: Path) -> None:
    found = written(district, tmp_path, Ledger.CALL_BACKS, LedgerForm.CSV)
    valid = rows(district, "SELECT count(*) FROM served_request WHERE call_back_valid")
    assert column(found, "是否有效回访").count("是") == valid[0][0] > 20
    assert "" not in column(found, "回访时间")


def test_returns_are_told_with_who_gave_back_and_why(district: str, tmp_path: Path) -> None:
    found = written(district, tmp_path, Ledger.RETURNS, LedgerForm.CSV)
    counted = "SELECT count(*) FROM event WHERE topic = 'issue.return_granted'"
    assert column(found, "审批结果").count("同意") == rows(district, counted)[0][0] > 1
    assert "" not in column(found, "退单原因")


def test_units_are_told_by_the_numbers_of_the_statistics(district: str, tmp_path: Path) -> None:
    found = written(district, tmp_path, Ledger.UNITS, LedgerForm.XLSX)
    assert len(set(column(found, "单位编码"))) == len(found) - 2 > 3
    of, rates = column(found, "按时处置率的分母"), column(found, "按时处置率")
    assert any(rate is not None and 0 < rate < 1 for rate in rates)
    assert [rate for base, rate in zip(of, rates, strict=True) if not base and rate is not None] == []


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"street": "150785102"}, "street = '150785102'"),
        ({"channel": "patrol"}, "channel = 'patrol'"),
        ({"stages": ["closed", "resolved"]}, "stage IN ('closed', 'resolved')"),
        ({"unit": "cg"}, "lead = 'cg'"),
        ({"overdue": True}, f"coalesce(overdue, due < least('{WEDNESDAY}', stopped_at)"
                            " AND stage NOT IN ('voided', 'merged'), false)"),
    ],
)  # fmt: skip
def test_the_filter_is_that_of_the_boards(district: str, tmp_path: Path, asked: dict[str, Any], where: str) -> None:
    found = written(district, tmp_path, Ledger.ISSUES, LedgerForm.CSV, **asked)
    wanted = rows(district, f"SELECT log_id || '-' || number FROM served_issue WHERE {where}")  # noqa: S608  above
    assert sorted(column(found, "编号")) == sorted(row[0] for row in wanted)
    assert len(wanted) > 0
    if "overdue" in asked:
        assert set(column(found, "是否超时")) == {"是"}


def test_columns_are_those_asked_for_in_their_order(district: str, tmp_path: Path) -> None:
    found = written(district, tmp_path, Ledger.ISSUES, LedgerForm.CSV, columns=["unit", "number", "due"])
    assert found[1] == ["主办单位", "编号", "办理到期"]

    async def refused(house: House) -> None:
        question = LedgerQuestion(Ledger.ISSUES, SINCE, UNTIL, columns=["number", "phone"])
        with pytest.raises(NoSuchColumn) as no:
            await house.services.ledgers.write(
                house.services.registry.actor(ADMIN), question, LedgerForm.CSV, tmp_path / "none", WEDNESDAY
            )
        assert "phone" in no.value.detail()

    within(district, refused)
    assert not (tmp_path / "none").exists()


def test_words_are_shown_only_when_asked_for_to_who_may_read_them_and_that_is_on_record(
    district: str, tmp_path: Path
) -> None:
    asked = {"columns": ["number", "text"]}
    found = written(district, tmp_path, Ledger.ISSUES, LedgerForm.CSV, who=DEMO_STAFF["受理员"], **asked)
    words = {word for word in column(found, "问题描述") if len(word) > 5}
    assert words
    readings = rows(district, "SELECT convert_from(state, 'UTF8') FROM event WHERE topic = 'reading.recorded'")
    assert [state for (state,) in readings if DEMO_STAFF["受理员"] in state]
    for ledger in Ledger:
        written(district, tmp_path, ledger, LedgerForm.CSV, who=DEMO_STAFF["受理员"])
        text = (tmp_path / f"{ledger.value}.csv").read_text(encoding="utf-8-sig")
        assert [word for word in words if word in text] == []
        (tmp_path / f"{ledger.value}.csv").unlink()
    with pytest.raises(WrongRole):
        written(district, tmp_path, Ledger.ISSUES, LedgerForm.CSV, who=DEMO_STAFF["督查员"], **asked)


def test_a_ledger_ends_where_the_area_of_who_asks_does(district: str, tmp_path: Path) -> None:
    async def write(house: House) -> None:
        actor = Actor("somebody", frozenset({Role.SUPERVISOR}), "", ("150785102",))
        question = LedgerQuestion(Ledger.ISSUES, SINCE, UNTIL)
        await house.services.ledgers.write(actor, question, LedgerForm.CSV, tmp_path / "street.csv", WEDNESDAY)
        mere = replace(actor, roles=frozenset({Role.HANDLER}), unit="cg")
        await house.services.ledgers.write(mere, question, LedgerForm.CSV, tmp_path / "mere.csv", WEDNESDAY)

    within(district, write)
    assert set(column(cells(tmp_path / "street.csv", LedgerForm.CSV), "街道编码")) == {"150785102"}
    inside = rows(district, "SELECT count(*) FROM served_issue WHERE street = '150785102'")[0][0]
    assert len(cells(tmp_path / "street.csv", LedgerForm.CSV)) - 2 == inside
    assert 0 < len(cells(tmp_path / "mere.csv", LedgerForm.CSV)) - 2 < inside


def test_what_is_too_long_is_refused_and_leaves_nothing(
    district: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "MOST_ROWS", 100)
    with pytest.raises(LedgerTooLong) as no:
        written(district, tmp_path, Ledger.ISSUES, LedgerForm.XLSX)
    assert "缩短时段" in no.value.detail()
    assert list(tmp_path.iterdir()) == []


# --- what is long -------------------------------------------------------------------------------

MANY = """
INSERT INTO issue_board (log_id, generation, id, number, version, stage, grid, grid_edition, category, channel, urgency,
       subject, lead, reported_by, reported_at, changed_at, due, level)
SELECT '150785', g.generation, gen_random_uuid(), n, 1, 'assigned', '150785102001001', 1, 'matter-06010', 'patrol',
       'normal', gen_random_uuid(), 'unit-' || n % 97, 'w', timestamptz '2026-01-01' + n * interval '1 minute',
       timestamptz '2026-01-01', timestamptz '2026-02-01' + n * interval '1 minute', 'street'
  FROM projection_generation g, generate_series(1, {count}) n
 WHERE g.log_id = '150785' AND g.projection = 'board' AND g.state = 'active'
"""
RUN = """
import sys
from pathlib import Path
from interfaces.cli.program import app
sys.argv = ["wangge", *sys.argv[1:]]
try:
    app()
except SystemExit as end:
    assert not end.code, end.code
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(peak.split()[1])
"""


def kibibytes_at_most(url: str, out: Path, until: str, form: str) -> int:
    """The most memory that the command took, writing all that was reported before `until`."""
    asked = ["issues", "--since", "2026-01-01", "--until", until, "--out", str(out), "--format", form]
    columns = [word for key in ("number", "reported_at", "unit_code") for word in ("--column", key)]
    ran = subprocess.run(
        [sys.executable, "-c", RUN, "ledger", *asked, *columns], env=os.environ | {"WANGGE_DATABASE_URL": url},
        text=True, capture_output=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return int(ran.stdout.split()[-1])


def test_100_000_rows_are_written_in_bounded_memory_and_read_back_equal(database_url: str, tmp_path: Path) -> None:
    async def begun(house: House) -> None:
        await house.projector.catch_up()

    within(database_url, begun)
    with psycopg.connect(database_url) as connection:
        connection.execute(MANY.format(count=100_000).encode())
    few = kibibytes_at_most(database_url, tmp_path / "few.xlsx", "2026-01-02", "xlsx")
    for form in ("xlsx", "csv"):
        many = kibibytes_at_most(database_url, tmp_path / f"many.{form}", "2026-04-01", form)
        assert many - few < 24 * 1024, (form, few, many)
    assert len(cells(tmp_path / "few.xlsx", LedgerForm.XLSX)) < 1_500
    found = cells(tmp_path / "many.xlsx", LedgerForm.XLSX)
    board = rows(
        database_url,
        "SELECT '150785-' || number, reported_at, lead FROM served_issue ORDER BY reported_at DESC, id DESC",
    )
    assert found[2:] == [[number, local(at), lead] for number, at, lead in board]
    assert len(found) == 100_002
    assert len(cells(tmp_path / "many.csv", LedgerForm.CSV)) == 100_002
