"""区划代码 at the command line: the other table, the list of changes, and who had a code on a day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WANGGE = Path(sys.executable).with_name("wangge")


class Program:
    """The installed program in a folder of its own, on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        wide = {"COLUMNS": "200", "NO_COLOR": "1"}
        self._folder = folder
        self._environment = os.environ | wide | {"WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder / "var")}

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(WANGGE), *map(str, words)]
        return subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )

    def told(self, *words: str | Path) -> Any:
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def wangge(database_url: str, tmp_path: Path) -> Program:
    return Program(database_url, tmp_path)


def test_all_files_of_divisions_load_and_each_line_is_accounted_for(wangge: Program, shared_data: Path) -> None:
    for command, name, lines, pending in (
        ("divisions", "cn_divisions_nbs2023_to_county.csv", 3351, 0),
        ("divisions", "cn_divisions_nbs2023_beijing_genhe.csv", 7918, 0),
        ("townships", "cn_townships_mca2026_beijing_genhe.csv", 352, 2),
    ):
        report = wangge.told("import", command, shared_data / name, "--all", "--valid-from", "2023-06-30")
        counts = report["counts"]
        assert (report["lines_total"], sum(counts.values()), report["taken"]) == (lines, lines, True)
        assert (counts["pending"], counts["rejected"]) == (pending, 0)
    changes = shared_data / "cn_division_changes.csv"
    report = wangge.told("import", "division-changes", changes)
    assert (report["lines_total"], sum(report["counts"].values()), report["taken"]) == (4025, 4025, True)
    assert all(line["note"] for line in report["lines"] if line["outcome"] in {"pending", "left_out"})
    [town] = wangge.told("divisions", "lookup", "150785102", "--source", "mca")
    assert (town["name"], town["code"]) == ("金河镇", "150785101")


def test_people_read_who_had_a_code_and_nobody_ends_with_1(wangge: Program, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("level,code,name,parent_code\n4,150785001,河东街道,150785\n", encoding="utf-8")
    wangge("import", "divisions", file, "--source", "国家统计局2023", "--valid-from", "2023-06-30")
    shown = wangge("divisions", "lookup", "150785001")
    assert shown.returncode == 0
    assert "国家统计局" in shown.stdout
    assert "河东街道" in shown.stdout
    nobody = wangge("divisions", "lookup", "150785001", "--on", "2020-01-01")
    assert (nobody.returncode, "没有区划" in nobody.stdout) == (1, True)
    assert "不是有效的区划代码" in wangge("divisions", "lookup", "15078").stderr
