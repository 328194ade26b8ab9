"""Read models: every topic has its query, every query runs, a batch counts once, a rebuild ends equal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import psycopg
import pytest

from application.command import Command
from application.ports import Recorded
from domain.actor import Act, Actor, Role
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from infrastructure.event_mapper import event_classes
from infrastructure.projections.projection import BOARD, CASE_TOPICS, PROJECTIONS
from interfaces.wiring import House, Settings, open_house
from tests import town

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
KINDS = event_classes((GridIssue, ResidentRequest))
CLASSES = {topic: one for topic, one in KINDS.items() if not topic.endswith("created")}
EVERYBODY = Actor("everybody", frozenset(Role), town.ROADS, (town.CITY,))


def test_every_topic_of_a_case_has_its_query_and_no_query_is_left_over() -> None:
    queries = {name for name in BOARD if not name.startswith("empty_")}
    assert queries == {topic.replace(".", "_") for topic in CLASSES}
    assert set(CLASSES) | {"issue.created", "request.created"} == CASE_TOPICS


@pytest.mark.parametrize("topic", sorted(CLASSES))
def test_the_queries_of_a_topic_run(topic: str, module_database_url: str) -> None:
    recorded = Recorded(1, _sample(CLASSES[topic]), NOON)
    with psycopg.connect(module_database_url) as connection:
        for projection in PROJECTIONS:
            for query, facts in projection.statements(town.DISTRICT, recorded):
                connection.execute(query, facts)
        connection.rollback()


def test_a_batch_counts_once_and_a_rebuild_ends_equal(database_url: str, tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await _tell(house)
        assert await house.projector.catch_up() > 0
        assert await house.projector.catch_up() == 0
        before = _everything(database_url)
        await house.projector.rebuild()
        assert _everything(database_url) == before
        assert all(before.values())

    _with_house(database_url, tmp_path, story)


def test_a_batch_that_fails_leaves_table_and_position_as_they_were(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(house: House) -> None:
        await _tell(house)
        monkeypatch.setitem(BOARD, "issue_filed", "UPDATE issue_board SET no_such_column = 1")
        with pytest.raises(psycopg.errors.UndefinedColumn):
            await house.projector.catch_up()
        assert await house.projector.position(town.DISTRICT, "board") == 0
        monkeypatch.undo()
        await house.projector.catch_up()
        assert await house.services.boards.position(town.DISTRICT) == 5

    _with_house(database_url, tmp_path, story)


def test_two_projectors_at_once_project_every_event_once(database_url: str, tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await _tell(house)
        await asyncio.gather(*(house.projector.catch_up() for _ in range(4)))
        await house.projector.catch_up()
        before = _everything(database_url)
        await house.projector.rebuild()
        assert _everything(database_url) == before

    _with_house(database_url, tmp_path, story)


async def _tell(house: House) -> None:
    """A request, an issue opened from it and filed."""
    services, act = house.services, Act(EVERYBODY, NOON)
    request = await services.requests.receive(
        Command(act), details={"text": "路灯不亮"}, kind=RequestKind.HELP, channel=Channel.HOTLINE, place=town.GRID,
        category=town.LAMPS,
    )  # fmt: skip
    issue = await services.requests.open_issue(request.id, Command(act, 1), grid=None, category="")
    await services.issues.file(issue.id, Command(act, 2), category=None)
    assert await services.logs.named(town.DISTRICT).last_position() == 5


def _everything(url: str) -> dict[str, list[Any]]:
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(query).fetchall()
            for table, query in {
                "issues": "SELECT to_jsonb(b) FROM issue_board b ORDER BY id",
                "requests": "SELECT to_jsonb(b) FROM request_board b ORDER BY id",
                "timeline": "SELECT to_jsonb(t) FROM timeline t ORDER BY log_id, position",
            }.items()
        }


def _with_house(url: str, folder: Path, story: Callable[[House], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with _town(url, folder) as house:
            await story(house)

    asyncio.run(run())


@asynccontextmanager
async def _town(url: str, folder: Path) -> AsyncIterator[House]:
    async with open_house(Settings(database_url=url, data_dir=folder)) as house:
        await town.build(house.services)
        yield house


def _sample(event_class: Any) -> Any:
    """An event of the class with a plausible value for every fact."""
    own = {"originator_id": new_case_id(town.DISTRICT, NOON, b"12345678"), "originator_version": 1}
    plain: dict[Any, Any] = {str: "x", int: 1, bool: True, datetime: NOON, UUID: uuid4(), list[str]: ["x"]}
    hints = get_type_hints(event_class)
    return event_class(**{one.name: own.get(one.name, plain.get(hints[one.name])) for one in fields(event_class)})
