"""工作日历 at the command line: the installed program on a real database."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from domain.actor import Act
from infrastructure.calendars import OFFICE_PERIODS
from interfaces.wiring import Settings, open_house
from tests import town

WANGGE = Path(sys.executable).with_name("wangge")
NOTICE = {
    "year": 2026,
    "papers": ["https://www.gov.cn/"],
    "days": [
        {"name": "元旦", "date": "2026-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2026-01-04", "isOffDay": False},
    ],
}


def test_a_year_is_imported_listed_and_open_deadlines_recalculated(database_url: str, tmp_path: Path) -> None:
    async def prepare() -> None:
        async with open_house(Settings(database_url=database_url, data_dir=tmp_path / "var")) as house:
            await house.services.calendars.open(
                Act(town.ADMIN, datetime.now(UTC)), code="office", name="机关", zone="Asia/Shanghai",
                periods=OFFICE_PERIODS, weekend=[5, 6],
            )  # fmt: skip

    def wangge(*order: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"WANGGE_DATABASE_URL": database_url, "WANGGE_DATA_DIR": str(tmp_path / "var")}
        return subprocess.run(
            [str(WANGGE), *order], env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    asyncio.run(prepare())
    file = tmp_path / "2026.json"
    file.write_text(json.dumps(NOTICE), encoding="utf-8")
    rehearsed = wangge("import", "calendar", str(file), "--calendar", "office", "--dry-run")
    assert (rehearsed.returncode, "什么都没有写入" in rehearsed.stdout) == (0, True), rehearsed.stderr
    taken = wangge("import", "calendar", str(file), "--calendar", "office", "--json")
    assert json.loads(taken.stdout)["counts"]["added"] == 2, taken.stderr
    unknown = wangge("import", "calendar", str(file), "--calendar", "nobody-knows")
    assert (unknown.returncode, "nobody-knows" in unknown.stderr) == (2, True)
    listed = {one["code"]: one for one in json.loads(wangge("calendars", "list", "--json").stdout)}
    assert listed["office"]["runs_out_on"] == "2026-12-31"
    assert listed["cn-office"]["built_in"] is True
    assert wangge("calendars", "take-over", "--calendar", "office").returncode == 0
    done = wangge("calendars", "recalculate", "--calendar", "office", "--json")
    assert json.loads(done.stdout) == {"changed": 0, "left": 0, "busy": []}, done.stderr
    assert "office" in wangge("calendars", "list").stdout
