"""The log behind the port: one save is one transaction, a key gets its first answer, streams never fork."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from application.ports import Receipt, RequestKey
from application.privacy.sealed import SealedDetails
from domain.actor import Act, Actor, Role
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.refusals import KeyReused, NoSuchCase, NoSuchLog, Stale
from domain.resident_request import ResidentRequest
from infrastructure.eventstore.log import EventLogs, open_logs
from tests.town import CITY, DISTRICT, GRID

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
ACT = Act(Actor("somebody", frozenset(Role), "U-1", (CITY,)), NINE, "理由")
KEY = RequestKey("somebody k-1", "hash of what was asked")
Story = Callable[[EventLogs], Coroutine[Any, Any, None]]


def issue() -> GridIssue:
    return GridIssue.report(
        ACT, id=new_case_id(DISTRICT, NINE, uuid4().bytes), subject=uuid4(), grid=GRID, grid_edition=1
    )


def tell(url: str, story: Story) -> None:
    async def whole() -> None:
        async with open_logs(url, CITY, [DISTRICT], (GridIssue, ResidentRequest)) as logs:
            await story(logs)

    asyncio.run(whole())


def test_what_is_saved_is_loaded(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, new = logs.named(DISTRICT), issue()
        new.file(ACT, category="asset-01037", edition="2026.1")
        receipt = await log.save(new)
        assert (receipt.version, receipt.log, receipt.position) == (2, DISTRICT, 2)
        assert await log.load(GridIssue, new.id) == new
        read = await log.read(0, 10)
        assert [(one.position, type(one.event).__name__) for one in read] == [(1, "Reported"), (2, "Filed")]
        assert all(one.recorded_at.tzinfo for one in read)

    tell(database_url, story)


def test_every_receipt_has_the_leaf_of_its_last_event_also_when_many_save_at_once_and_when_one_asks_again(
    database_url: str,
) -> None:
    async def story(logs: EventLogs) -> None:
        log = logs.named(DISTRICT)
        cases = [issue() for _ in range(40)]
        for case in cases[::2]:
            case.file(ACT, category="asset-01037", edition="2026.1")
        keys = [RequestKey(f"somebody {nth}", "hash") for nth in range(40)]
        receipts = await asyncio.gather(*(log.save(case, key=key) for case, key in zip(cases, keys, strict=True)))
        with psycopg.connect(database_url) as connection:
            leaves: dict[int, str] = dict(
                connection.execute("SELECT position, encode(leaf_hash, 'hex') FROM event").fetchall()
            )
        assert len(leaves) == 60
        assert [one.leaf_hash for one in receipts] == [leaves[one.position] for one in receipts]
        assert [await log.first_answer(key) for key in keys] == receipts
        again = GridIssue.report(ACT, id=cases[0].id, subject=uuid4(), grid=GRID, grid_edition=1)
        assert await log.save(again, key=keys[0]) == receipts[0]

    tell(database_url, story)


def test_an_unknown_id_or_one_of_another_kind_is_no_such_case(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, new = logs.named(DISTRICT), issue()
        await log.save(new)
        for kind, case in ((GridIssue, new_case_id(DISTRICT, NINE, b"nobodyhere")), (ResidentRequest, new.id)):
            with pytest.raises(NoSuchCase):
                await log.load(kind, case)
        with pytest.raises(NoSuchCase):
            logs.holding(uuid4())
        with pytest.raises(NoSuchLog):
            logs.at("110101")

    tell(database_url, story)


def test_a_save_of_two_aggregates_is_all_or_nothing(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, first, second = logs.named(DISTRICT), issue(), issue()
        await log.save(first)
        stale = await log.load(GridIssue, first.id)
        winner = await log.load(GridIssue, first.id)
        winner.file(ACT, category="asset-01037", edition="2026.1")
        await log.save(winner)
        stale.void(ACT)
        words = SealedDetails(second.subject, {"text": b"sealed"})
        with pytest.raises(Stale) as refused:
            await log.save(second, stale, key=KEY, details=[words])
        assert refused.value.facts == {"expected": 1, "actual": 2}
        with pytest.raises(NoSuchCase):
            await log.load(GridIssue, second.id)
        assert await log.first_answer(KEY) is None

    tell(database_url, story)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM personal_detail").fetchone() == (0,)


def test_a_known_key_gets_its_first_answer_and_records_nothing(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, first = logs.named(DISTRICT), issue()
        receipt = await log.save(first, key=KEY)
        assert await log.first_answer(KEY) == receipt
        # A retry that comes too late to look, as after a connection lost in mid-commit.
        assert await log.save(issue(), key=KEY) == receipt
        assert await log.last_position() == receipt.position

    tell(database_url, story)


def test_a_key_used_for_another_body_is_refused(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, other = logs.named(DISTRICT), RequestKey(KEY.key, "hash of something else")
        await log.save(issue(), key=KEY)
        with pytest.raises(KeyReused):
            await log.first_answer(other)
        with pytest.raises(KeyReused):
            await log.save(issue(), key=other)

    tell(database_url, story)


def test_sixteen_writers_of_one_version_leave_one_event(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        log, new = logs.named(DISTRICT), issue()
        await log.save(new)

        copies = [await log.load(GridIssue, new.id) for _ in range(16)]
        for copy in copies:
            copy.file(ACT, category="asset-01037", edition="2026.1")
        answers = await asyncio.gather(*(log.save(copy) for copy in copies), return_exceptions=True)
        assert sum(isinstance(answer, Receipt) for answer in answers) == 1
        assert sum(isinstance(answer, Stale) for answer in answers) == 15
        assert (await log.load(GridIssue, new.id)).version == 2

    tell(database_url, story)


def test_logs_are_apart(database_url: str) -> None:
    async def story(logs: EventLogs) -> None:
        await logs.named(DISTRICT).save(issue())
        assert await logs.city.read(0, 10) == []
        assert logs.at(GRID).log_id == DISTRICT
        assert logs.at(CITY).log_id == CITY

    tell(database_url, story)
