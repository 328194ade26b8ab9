"""`wangge grids`, `wangge import grids` and `boundaries` on a real database, with files as offices have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from domain.refusals import NoSuchEntry
from tests.acceptance.operator import Typing, typing
from tests.ground import collection, feature, rect
from tests.registry_office import COMMUNITY

LEFT, RIGHT = f"{COMMUNITY}001", f"{COMMUNITY}002"
DIVISIONS = """level,code,name,parent_code
3,150785,根河市,1507
4,150785001,河东街道,150785
5,150785001001,河东社区,150785001
"""


@pytest.fixture
def wangge(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Runs `wangge` on a database of city 1507 with one community."""
    run = typing(database_url, tmp_path, monkeypatch)
    (tmp_path / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    run("import", "divisions", tmp_path / "divisions.csv")
    return run


def told(done: Result) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_map_goes_in_out_and_in_again_and_is_checked(wangge: Typing, tmp_path: Path) -> None:
    file, out = tmp_path / "map.geojson", tmp_path / "out.geojson"
    outline = tmp_path / "outline.geojson"
    outline.write_bytes(collection(feature(COMMUNITY, rect(0, 0, 200, 100))))
    assert told(wangge("import", "boundaries", outline, "--json"))["counts"]["added"] == 1
    left, right = feature(LEFT, rect(0, 0, 100, 100)), feature(RIGHT, rect(100, 0, 200, 100))
    file.write_bytes(collection(left, feature(RIGHT, rect(50, 0, 200, 100))))
    refused = wangge("import", "grids", file, code=1)
    assert f"{LEFT} 与 {RIGHT} 重叠" in refused.stdout
    assert "整份没有导入" in refused.stdout
    file.write_bytes(collection(left, right))
    assert told(wangge("import", "grids", file, "--dry-run", "--json"))["counts"]["added"] == 2
    assert told(wangge("import", "grids", file, "--json"))["counts"]["added"] == 2
    wangge("grids", "export", out, "--within", COMMUNITY)
    assert told(wangge("import", "grids", out, "--json"))["counts"]["unchanged"] == 2
    assert told(wangge("grids", "check", "--json"))["sound"]
    outline.write_bytes(collection(feature(COMMUNITY, rect(0, 0, 300, 100))))
    wangge("import", "boundaries", outline)
    wrong = wangge("grids", "check", code=1)
    assert f"社区 {COMMUNITY} 在" in wrong.stdout
    moved = wangge("grids", "move", LEFT)
    assert "移走网格事件 0 件、诉求 0 件" in moved.stdout


def test_what_cannot_be_read_ends_with_2_and_an_unknown_grid_with_1(wangge: Typing, tmp_path: Path) -> None:
    file = tmp_path / "map.geojson"
    file.write_text("{}", encoding="utf-8")
    assert "FeatureCollection" in wangge("import", "grids", file, code=2).stderr
    assert isinstance(wangge("grids", "move", f"{COMMUNITY}009", code=1).exception, NoSuchEntry)
    assert "不是有效的日期" in wangge("grids", "check", "--on", "2026-02-30", code=2).stderr
