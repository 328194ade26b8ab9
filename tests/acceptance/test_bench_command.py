"""`wangge bench`: a small base made, projected and asked about by the installed program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.statistics.numbers import NUMBERS
from interfaces.cli.bench_pages import PAGES

WANGGE = Path(sys.executable).with_name("wangge")


def bench(folder: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(WANGGE), "bench", "--database", url, "--each", "1", "--json", *options],
        cwd=folder, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.timeout(900)
def test_a_base_is_made_and_every_number_measured_and_the_same_base_can_be_measured_again(
    empty_database_url: str, tmp_path: Path
) -> None:
    first = told(bench(tmp_path, empty_database_url, "--cases", "300", "--rebuild"))
    assert set(first["numbers"]) == set(NUMBERS)
    assert first["same_after_rebuild"] is True
    assert first["growth"] > 0
    assert first["sizes"]["outcome"] > 0
    with psycopg.connect(empty_database_url) as connection:
        row = connection.execute("SELECT count(*), count(DISTINCT stream_id) FROM event WHERE log_id <> '9901'")
        events, cases = row.fetchone() or (0, 0)
    assert (cases, events) == (300, first["events"])
    assert first["pages"] == {}
    again = told(bench(tmp_path, empty_database_url, "--cases", "300", "--pages"))
    assert (again["made_seconds"], again["events"]) == (None, first["events"])
    assert set(again["pages"]) == {name for name, _, _ in PAGES}
    assert all(pace["p95"] > 0 for pace in again["pages"].values())


def test_a_base_is_measured_again_with_the_keys_of_its_folder_and_with_no_other(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WANGGE_KEK_FILE")
    told(bench(tmp_path, empty_database_url, "--cases", "10"))
    assert told(bench(tmp_path, empty_database_url, "--cases", "10"))["made_seconds"] is None
    (elsewhere := tmp_path / "elsewhere").mkdir()
    refused = bench(elsewhere, empty_database_url, "--cases", "10")
    assert refused.returncode == 1
    assert "主密钥文件与数据库不符" in refused.stderr


def test_the_database_of_another_city_is_left_alone(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES ('150785')")
    done = bench(tmp_path, database_url, "--cases", "300")
    assert done.returncode != 0
    assert "150785" in done.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (1,)
