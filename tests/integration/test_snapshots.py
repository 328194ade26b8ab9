"""Snapshots: written beside the saves, they bound what a load reads, and are never believed across a change of code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.domain import Aggregate

from domain.actor import Act, Actor, Role
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from infrastructure.eventstore import aggregate_state
from infrastructure.eventstore.log import EventLog, open_logs
from infrastructure.eventstore.snapshots import snapshot_long_streams
from tests.town import CITY, DISTRICT, GRID

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
ACT = Act(Actor("somebody", frozenset(Role), "U-1", (CITY,)), NINE, "理由")


class Tally(Aggregate):
    """Counts, which is all that a long stream needs."""

    TOPIC = "tally"

    class Event(Aggregate.Event):
        pass

    class Created(Event, Aggregate.Created):
        TOPIC = "tally.created"

    class Opened(Created):
        TOPIC = "tally.opened"

    class Counted(Event):
        TOPIC = "tally.counted"
        what: str

        def apply(self, aggregate: Tally) -> None:
            aggregate.counts[self.what] = aggregate.counts.get(self.what, 0) + 1

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    @classmethod
    def open(cls) -> Tally:
        return cls._create(cls.Opened)

    def count(self, what: str) -> None:
        self.trigger_event(self.Counted, what=what)


Story = Callable[[EventLog], Coroutine[Any, Any, None]]


def tell(url: str, story: Story) -> None:
    async def whole() -> None:
        async with open_logs(url, CITY, [DISTRICT], (GridIssue, Tally)) as logs:
            await story(logs.named(DISTRICT))

    asyncio.run(whole())


async def grow(log: EventLog, tally: Tally, n: int) -> None:
    for nth in range(n):
        tally.count(what=str(nth % 3))
    await log.save(tally)


def watch(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each question from now on gets."""
    seen: list[int] = []
    ask = log.ask

    async def watched(query: str, **values: object) -> list[tuple[Any, ...]]:
        rows = await ask(query, **values)
        seen.append(len(rows))
        return rows

    monkeypatch.setattr(log, "ask", watched)
    return seen


def test_loading_ten_thousand_events_reads_a_snapshot_and_what_came_after(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(log: EventLog) -> None:
        tally = Tally.open()
        await grow(log, tally, 9_999)
        assert await snapshot_long_streams(log) == 1
        await grow(log, tally, 30)
        rows = watch(log, monkeypatch)
        loaded = await log.load(Tally, tally.id)
        assert rows == [31]
        assert loaded == tally
        assert (loaded.version, sum(loaded.counts.values())) == (10_030, 10_029)
        loaded.count(what="0")
        assert (await log.save(loaded)).version == 10_031

    tell(database_url, story)


def test_only_streams_that_have_grown_get_a_snapshot_and_keep_one(database_url: str) -> None:
    async def story(log: EventLog) -> None:
        long, short = Tally.open(), Tally.open()
        await grow(log, long, 60)
        await grow(log, short, 10)
        assert await snapshot_long_streams(log, behind=50) == 1
        assert await snapshot_long_streams(log, behind=50) == 0
        await grow(log, long, 30)
        assert await snapshot_long_streams(log, behind=50) == 0
        await grow(log, long, 30)
        assert await snapshot_long_streams(log, behind=50) == 1
        assert await log.ask("load", stream_id=short.id, topics=log.snapshot_topics) != []

    tell(database_url, story)


def test_a_snapshot_of_other_code_is_passed_over(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally.open()

    async def before(log: EventLog) -> None:
        await grow(log, tally, 20)
        assert await snapshot_long_streams(log, behind=10) == 1

    async def after(log: EventLog) -> None:
        rows = watch(log, monkeypatch)
        assert await log.load(Tally, tally.id) == tally
        assert rows == [21]

    tell(database_url, before)
    monkeypatch.setattr(aggregate_state, "edition", lambda: "another")
    tell(database_url, after)


def test_an_issue_comes_back_from_its_state_as_it_was() -> None:
    issue = GridIssue.report(
        ACT, id=new_case_id(DISTRICT, NINE, uuid4().bytes), subject=uuid4(), grid=GRID, grid_edition=1
    )
    issue.file(ACT, category="asset-01037", edition="2026.1")
    issue.collect_events()
    again = aggregate_state.restore(GridIssue, aggregate_state.dump(issue))
    assert again == issue
    assert vars(again) == vars(issue)


class Kind(Enum):
    """One of a domain's closed lists."""

    GENERAL = "综合"


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2.5, "文", uuid4(), NINE, date(2026, 11, 2), timedelta(days=-1, microseconds=3), Decimal("1.10"),
        [1, [2]], (1, (2,)), {1, 2}, frozenset({"a"}), {UUID(int=1): {"a": (Kind.GENERAL,)}}, Kind.GENERAL, ACT,
    ],
)  # fmt: skip
def test_every_kind_of_value_comes_back_as_it_was(value: object) -> None:
    tally = Tally.open()
    vars(tally)["value"] = value
    again = vars(aggregate_state.restore(Tally, aggregate_state.dump(tally)))["value"]
    assert again == value
    assert type(again) is type(value)


def test_a_value_nobody_foresaw_and_a_class_that_is_no_data_are_refused() -> None:
    tally = Tally.open()
    vars(tally)["value"] = object()
    with pytest.raises(TypeError):
        aggregate_state.dump(tally)
    with pytest.raises(TypeError):
        aggregate_state.restore(Tally, b'["dict", [["value", ["data", "subprocess:Popen", []]]]]')
