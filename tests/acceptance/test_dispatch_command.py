"""派遣规则 at the command line: a list is brought in and tried on past cases, by the installed program."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.demonstration.dispatching import EDITION
from application.demonstration.load import load_demonstration
from interfaces.wiring import Settings, open_house

WANGGE = Path(sys.executable).with_name("wangge")
NOW = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
LIST = "编号,事项,地点,工作时间,主办,抄送,协办\n1,matter-06,150785,工作时间之外,cg,属地街道,\n2,asset,,,zj,,\n"
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    """A small demonstration district with its boards."""

    async def load() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            await load_demonstration(house.services, NOW, scale=0.15)
            await house.projector.catch_up()

    asyncio.run(load())
    return module_database_url


@pytest.fixture
def wangge(district: str, tmp_path: Path) -> Command:
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    environment = os.environ | wide | {"WANGGE_DATABASE_URL": district, "WANGGE_DATA_DIR": str(tmp_path / "var")}

    def run(*order: str) -> subprocess.CompletedProcess[str]:
        command = [str(WANGGE), *order]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return run


def told(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    assert done.returncode == code, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def events(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM event").fetchone()
        return int(row[0]) if row else 0


def test_a_list_is_tried_dry_taken_once_and_then_tried_on_every_past_case(
    wangge: Command, district: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.csv"
    file.write_text(LIST, encoding="gb18030")
    bring = ("import", "dispatch-rules", str(file), "--edition", "dispatch-2026.2", "--json")
    assert told(wangge(*bring, "--dry-run"))["counts"]["added"] == 2
    assert told(wangge(*bring))["taken"]
    assert told(wangge(*bring))["counts"]["unchanged"] == 2
    before = events(district)
    tried = told(wangge("dispatch", "try", "--edition", "dispatch-2026.2", "--json"))
    assert events(district) == before
    with psycopg.connect(district) as connection:
        assigned = connection.execute("SELECT id, lead FROM issue_board WHERE assigned_at IS NOT NULL").fetchall()
    assert tried["examined"] == len(assigned) > 10
    assert tried["different"] == len(tried["differences"]) > 0
    leads = {str(case): lead for case, lead in assigned}
    for one in tried["differences"]:
        assert one["case"]["lead"] == leads[one["case"]["id"]]
        assert ("lead" in one["parts"]) == (one["lead"] != one["case"]["lead"])
    assert sum(count["examined"] for count in tried["counts"]) == tried["examined"]
    assert {count["basis"] for count in tried["counts"]} >= {"rule", "catalogue"}


def test_people_read_a_line_a_difference_and_the_counts(wangge: Command) -> None:
    done = wangge("dispatch", "try", "--edition", EDITION)
    assert done.returncode == 0, done.stderr
    assert f"{EDITION} 试派" in done.stdout
    assert "合计" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("150785 ")]
    assert lines
    assert all(" → " in line for line in lines)


def test_a_time_without_cases_is_told_as_nothing(wangge: Command) -> None:
    window = ("--since", "2001-01-01", "--until", "2001-02-01")
    assert told(wangge("dispatch", "try", "--edition", EDITION, *window, "--json")) == {
        "differences": [], "edition": EDITION, "examined": 0, "different": 0, "counts": [],
    }  # fmt: skip


def test_an_unknown_edition_and_a_wrong_list_are_refused(wangge: Command, tmp_path: Path) -> None:
    done = wangge("dispatch", "try", "--edition", "nowhere")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    file = tmp_path / "wrong.csv"
    file.write_text("编号,主办\n1,没有的单位\n", encoding="utf-8")
    assert wangge("import", "dispatch-rules", str(file), "--edition", "dispatch-2026.3").returncode == 1
    file.write_text("a,b\n", encoding="utf-8")
    assert wangge("import", "dispatch-rules", str(file), "--edition", "dispatch-2026.3").returncode == 2
