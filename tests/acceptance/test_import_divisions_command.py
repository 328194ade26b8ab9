"""区划导入 at the command line: the installed program on a real database, with files as offices have them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEADER = "level,code,name,parent_code\n"
STREETS = HEADER + "4,150785001,河东街道,150785\n4,150785002,河西街道,150785\n4,110101001,东华门街道,110101\n"
WANGGE = Path(sys.executable).with_name("wangge")
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wangge(database_url: str, tmp_path: Path) -> Command:
    """Runs `wangge import divisions` in a folder of its own, on an empty database of city 1507."""
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    environment = os.environ | wide | {"WANGGE_DATABASE_URL": database_url, "WANGGE_DATA_DIR": str(tmp_path / "var")}

    def run(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(WANGGE), "import", "divisions", str(file), *options]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return run


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    return write(tmp_path, STREETS)


@pytest.fixture
def published(shared_data: Path) -> Path:
    return shared_data / "cn_divisions_nbs2023_beijing_genhe.csv"


def write(folder: Path, content: str) -> Path:
    file = folder / "list.csv"
    file.write_text(content, encoding="utf-8")
    return file


def told(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    assert done.returncode == code, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def counts(result: dict[str, Any]) -> tuple[int, ...]:
    """Lines, added, changed, unchanged, left out, rejected."""
    told = result["counts"]
    assert sum(told.values()) == result["lines_total"] == len(result["lines"])
    return (result["lines_total"], *(told[name] for name in NAMES))


def notes(result: dict[str, Any]) -> list[str]:
    return [line["note"] for line in result["lines"] if line["note"] and line["outcome"] != "left_out"]


NAMES = ("added", "changed", "unchanged", "left_out", "rejected")


@pytest.mark.parametrize("options", [(), ("--within", "1507")])
def test_of_the_published_list_as_it_is_the_citys_own_branch_is_taken(
    wangge: Command, published: Path, options: tuple[str, ...]
) -> None:
    first = told(wangge(published, *options, "--json"))
    assert counts(first) == (7918, 34, 0, 0, 7884, 0)
    assert ["150785" in note for note in notes(first)] == [True]
    assert counts(told(wangge(published, *options, "--json"))) == (7918, 0, 0, 34, 7884, 0)


def test_all_takes_the_whole_published_list_and_the_second_time_changes_nothing(
    wangge: Command, published: Path
) -> None:
    first = told(wangge(published, "--all", "--valid-from", "2023-06-30", "--source", "国家统计局2023", "--json"))
    assert counts(first) == (7918, 7918, 0, 0, 0, 0)
    again = told(wangge(published, "--all", "--json"))
    assert counts(again) == (7918, 0, 0, 7918, 0, 0)
    assert again["position"] is None


def test_a_branch_comes_with_its_ancestors(wangge: Command, shared_data: Path, published: Path) -> None:
    counties = shared_data / "cn_divisions_nbs2023_to_county.csv"
    assert counts(told(wangge(counties, "--within", "1101", "--json")))[1] == 18
    result = told(wangge(published, "--within", "110101", "--json"))
    assert notes(result) == []
    assert result["counts"]["added"] > 0


def test_a_trial_run_tells_the_same_and_writes_nothing(wangge: Command, streets: Path) -> None:
    trial = wangge(streets, "--dry-run")
    assert trial.returncode == 0
    assert "试运行" in trial.stdout
    assert counts(told(wangge(streets, "--dry-run", "--json"))) == (3, 2, 0, 0, 1, 0)
    assert counts(told(wangge(streets, "--json"))) == (3, 2, 0, 0, 1, 0)


def test_people_read_a_table(wangge: Command, streets: Path) -> None:
    wangge(streets)
    done = wangge(write(streets.parent, STREETS.replace("河西", "河西新区")))
    assert done.returncode == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]
    assert rows == [
        ["行数", "3"], ["新增", "0"], ["变更", "1"], ["未变", "1"], ["略过", "1"], ["待定", "0"], ["拒收", "0"],
        ["3", "150785002", "变更", "原名河西街道"],
    ]  # fmt: skip


def test_a_file_with_rejected_lines_is_not_taken_and_ends_with_1(wangge: Command, tmp_path: Path) -> None:
    file = write(tmp_path, STREETS + "4,15078510X,[金]河镇,150785\n")
    done = wangge(file)
    assert done.returncode == 1
    assert "整份没有导入" in done.stdout
    assert "15078510X" in done.stdout
    assert "不是有效的区划代码" in done.stdout
    result = told(wangge(file, "--json"), code=1)
    assert (counts(result), result["taken"]) == ((4, 2, 0, 0, 1, 1), False)
    assert counts(told(wangge(file, "--skip-rejected", "--json"))) == (4, 2, 0, 0, 1, 1)
    assert counts(told(wangge(streets_of(tmp_path), "--json"))) == (3, 0, 0, 2, 1, 0)


def streets_of(folder: Path) -> Path:
    return write(folder, STREETS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("代码,名称\n150785001,河东街道\n", "应是表头"),
        (STREETS + '4,150785003,"金河镇,150785\n', "引号"),
        ("", "实为：空"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_says_why(
    wangge: Command, tmp_path: Path, content: str, message: str
) -> None:
    done = wangge(write(tmp_path, content))
    assert done.returncode == 2
    assert "文件无法读取" in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_named(wangge: Command, tmp_path: Path) -> None:
    done = wangge(tmp_path / "nothing.csv")
    assert done.returncode == 2
    assert "打不开" in done.stderr
    assert "nothing.csv" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--within", "115"), "不是有效的区划代码"),
        (("--within", ""), "不是有效的区划代码"),
        (("--within", "11", "--all"), "不能与 --all 同时给出"),
        (("--valid-from", "2023-06-31"), "不是有效的日期"),
        (("--source", "一" * 101), "来源应为"),
    ],
)
def test_an_option_without_sense_is_refused_and_nothing_is_written(
    wangge: Command, streets: Path, options: tuple[str, ...], message: str
) -> None:
    done = wangge(streets, *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert counts(told(wangge(streets, "--json")))[1] == 2
