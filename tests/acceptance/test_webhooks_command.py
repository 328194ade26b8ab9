"""`wangge webhooks` for the operator: what there is, what was set aside, and sending it again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import psycopg
import pytest

from domain.actor import Act
from interfaces.wiring import Settings, now, open_house
from tests import town
from tests.acceptance.operator import Typing, typing

PARKED = """
    INSERT INTO webhook_delivery (webhook, log_id, position, topic, state, attempts, status, failure, took_ms, last_at)
    SELECT 'platform', %s, nth, 'issue.reported', 'parked', 5, 422, 'status-422', 12, clock_timestamp()
      FROM generate_series(1, 2) AS nth
"""


@pytest.fixture
def run(module_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    return typing(module_database_url, tmp_path, monkeypatch)


@pytest.fixture(scope="module", autouse=True)
def prepared(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A town with a webhook whose receiver refused two events."""

    async def prepare() -> None:
        folder = tmp_path_factory.mktemp("data")
        async with open_house(Settings(database_url=module_database_url, data_dir=folder)) as house:
            await town.build(house.services)
            act = Act(house.services.registry.actor("admin"), now())
            url = "https://data.example.org/wangge"
            await house.services.webhooks.open(
                act, code="platform", name="数据平台", url=url, logs=[town.DISTRICT], topics=[]
            )

    asyncio.run(prepare())
    with psycopg.connect(module_database_url) as connection:
        connection.execute(PARKED, (town.DISTRICT,))


def test_webhooks_are_listed_for_people_and_programs(run: Typing) -> None:
    assert "投递中" in run("webhooks", "list").output
    (told,) = json.loads(run("webhooks", "list", "--json").output)
    assert (told["code"], told["paused"], told["topics"]) == ("platform", False, [])
    assert [(one["log"], one["parked"], one["halted"]) for one in told["standings"]] == [(town.DISTRICT, 2, False)]
    assert "whsec" not in json.dumps(told)


def test_what_was_set_aside_is_listed_and_sent_again_one_or_all(run: Typing, module_database_url: str) -> None:
    assert "status-422" in run("webhooks", "parked", "platform").output
    assert len(json.loads(run("webhooks", "parked", "platform", "--json").output)) == 2
    assert "1 次投递" in run("webhooks", "resend", "platform", f"{town.DISTRICT}:1").output
    assert len(json.loads(run("webhooks", "parked", "platform", "--json").output)) == 1
    assert "1 次投递" in run("webhooks", "resend", "platform").output
    assert "没有搁置的投递" in run("webhooks", "parked", "platform").output
    with psycopg.connect(module_database_url) as connection:
        states = connection.execute("SELECT DISTINCT state FROM webhook_delivery").fetchall()
        connection.execute("UPDATE webhook_delivery SET state = 'parked'")
    assert states == [("resending",)]


def test_what_does_not_exist_is_told_in_chinese(run: Typing) -> None:
    assert run("webhooks", "resend", "platform", "yesterday", code=2).exception
    assert run("webhooks", "parked", "nobody", code=1).exception
