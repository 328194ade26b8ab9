"""`wangge import messages`: options, what is told to people and machines, and the three exit codes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from interfaces.cli import messages as cli_messages
from tests.message_office import DISTRICT, HEADER, SOURCE, MessageOffice, line

BAD = line(2, time="昨天", text="私事")


class Desk:
    """The command in an empty folder, on an office in memory."""

    def __init__(self) -> None:
        self.office = MessageOffice()
        self.app = typer.Typer()
        self.app.command()(cli_messages.messages)

    @asynccontextmanager
    async def open(self, settings: object) -> AsyncIterator[Any]:
        await asyncio.sleep(0)
        yield SimpleNamespace(services=self.office.services)

    def take(self, content: str, *options: str, name: str = "messages.csv") -> Result:
        Path(name).write_text(content, "utf-8")
        return self.run(name, *options)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(self.app, [*words, "--source", SOURCE, "--place", DISTRICT])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_messages, "open_house", desk.open)
    monkeypatch.setattr(cli_messages, "configure", lambda level: None)
    return desk


def test_a_file_without_fault_ends_with_0_and_the_second_time_says_nothing_changed(desk: Desk) -> None:
    content = HEADER + line(1, reply="已修复", reply_time="2019/3/2") + line(2)
    first = desk.take(content)
    assert (first.exit_code, first.stdout) == (
        0,
        "留言 2 条：导入 2，此前已有 0，拒收 0\n答复：导入 1，此前已有 0，拒收 0\n",
    )
    second = desk.take(content)
    assert second.exit_code == 0
    assert "没有新内容，未作任何更改" in second.stdout
    assert list(Path().iterdir()) == [Path("messages.csv")]


def test_a_rejected_line_ends_with_1_and_stands_in_a_list_of_its_own(desk: Desk) -> None:
    done = desk.take(HEADER + line(1) + BAD)
    assert done.exit_code == 1
    assert "第 3 行：时间无法识别" in done.stdout
    assert "私事" not in done.output
    rows = Path("messages.rejected.csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == "拒收行号,拒收原因," + HEADER.strip()
    assert rows[1].startswith("3,")
    desk.take(HEADER + BAD)
    assert Path("messages.rejected-2.csv").exists()
    mended = Path("messages.rejected.csv").read_text("utf-8").replace("昨天", "2019/3/1")
    again = desk.take(mended, name="mended.csv")
    assert (again.exit_code, desk.office.log.saves) == (0, 2)


def test_machines_get_json(desk: Desk) -> None:
    done = desk.take(HEADER.replace("留言用户", "备注") + line(1) + BAD, "--json", "--rejects", "bad.csv")
    assert json.loads(done.stdout) == {
        "source": SOURCE,
        "dry_run": False,
        "changed": True,
        "lines": 2,
        "received": 1,
        "already_there": 0,
        "replies": 0,
        "replies_there": 0,
        "rejected": 1,
        "replies_rejected": 0,
        "reasons": [{"code": "unreadable-time", "title": "时间无法识别", "count": 1}],
        "first_rejected": [{"line": 3, "code": "unreadable-time", "title": "时间无法识别", "reply_only": False}],
        "ignored_columns": ["备注"],
        "rejects": "bad.csv",
    }
    assert Path("bad.csv").exists()


def test_a_dry_run_tells_the_same_and_writes_no_list_either(desk: Desk) -> None:
    with desk.office.nothing_changes():
        done = desk.take(HEADER + line(1) + BAD, "--dry-run")
    assert done.exit_code == 1
    assert "导入 1，此前已有 0，拒收 1" in done.stdout
    assert list(Path().iterdir()) == [Path("messages.csv")]


def test_columns_come_from_a_file_and_from_options(desk: Desk) -> None:
    Path("columns.toml").write_text('external_id = "编号"\ntext = "内容"\n', "utf-8")
    done = desk.take("编号,时间,内容\n1,2019/2/28,好\n", "--mapping", "columns.toml", "--column", "time=时间")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--place", "110101"),
        ("--column", "text"),
        ("--column", "text=没有"),
        ("--mapping", "none.toml"),
        ("--zone", "火星"),
        ("--kind", "骂街"),
        ("--rejects", "taken.csv"),
    ],
)
def test_what_cannot_be_imported_at_all_ends_with_2(options: tuple[str, ...], desk: Desk) -> None:
    Path("taken.csv").write_text("正在改", "utf-8")
    Path("messages.csv").write_text(HEADER + line(1), "utf-8")
    words = ["messages.csv", "--source", SOURCE, *options]
    assert CliRunner().invoke(desk.app, words).exit_code == 2
    assert desk.office.saves == 0


@pytest.mark.parametrize("content", ["", "无关,的,表\n1,2,3\n"])
def test_a_file_that_is_none_of_messages_ends_with_2_and_says_why(content: str, desk: Desk) -> None:
    done = desk.take(content)
    assert done.exit_code == 2
    assert "文件无法读取" in done.stderr


def test_a_file_that_is_not_there_ends_with_2(desk: Desk) -> None:
    assert desk.run("none.csv").exit_code == 2
