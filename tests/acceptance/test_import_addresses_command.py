"""地址导入 at the command line: the installed program on a real database with grids to lie in."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from interfaces.wiring import Settings, open_house
from tests import town

WANGGE = Path(sys.executable).with_name("wangge")
LIST = "地址代码,地址名称,别名,经度,纬度\nA-1,柳树巷1号,柳树小学,121.505,50.785\nA-2,柳树巷2号,,121.515,50.785\n"
ELSEWHERE = "A-3,柳树巷3号,,121.9,50.785\n"


def wangge(url: str, folder: Path, content: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `wangge import addresses` on a file."""
    file = folder / "addresses.csv"
    file.write_bytes(content)
    environment = os.environ | {"WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder / "var"), "NO_COLOR": "1"}
    command = [str(WANGGE), "import", "addresses", str(file), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_list_of_addresses_is_tried_refused_taken_and_taken_again(database_url: str, tmp_path: Path) -> None:
    async def prepare() -> None:
        async with open_house(Settings(database_url=database_url, data_dir=tmp_path / "var")) as house:
            await town.build(house.services)

    asyncio.run(prepare())
    tried = wangge(database_url, tmp_path, LIST.encode("gb18030"), "--dry-run")
    assert (tried.returncode, "试运行" in tried.stdout) == (0, True), tried.stderr
    wrong = wangge(database_url, tmp_path, (LIST + ELSEWHERE).encode())
    assert (wrong.returncode, "不在已登记的网格内" in wrong.stdout) == (1, True)
    taken = wangge(database_url, tmp_path, (LIST + ELSEWHERE).encode(), "--skip-rejected", "--json")
    told = json.loads(taken.stdout)
    assert (taken.returncode, told["taken"], told["counts"]["added"], told["counts"]["rejected"]) == (0, True, 2, 1)
    again = json.loads(wangge(database_url, tmp_path, LIST.encode(), "--json", "--valid-from", "2026-01-01").stdout)
    assert (again["counts"]["unchanged"], again["position"]) == (2, None)
    assert wangge(database_url, tmp_path, b"PK\x03\x04").returncode == 2
    assert wangge(database_url, tmp_path, LIST.encode(), "--valid-from", "x").returncode == 2
