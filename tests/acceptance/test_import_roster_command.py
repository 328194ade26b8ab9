"""值班表导入 at the command line: the installed program on a real database."""

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
ROSTER = "单位,日期,起,止,值班人员\nU-ROADS,每天,17:30,08:30,roads\nU-WATER,休息日,08:30,08:30,water\n"
WRONG = "U-ROADS,每天,08:00,12:00,water\n"


def test_a_roster_is_refused_and_taken(database_url: str, tmp_path: Path) -> None:
    async def prepare() -> None:
        async with open_house(Settings(database_url=database_url, data_dir=tmp_path / "var")) as house:
            await town.build(house.services)

    def bring(content: bytes, *options: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "roster.csv"
        file.write_bytes(content)
        environment = os.environ | {"WANGGE_DATABASE_URL": database_url, "WANGGE_DATA_DIR": str(tmp_path / "var")}
        order = [str(WANGGE), "import", "roster", str(file), *options]
        return subprocess.run(order, env=environment, capture_output=True, text=True, check=False, timeout=120)

    asyncio.run(prepare())
    wrong = bring((ROSTER + WRONG).encode())
    assert (wrong.returncode, "承办人" in wrong.stdout) == (1, True), wrong.stderr
    taken = json.loads(bring(ROSTER.encode("gb18030"), "--json").stdout)
    assert (taken["taken"], taken["counts"]["added"]) == (True, 2)
