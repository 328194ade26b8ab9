"""What an operator settles at the command line: dispatch rules are published, doubts decided, duty lists looked at."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from domain.actor import Act
from domain.refusals import Refused
from interfaces.wiring import Settings, open_house
from tests import town
from tests.acceptance.operator import Typing, typing

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DRAFT, LATER = "dispatch-2999.1", "dispatch-2999.2"
CHANGES = """year,type,old_code,old_name,old_path,new_code,new_name,new_path,doc_no,note
1994,撤县设市,150784000000,东旗,x/东旗,150785000000,测试县,x/测试县,,误判存疑
1996,撤销,150783000000,某旗,x/某旗,150785000000,测试县,x/测试县,,补全去向
1996,撤销,150782000000,另旗,x/另旗,150785000000,测试县,x/测试县,,补全去向
"""


@pytest.fixture(scope="module")
def built(module_database_url: str) -> str:
    """The town, as an operator finds it: one duty is asked for."""

    async def build() -> None:
        async with open_house(Settings(database_url=module_database_url)) as opened:
            await town.build(opened.services)
            await opened.services.duty_admissions.request(
                Act(town.ADMIN, NOW), code="ZR-1", name="噪声劝阻", category=town.NOISE, units=[town.STREET_OFFICE],
                since=NOW.date(), basis="某办法", powers="劝阻", funding="不涉及",
            )  # fmt: skip

    asyncio.run(build())
    return module_database_url


@pytest.fixture
def wangge(built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    return typing(built, tmp_path, monkeypatch)


def told(done: Result) -> Any:
    return json.loads(done.stdout)


def refused(done: Result) -> str:
    assert isinstance(done.exception, Refused)
    return done.exception.code()


def test_rules_are_drafted_brought_in_and_published_once(wangge: Typing, tmp_path: Path) -> None:
    assert "还没有派遣规则" in wangge("dispatch", "list").stdout
    drafted = told(wangge("dispatch", "draft", "--edition", DRAFT, "--name", "二九九九年规则", "--json"))
    assert drafted["log"] == town.CITY
    publish = ("dispatch", "publish", "--edition", DRAFT, "--valid-from")
    assert refused(wangge(*publish, "2999-01-01", code=1)) == "no-rules"
    file = tmp_path / "rules.csv"
    file.write_text(f"编号,事项,主办\n1,asset,{town.ROADS}\n", encoding="utf-8")
    wangge("import", "dispatch-rules", file, "--edition", DRAFT)
    assert refused(wangge(*publish, "2001-01-01", code=1)) == "not-retroactive"
    assert "不是有效的日期" in wangge(*publish, "soon", code=2).stderr
    assert f"已发布 {DRAFT}，自 2999-01-01 起施行" in wangge(*publish, "2999-01-01", "--reason", "年度更新").stdout
    assert refused(wangge(*publish, "2999-01-01", code=1)) == "edition-published"
    wangge("dispatch", "draft", "--edition", LATER, "--based-on", DRAFT)
    shown = told(wangge("dispatch", "list", "--json"))
    assert [(one["code"], one["standing"], one["rules"], one["valid_from"], one["based_on"]) for one in shown] == [
        (DRAFT, "待施行", 1, "2999-01-01", ""), (LATER, "拟订中", 1, None, DRAFT),
    ]  # fmt: skip
    assert "二九九九年规则" in wangge("dispatch", "list").stdout


def test_doubts_of_a_list_are_shown_and_settled_one_by_one(wangge: Typing, tmp_path: Path) -> None:
    file = tmp_path / "changes.csv"
    file.write_text(CHANGES, encoding="utf-8")
    assert told(wangge("import", "division-changes", file, "--json"))["counts"]["pending"] == 3
    found = told(wangge("divisions", "doubts", "--year", "1996", "--json"))
    assert [(one["division"]["code"], one["supposed"]["name"]) for one in found] == [
        ("150782", "测试县"), ("150783", "测试县"),
    ]  # fmt: skip
    rows = [one["doubt"]["row"] for one in found]
    shown = wangge("divisions", "doubts", "--within", "150782").stdout
    assert shown.splitlines()[0] == rows[0]
    assert "似指 测试县 150785" in shown
    settle = ("divisions", "settle", rows[0], "--verdict")
    assert refused(wangge(*settle, "dismissed", "--division", "150783", code=1)) == "no-such-doubt"
    assert "属实，已了结" in wangge(*settle, "confirmed", "--reason", "县志").stdout
    assert refused(wangge(*settle, "confirmed", code=1)) == "no-such-doubt"
    receipt = told(wangge("divisions", "settle", rows[1], "--verdict", "dismissed", "--json"))
    assert receipt["id"] == found[1]["division"]["id"]
    assert "存疑 1 项" in wangge("divisions", "doubts").stdout
    assert told(wangge("divisions", "doubts", "--year", "1996", "--json")) == []


def test_a_duty_list_and_the_requests_for_it_are_shown(wangge: Typing) -> None:
    listed = told(wangge("duties", "list", town.STREET_OFFICE, "--json"))
    duty = {"category": town.RUBBISH, "name": "暴露垃圾", "since": "2015-01-01", "last_day": None}
    assert listed["duties"] == [duty]
    assert "暴露垃圾" in wangge("duties", "list", town.STREET_OFFICE, "--on", "2020-01-01").stdout
    assert "是空的" in wangge("duties", "list", town.STREET_OFFICE, "--on", "2014-12-31").stdout
    assert "不设准入清单" in wangge("duties", "list", town.ROADS).stdout
    assert refused(wangge("duties", "list", "nobody", code=1)) == "no-such-entry"
    asked = ("duties", "admissions", "--unit", town.STREET_OFFICE, "--stage")
    [admission] = told(wangge(*asked, "requested", "--json"))
    assert (admission["code"], admission["stage"], admission["units"]) == ("ZR-1", "requested", [town.STREET_OFFICE])
    assert "待审" in wangge(*asked, "requested").stdout
    assert "没有这样的准入申请" in wangge(*asked, "revoked").stdout
