"""What a process keeps of the newest events, and a client that takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from application.feed.envelope import CaseEvent
from application.feed.feed import wanted
from infrastructure.feed import tail
from infrastructure.feed.tail import Kept
from interfaces.http.feed import stream
from interfaces.http.feed.stream import Stream

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
ALL: frozenset[str] = frozenset()


def event(position: int, topic: str = "issue.filed") -> CaseEvent:
    return CaseEvent("150785", position, UUID(int=position), 1, topic, 1, NOON, {})


def kept(*positions: int, begun: int, upto: int) -> Kept:
    one = Kept()
    one.begin(begun)
    one.add([event(position) for position in positions], upto)
    return one


def positions(window: Any) -> list[int]:
    return [one.position for one in window.events]


def test_what_is_kept_answers_within_its_bounds_and_leaves_the_rest_to_the_database() -> None:
    one = kept(12, 14, 15, begun=10, upto=16)
    whole = one.between(10, 16, 10, ALL)
    assert whole is not None
    assert (positions(whole), whole.upto) == ([12, 14, 15], 16)
    some = one.between(12, 16, 1, ALL)
    assert some is not None
    assert (positions(some), some.upto) == ([14], 14)
    part = one.between(10, 14, 10, ALL)
    assert part is not None
    assert (positions(part), part.upto) == ([12, 14], 14)
    assert one.between(9, 16, 10, ALL) is None
    assert one.between(10, 17, 10, ALL) is None


def test_what_is_kept_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "KEPT", 10)
    one = kept(begun=0, upto=0)
    for position in range(1, 101):
        one.add([event(position)], position)
        assert len(one._events) < 20
        found = one.between(max(0, position - 10), position, 100, ALL)
        assert found is not None
        assert positions(found) == [*range(max(0, position - 10) + 1, position + 1)]


@pytest.mark.parametrize(
    ("topics", "is_wanted"),
    [(set(), True), ({"issue.filed"}, True), ({"issue.*"}, True), ({"issue.file"}, False), ({"request.*"}, False)],
)
def test_a_topic_is_wanted_by_name_or_family(topics: set[str], is_wanted: bool) -> None:
    assert wanted("issue.filed", frozenset(topics)) is is_wanted


def test_a_client_that_takes_nothing_is_let_go_and_what_feeds_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STUCK_SECONDS", 0.05)
    made, closed = [0], []

    async def parts() -> AsyncGenerator[bytes]:
        try:
            while True:
                made[0] += 1
                yield b"x"
        finally:
            closed.append(True)

    async def serve() -> None:
        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        await Stream(parts())({"type": "http"}, receive, send)

    asyncio.run(serve())
    assert (made, closed) == ([1], [True])
