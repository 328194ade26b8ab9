"""立案标准 at the command line: the installed program brings the published tables in, compares, decides, publishes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WANGGE = Path(sys.executable).with_name("wangge")
HEADER = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限\n"
ROWS = "06,市容环境,10,暴露垃圾,环卫中心,城管局,路边有垃圾,清理,4小时\n,,,,,,,,\n,,,,,,成堆,清运,1天\n"
LATER = ("--effective", "2999-01-01")
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wangge(database_url: str, tmp_path: Path) -> Command:
    """Runs the program on an empty database of city 1507."""
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    environment = os.environ | wide | {"WANGGE_DATABASE_URL": database_url, "WANGGE_DATA_DIR": str(tmp_path / "var")}

    def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(WANGGE), *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return done

    return run


@pytest.fixture
def standard(tmp_path: Path) -> str:
    file = tmp_path / "standard.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    return str(file)


def told(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def test_both_published_standards_come_in_and_the_edition_is_published(wangge: Command, shared_data: Path) -> None:
    into = ("--edition", "2026.1", *LATER, "--json")
    for kind, name, lines in (("matter", "events", 147), ("asset", "components", 279)):
        file = str(shared_data / f"cn_case_standard_{name}.csv")
        report = told(wangge("import", "catalogue", file, "--kind", kind, *into))
        assert report["taken"]
        assert (report["lines_total"], len(report["lines"])) == (lines, lines)
    wangge("catalogue", "decide", "2026.1", "--text", "4小时", "--amount", "4", "--unit", "工作时")
    assert len(told(wangge("catalogue", "undecided", "--json"))) == 38 - 17
    assert "已发布 2026.1" in wangge("catalogue", "publish", "2026.1").stdout
    counts = told(wangge("catalogue", "diff", "2026.1", "--json"))["counts"]
    assert counts == {"added": 423, "changed": 0, "withdrawn": 0, "unchanged": 0}


def test_people_are_told_of_every_row_that_is_not_plain(wangge: Command, standard: str) -> None:
    bring = ("import", "catalogue", standard, "--kind", "matter", "--edition", "1")
    assert "请给出生效日" in wangge(*bring, code=2).stderr
    trial = wangge(*bring, *LATER, "--dry-run").stdout
    assert "试运行" in trial
    shown = wangge(*bring, *LATER).stdout
    assert "只有名目，没有立案条件和时限" in shown
    assert "时限“4小时”待人工决定" in shown
    assert "新增 2，变更 0，停用 0，不变 0" in wangge("catalogue", "diff", "1").stdout


def test_an_edition_is_tried_without_writing(wangge: Command, standard: str) -> None:
    wangge("import", "catalogue", standard, "--kind", "matter", "--edition", "1", *LATER)
    assert "可能指工作时" in wangge("catalogue", "undecided").stdout
    asked = ("catalogue", "try", "1", "--since", "2026-01-01", "--until", "2026-01-31")
    assert "时段内立案" in wangge(*asked).stdout
    assert "起草中" in wangge("catalogue", "editions").stdout


def test_what_is_refused_is_told_in_chinese_and_ends_with_1(wangge: Command) -> None:
    assert "没有登记 立案标准版次 none" in wangge("catalogue", "publish", "none", code=1).stderr
    assert "不是有效的日期" in wangge(
        "catalogue", "try", "none", "--since", "yesterday", "--until", "2026-01-31", code=2
    ).stderr  # fmt: skip
