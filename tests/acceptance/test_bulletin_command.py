"""`wangge policies` and `wangge bulletin`: editions drafted and published, a bulletin issued, shown, compared."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from application.command import Command
from application.demonstration.load import DEMO_STAFF, load_demonstration
from domain.actor import Act
from domain.registry.entry import civil_day
from domain.vocabulary import Channel, RequestKind
from interfaces.wiring import Settings, now, open_house
from tests.acceptance.operator import Typing, typing

NOW = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
SUPERVISOR = DEMO_STAFF["督查员"]
WEEK = ("--kind", "weekly", "--scope", "150785", "--day", "2026-03-09")
FIRST = (civil_day(now()) + timedelta(days=30)).isoformat()


def project(url: str) -> None:
    async def catch_up() -> None:
        async with open_house(Settings(database_url=url)) as house:
            await house.projector.catch_up()

    asyncio.run(catch_up())


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    """A small demonstration district, projected."""

    async def load() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            await load_demonstration(house.services, NOW, scale=0.15)

    asyncio.run(load())
    project(module_database_url)
    return module_database_url


@pytest.fixture
def wangge(district: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    # What another test wrote last; nobody follows the logs here.
    project(district)
    return typing(district, tmp_path, monkeypatch)


def test_an_edition_is_drafted_published_and_listed(wangge: Typing) -> None:
    assert "依系统自带的版本统计" in wangge("policies", "list").output
    weights = ("--response", "0.3", "--resolution", "0.35", "--satisfaction", "0.35")
    wangge("policies", "draft", "--edition", "trial", *weights, "--day-hour", "0", "--exclude-channel", "imported")
    assert "已发布 trial" in wangge("policies", "publish", "--edition", "trial", "--valid-from", FIRST).output
    (line,) = json.loads(wangge("policies", "list", "--json").output)
    assert (line["code"], line["standing"], line["weights"]) == ("trial", "待施行", [0.3, 0.35, 0.35])
    assert "0.3/0.35/0.35" in wangge("policies", "list").output
    wangge("policies", "draft", "--edition", "bad", "--response", "much", code=2)


def test_a_bulletin_is_issued_by_a_supervisor_shown_listed_and_compared(district: str, wangge: Typing) -> None:
    receipt = json.loads(wangge("bulletin", "issue", "--staff", SUPERVISOR, *WEEK, "--json").output)
    project(district)
    number = receipt["id"]
    told = json.loads(wangge("bulletin", "show", number, "--json").output)
    assert (told["kind"], told["scope"], told["period"], told["nth"]) == ("weekly", "150785", "2026年第11周", 1)
    received = next(one for one in told["figures"] if (one["number"], one["group"]) == ("received", "*"))
    assert received["value"] > 0
    shown = wangge("bulletin", "show", number).output
    assert "根河市2026年第11周周报（第 1 次印发" in shown
    assert "受理量" in shown
    assert "各组均值" in shown
    listed = wangge("bulletin", "list", "--kind", "weekly").output
    assert "根河市" in listed
    assert "没有改变" in wangge("bulletin", "diff", number).output
    assert json.loads(wangge("bulletin", "diff", number, "--json").output)["changes"] == []
    assert wangge("bulletin", "list", "--kind", "monthly", "--json").output.strip() == "[]"


def test_what_became_known_since_is_told_and_corrected(district: str, wangge: Typing) -> None:
    week = (*WEEK[:-1], "2026-03-02")
    number = json.loads(wangge("bulletin", "issue", "--staff", SUPERVISOR, *week, "--json").output)["id"]
    case = asyncio.run(late_entry(district))
    project(district)
    told = wangge("bulletin", "diff", number, code=1).output
    assert "受理量" in told
    assert case in told
    changes = json.loads(wangge("bulletin", "diff", number, "--json", code=1).output)["changes"]
    received = [one for one in changes if one["number"] == "received"]
    (whole,) = [one for one in received if one["group"] == "*"]
    assert whole["now"]["value"] - whole["then"]["value"] == 1
    assert [named["case_id"] for one in received for named in one["cases"] or []] == [case]
    wangge("bulletin", "reissue", number, "--staff", SUPERVISOR, "--reason", "补录一件")
    shown = wangge("bulletin", "show", number).output
    assert "第 2 次印发" in shown
    assert "理由：补录一件" in shown
    assert "第 1 次印发" in wangge("bulletin", "show", number, "--nth", "1").output


async def late_entry(url: str) -> str:
    """A request of that week that is written down only now: its id."""
    async with open_house(Settings(database_url=url)) as house:
        receiver = house.services.registry.actor(DEMO_STAFF["受理员"])
        grid = house.services.registry.grids(limit=1)[0].code
        at = datetime(2026, 3, 3, 2, tzinfo=UTC)
        receipt = await house.services.requests.receive(
            Command(Act(receiver, at)), place=grid, kind=RequestKind.CONSULT, channel=Channel.HOTLINE, details={}
        )
    return str(receipt.id)
