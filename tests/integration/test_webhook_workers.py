"""Workers of webhooks stopped, killed and doubled: each event arrives, in order, and twice only when in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.command import Command
from application.feed.retrying import Outcome
from domain.actor import Act
from infrastructure.feed import webhook_work
from infrastructure.feed.webhook_sending import Sender
from interfaces.wiring import House, Settings, now, open_house
from tests import town
from tests.receiver import Receiver, receiving

Story = Callable[[Receiver], Coroutine[None, None, None]]


@asynccontextmanager
async def house(url: str, folder: Path, *, working: bool = True) -> AsyncIterator[House]:
    """One process of the service."""
    settings = Settings(
        database_url=url, data_dir=folder, timer_seconds=0, seal_seconds=0, webhook_networks=("127.0.0.0/8",)
    )
    async with open_house(settings, workers=working) as one:
        yield one


async def report(one: House, count: int) -> list[str]:
    """So many events, by their ids."""
    worker = Command(Act(one.services.registry.actor("worker"), now(), stated=False))
    receipts = [
        await one.services.issues.report(worker, text="灯不亮", grid=town.GRID, category=town.LAMPS)
        for _ in range(count)
    ]
    return [f"{one.log}:{one.position}" for one in receipts]


async def open_hook(one: House, receiver: Receiver, code: str = "platform") -> None:
    act = Act(one.services.registry.actor("admin"), now())
    await one.services.webhooks.open(
        act, code=code, name="数据平台", url=receiver.url, logs=[town.DISTRICT], topics=["issue.*"]
    )


def told(story: Story) -> None:
    with receiving() as receiver:
        asyncio.run(story(receiver))


async def until(receiver: Receiver, condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(receiver.wait_for, condition, 20)


def test_stopped_in_the_midst_of_an_attempt_it_is_made_again_and_goes_on(database_url: str, tmp_path: Path) -> None:
    async def story(receiver: Receiver) -> None:
        async with house(database_url, tmp_path) as first:
            await town.build(first.services)
            await open_hook(first, receiver)
            ids = await report(first, 1)
            await until(receiver, lambda: receiver.accepted() == ids)
            reached: list[str] = []

            def reach_and_hang(envelope: dict[str, str]) -> int:
                reached.append(envelope["id"])
                receiver.hang(envelope)
                return 204

            receiver.reply = reach_and_hang
            ids += await report(first, 3)
            await until(receiver, lambda: reached == ids[1:2])
        receiver.reply = lambda _envelope: 204
        async with house(database_url, tmp_path):
            await until(receiver, lambda: receiver.accepted() == ids)
        receiver.released.set()
        await until(receiver, lambda: sorted(receiver.accepted()) == sorted([*ids, ids[1]]))

    told(story)


def test_two_processes_deliver_each_event_once_and_in_order(database_url: str, tmp_path: Path) -> None:
    async def story(receiver: Receiver) -> None:
        async with house(database_url, tmp_path) as one, house(database_url, tmp_path) as other:
            await town.build(one.services)
            await other.services.registry.refresh()
            await open_hook(one, receiver)
            ids: list[str] = []
            for nth in range(6):
                ids += await report((one, other)[nth % 2], 5)
            await until(receiver, lambda: len(receiver.accepted()) >= len(ids))
            await asyncio.sleep(0.3)
            assert receiver.accepted() == ids

    told(story)


def test_what_a_killed_process_held_is_taken_over_when_its_lease_ends(database_url: str, tmp_path: Path) -> None:
    async def story(receiver: Receiver) -> None:
        async with house(database_url, tmp_path, working=False) as idle:
            await town.build(idle.services)
            await open_hook(idle, receiver)
            ids = await report(idle, 2)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            await connection.execute(
                "INSERT INTO webhook_progress (webhook, log_id, position, lease_owner, lease_until)"
                " VALUES ('platform', %s, 0, gen_random_uuid(), clock_timestamp() + interval '1.5 s')",
                (town.DISTRICT,),
            )
            async with house(database_url, tmp_path):
                await asyncio.sleep(0.7)
                assert receiver.taken == []
                await until(receiver, lambda: receiver.accepted() == ids)

    told(story)


def test_a_worker_meets_a_fault_of_its_own_and_the_house_stands(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(receiver: Receiver) -> None:
        monkeypatch.setattr(webhook_work, "FAULT_SECONDS", 0.05)
        failing = [True]
        send = Sender.send

        async def stumble(*told: Any) -> Outcome:
            if failing:
                failing.pop()
                raise RuntimeError("a fault")
            return await send(*told)

        monkeypatch.setattr(Sender, "send", stumble)
        async with house(database_url, tmp_path) as one:
            await town.build(one.services)
            await open_hook(one, receiver)
            ids = await report(one, 2)
            await until(receiver, lambda: receiver.accepted() == ids)
        assert failing == []

    told(story)
