"""`wangge export` and `wangge verify`: a log or a case is handed over, and whoever receives it checks it alone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from application.command import Command
from domain.actor import Act, Actor, Role
from interfaces.wiring import Settings, open_house
from tests import town
from tests.acceptance.operator import Typing, typing

RECEIVER = Actor("receiver", frozenset({Role.RECEIVER}), "U-CENTRE", (town.DISTRICT,))


@pytest.fixture
def wangge(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    return typing(database_url, tmp_path, monkeypatch)


def reported(url: str, folder: Path, texts: list[str]) -> list[str]:
    """The ids of issues that were reported in the town."""

    async def run() -> list[str]:
        async with open_house(Settings(database_url=url, data_dir=folder)) as house:
            await town.build(house.services)
            ids = []
            for text in texts:
                order = Command(Act(RECEIVER, town.START))
                told = await house.services.issues.report(order, grid=town.GRID, category=town.LAMPS, text=text)
                ids.append(str(told.id))
            return ids

    return asyncio.run(run())


def test_a_log_and_one_case_of_it_are_handed_over_and_verified(
    wangge: Typing, database_url: str, tmp_path: Path
) -> None:
    first, *_ = reported(database_url, tmp_path / "var", ["路灯甲不亮", "路灯乙不亮", "路灯丙不亮"])
    whole, case = tmp_path / "whole", tmp_path / "case"
    told = json.loads(wangge("export", "--log", town.DISTRICT, whole, "--json").stdout)
    assert (told["events"], told["first"], told["last"]) == (3, 1, 3)
    assert "已导出" in wangge("export", "--log", town.DISTRICT, "--case", first, case).stdout
    keys = json.loads(wangge("key", "show", "--json").stdout)
    key = next(one["key"] for one in keys if one["log"] == town.DISTRICT)
    for folder, count in ((whole, 3), (case, 1)):
        assert f"已核验 {count} 条事件" in wangge("verify", folder, "--key", key).stdout
    assert {json.loads(file.read_bytes())["required"][0] for file in (whole / "schemas").iterdir()}
    spelled = "".join(file.read_text("utf-8") for file in whole.rglob("*") if file.suffix)
    assert "路灯甲不亮" not in spelled
    events = whole / "events.ndjson"
    events.write_text(events.read_text("utf-8").replace(town.LAMPS, town.NOISE, 1), "utf-8")
    found = json.loads(wangge("verify", whole, "--key", key, "--json", code=1).stdout)
    assert found["first_bad"]["position"] == 1


def test_what_cannot_be_exported_or_verified_is_told(wangge: Typing, database_url: str, tmp_path: Path) -> None:
    reported(database_url, tmp_path / "var", ["路灯甲不亮"])
    assert "没有日志" in wangge("export", "--log", "999999", tmp_path / "a", code=2).output
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").touch()
    assert "已有内容" in wangge("export", "--log", town.DISTRICT, tmp_path / "b", code=2).output
    wangge("verify", tmp_path / "b", code=2)
