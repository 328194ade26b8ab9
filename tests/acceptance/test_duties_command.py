"""职责准入 at the command line: lists come in, and attempts past them are told to people, offices and programs."""

from __future__ import annotations

import asyncio
import csv
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.command import Command
from domain.actor import Act
from domain.refusals import NotAdmitted
from interfaces.wiring import Settings, open_house
from tests import town
from tests.acceptance.operator import wangge

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def pushed(module_database_url: str) -> str:
    """A town in which a dispatcher has tried to pass lamps to the street."""

    async def push() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            services = house.services
            await town.build(services)
            worker, receiver, dispatcher = (
                Command(Act(services.registry.actor(staff), NOON)) for staff in ("worker", "receiver", "dispatcher")
            )
            issue = (await services.issues.report(worker, text="灯不亮", grid=town.GRID, category=town.LAMPS)).id
            await services.issues.file(issue, receiver, category=None)
            with suppress(NotAdmitted):
                await services.issues.assign(issue, dispatcher, lead=town.STREET_OFFICE)

    asyncio.run(push())
    return module_database_url


def test_attempts_are_told_as_a_table_as_csv_and_as_json(pushed: str, tmp_path: Path) -> None:
    told = wangge(pushed, tmp_path, ["duties", "attempts", "--csv", "--since", "2026-11-02", "--until", "2026-11-02"])
    assert told.stdout.startswith("\ufeff时间,结果")
    (row,) = csv.DictReader(told.stdout.lstrip("\ufeff").splitlines())
    assert (row["时间"], row["结果"], row["承接单位名称"]) == ("2026-11-02 12:00:00", "已拒绝", "东街道办事处")
    order = ["duties", "attempts", "--by", "unit", "--by", "month", "--json"]
    (counted,) = json.loads(wangge(pushed, tmp_path, order).stdout)
    assert (counted["unit"], counted["month"], counted["refused"], counted["flagged"]) == (
        town.STREET_OFFICE, "2026-11", 1, 0,
    )  # fmt: skip
    table = wangge(pushed, tmp_path, ["duties", "attempts", "--unit", town.WATER]).stdout
    assert "没有清单外派遣" in table


def test_a_list_is_brought_in_by_the_operator(pushed: str, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"单位,小类,起,止,文号\n{town.STREET_OFFICE},{town.NOISE},2026-01-01,,〔2025〕1号\n", "gb18030")
    order = ["import", "duties", str(file), "--json"]
    assert json.loads(wangge(pushed, tmp_path, order).stdout)["counts"]["added"] == 1
    assert json.loads(wangge(pushed, tmp_path, order).stdout)["counts"]["unchanged"] == 1
