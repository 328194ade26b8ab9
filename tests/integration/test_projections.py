"""Read models: every topic has its rule, a batch counts once, shards agree, a newer event stops and loses nothing."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import psycopg
import pytest

from domain import issue_ties
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stage_times import StageClock
from domain.whistle import Whistle
from infrastructure.event_mapper import EventMapper, event_classes
from infrastructure.projections import board, fact_telling, issue_rules, request_rules, whistle_rules
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from infrastructure.projections.read_model import UnknownEvent
from tests import case_log, town
from tests.projecting import ask, projector, shown, with_projector
from tests.tampering import tamper

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
KINDS = event_classes((GridIssue, ResidentRequest, Whistle))
CLASSES = {topic: one for topic, one in KINDS.items() if not topic.endswith("created")}
BEGINS = {"issue": issue_rules.BEGIN, "request": request_rules.BEGIN, "whistle": whistle_rules.BEGIN}
MAPPER = EventMapper((GridIssue, ResidentRequest))


def test_every_topic_of_a_case_has_its_rule_and_no_rule_is_left_over() -> None:
    assert set(board.RULES) == set(CLASSES)
    whistles = {topic for topic in CLASSES if topic.startswith("whistle.")}
    assert set(fact_telling.RULES) == set(CLASSES) - fact_telling.SILENT - whistles
    assert set(CLASSES) > fact_telling.SILENT


def test_topics_of_the_registry_pass_by_and_an_unknown_one_of_a_case_does_not() -> None:
    for model in PROJECTIONS:
        assert not model.wants("grid.defined")
        assert model.wants("issue.filed")
        with pytest.raises(UnknownEvent):
            model.wants("issue.invented")


@pytest.mark.parametrize("topic", sorted(CLASSES))
def test_what_a_topic_changes_can_be_written(topic: str, database_url: str) -> None:
    stream = new_case_id(town.DISTRICT, NOON, b"12345678")
    begin = BEGINS[topic.partition(".")[0]]
    topics = [begin] if topic == begin else [begin, topic]
    events = [_sample(CLASSES[one], stream, nth) for nth, one in enumerate(topics, 1)]
    case_log.write(database_url, iter(events))
    with_projector(database_url, _catches_up)
    rows = shown(database_url)
    (row,) = rows["issues"] or rows["requests"] or rows["whistles"]
    assert row[0]["version"] == len(topics)
    assert [step[0]["topic"] for step in rows["timeline"]] == topics


def test_a_batch_counts_once(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(20))

    async def story(one: Projector) -> None:
        assert await one.catch_up() == len(PROJECTIONS) * newest
        assert await one.catch_up() == 0
        assert await one.position(town.DISTRICT, "board") == newest

    with_projector(database_url, story, batch=7)
    rows = shown(database_url)
    assert (len(rows["issues"]), len(rows["requests"]), len(rows["timeline"])) == (20, 20, newest)
    assert {row[0]["voices"] for row in rows["issues"]} == {1}


@pytest.mark.parametrize("how", [{"batch": 3}, {"batch": 50, "shards": 3}, {"shards": 4, "batch": 5}])
def test_batches_and_shards_of_any_size_end_equal(database_url: str, how: dict[str, int]) -> None:
    telling = case_log.Telling(seed=3)
    case_log.write(database_url, _with_mergers(telling))
    case_log.write(database_url, telling.whistle(NOON))
    with_projector(database_url, _catches_up)
    before = shown(database_url)
    assert any(row[0]["merged_into"] for row in before["issues"])
    assert any(row[0]["issue"] != row[0]["handled_in"] for row in before["requests"])
    ((whistle,),) = before["whistles"]
    assert (whistle["late"], whistle["absent"], whistle["awaited"]) == ([town.ROADS], [town.WATER], [town.WATER])
    assert {unit: one["stars"] for unit, one in whistle["ratings"].items()} == {town.ROADS: 3, town.WATER: 1}
    assert (whistle["caller_awaited"], whistle["stage"]) == (False, "ended")

    async def rebuilt(one: Projector) -> None:
        await one.rebuild()

    with_projector(database_url, rebuilt, **how, rebuild_batch=how["batch"])
    assert shown(database_url) == before


def test_a_request_follows_its_issue_through_mergers_and_back(database_url: str) -> None:
    telling = case_log.Telling()
    opened = list(telling.events(3, open_at_once=1_000))
    issues = [event.originator_id for event in opened if event.TOPIC == "issue.reported"]

    def then(*steps: tuple[UUID, type[Any], dict[str, Any]]) -> dict[UUID, UUID]:
        case_log.write(database_url, (telling.event(NOON, kind, {"id": who, **facts}) for who, kind, facts in steps))
        with_projector(database_url, _catches_up)
        return dict(ask(database_url, "SELECT issue, handled_in FROM served_request"))

    case_log.write(database_url, iter(opened))
    first, second, third = issues
    merged = then((first, issue_ties.MergedInto, {"into": second}), (second, issue_ties.MergedInto, {"into": third}))
    assert merged == {first: third, second: third, third: third}
    parted = then((second, issue_ties.Unmerged, {"into": third, "back_to": "filed"}))
    assert parted == {first: second, second: second, third: third}


def test_two_projectors_at_once_project_every_event_once(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(30))

    async def story() -> None:
        async with projector(database_url, batch=10) as one, projector(database_url, batch=10) as other:
            await asyncio.gather(*(each.catch_up() for each in (one, other, one, other)))
            await one.catch_up()
            assert await one.position(town.DISTRICT, "timeline") == newest

    asyncio.run(story())
    before = shown(database_url)
    assert len(before["timeline"]) == newest
    with_projector(database_url, lambda one: _rebuilds(one))
    assert shown(database_url) == before


def test_a_fault_of_the_program_stops_and_sets_nothing_aside(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(5))
    ask(database_url, "ALTER TABLE issue_board RENAME COLUMN lead TO head")

    async def story(one: Projector) -> None:
        with pytest.raises(psycopg.errors.UndefinedColumn):
            await one.catch_up()
        assert await one.position(town.DISTRICT, "board") == 0
        assert await one.position(town.DISTRICT, "timeline") == newest
        ask(database_url, "ALTER TABLE issue_board RENAME COLUMN head TO lead")
        await one.catch_up()
        assert await one.position(town.DISTRICT, "board") == newest
        assert await one.letters.shown() == []

    with_projector(database_url, story)


def test_an_event_of_a_newer_program_stops_right_before_it_and_sets_nothing_aside(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(5))
    ((topic,),) = ask(database_url, "SELECT topic FROM event WHERE position = 33")
    tamper(database_url, "UPDATE event SET topic = 'issue.invented' WHERE position = 33")
    tamper(database_url, "UPDATE event SET schema_version = 9 WHERE position = 44")

    async def story(one: Projector) -> None:
        with pytest.raises(UnknownEvent, match="invented"):
            await one.catch_up()
        assert await one.position(town.DISTRICT, "board") == 32
        tamper(database_url, "UPDATE event SET topic = %s WHERE position = 33", topic)
        with pytest.raises(UnknownEvent, match="version 9"):
            await one.catch_up()
        assert await one.position(town.DISTRICT, "board") == 43
        tamper(database_url, "UPDATE event SET schema_version = 1 WHERE position = 44")
        await one.catch_up()
        assert await one.position(town.DISTRICT, "board") == newest
        assert await one.letters.shown() == []

    with_projector(database_url, story)


async def _catches_up(one: Projector) -> None:
    await one.catch_up()


async def _rebuilds(one: Projector) -> None:
    await one.rebuild()


def _with_mergers(telling: case_log.Telling) -> Any:
    """Cases of which every third goes on in the one before it, and every ninth is parted again."""
    before: UUID | None = None
    for nth, event in enumerate(list(telling.events(40, open_at_once=30))):
        yield event
        if event.TOPIC == "issue.reported":
            if before and nth % 3 == 0:
                yield telling.event(event.timestamp, issue_ties.MergedInto, {"id": event.originator_id, "into": before})
                if nth % 9 == 0:
                    parted = {"id": event.originator_id, "into": before, "back_to": "reported"}
                    yield telling.event(event.timestamp, issue_ties.Unmerged, parted)
            before = event.originator_id


def _sample(event_class: Any, stream: UUID, version: int) -> Any:
    """An event of the class with a plausible value for every fact."""
    own: dict[str, Any] = {"back_to": "accepted"}
    own |= {"originator_id": stream, "originator_version": version, "originator_topic": event_class.TOPIC.split(".")[0]}
    clock = StageClock("accept", "1", 2, "work_hour", "office", "cn-2026.1", False, NOON, NOON)
    plain: dict[Any, Any] = {
        str: "x", int: 1, bool: True, datetime: NOON, UUID: uuid4(), list[str]: ["x"], list[StageClock]: [clock],
        dict[str, str]: {},
    }  # fmt: skip
    hints = get_type_hints(event_class)
    return event_class(**{one.name: own.get(one.name, plain.get(hints[one.name])) for one in fields(event_class)})
